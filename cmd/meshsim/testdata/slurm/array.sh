#!/usr/bin/env bash
# Makes the 1200 runs of gossip on Slurm, in an array of 64 tasks. Written by
# meshsim sweep --submit slurm.
#
# A task makes the runs of its shard that the store lacks. So whatever became of
# them, tasks may be submitted again, all or some:
#
#   sbatch array.sh
#   sbatch --array=7 array.sh
#
#SBATCH --array=1-64
#SBATCH "--output=/shared/ada/100%% of my runs/logs/%A_%a.log"

cd -- '/shared/ada/my runs' || exit 2

# Who ends a task tells all of its processes: meshsim keeps what it has and ends
# with 3, and this script has to outlive it.
trap : TERM

/shared/ada/bin/meshsim sweep gossip.yaml --set 'description=it'\''s $1' --shard "$SLURM_ARRAY_TASK_ID"/64
code=$?

# Slurm puts a task back into the queue that it takes from its node, or whose node
# is lost. Here goes back what was killed (128 and more: memory, kill -9) or was
# told to end though Slurm wants it to go on. What fails by itself (2: the
# scenario, 4: a run or the store) would fail again.
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
if ((code == 3 || code > 128)) && ((${SLURM_RESTART_COUNT:-0} < 3)) &&
	[[ $(squeue --noheader --jobs="$task" --format=%T) == RUNNING ]]; then
	echo "meshsim ended with $code; the task goes back into the queue" >&2
	scontrol requeue "$task" && sleep 60
fi
exit "$code"
