package main

import templates "text/template"

// arrayScript is the job of a shard. A number of a task is written with that of
// its array: alone, the number of one task is that of the whole array, too.
var arrayScript = templates.Must(templates.New("array").Parse(`#!/usr/bin/env bash
# Makes the {{.Total}} runs of {{.Name}} on Slurm, in an array of {{.Shards}} tasks. Written by
# meshsim sweep --submit slurm.
#
# A task makes the runs of its shard that the store lacks. So whatever became of
# them, tasks may be submitted again, all or some:
#
#   sbatch array.sh
#   sbatch --array=7 array.sh
#
{{range .Array}}#SBATCH {{.}}
{{end}}
cd -- {{.Dir}} || exit 2

# Who ends a task tells all of its processes: meshsim keeps what it has and ends
# with 3, and this script has to outlive it.
trap : TERM

{{.Sweep}}
code=$?

# Slurm puts a task back into the queue that it takes from its node, or whose node
# is lost. Here goes back what was killed (128 and more: memory, kill -9) or was
# told to end though Slurm wants it to go on. What fails by itself (2: the
# scenario, 4: a run or the store) would fail again.
task=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
if ((code == 3 || code > 128)) && ((${SLURM_RESTART_COUNT:-0} < {{.Restarts}})) &&
	[[ $(squeue --noheader --jobs="$task" --format=%T) == RUNNING ]]; then
	echo "meshsim ended with $code; the task goes back into the queue" >&2
	scontrol requeue "$task" && sleep 60
fi
exit "$code"
`))

// mergeScript is the job that follows the array. It runs however that ended:
// either all runs are there, or it names those that are missing.
var mergeScript = templates.Must(templates.New("merge").Parse(`#!/usr/bin/env bash
# Puts the {{.Total}} runs of {{.Name}} together when the array has ended, or names
# those that are missing. Written by meshsim sweep --submit slurm. It ends as meshsim
# does: 0 all holds, 1 something is violated, 5 undecided or not complete.
#
{{range .Merging}}#SBATCH {{.}}
{{end}}
cd -- {{.Dir}} || exit 2
exec {{.Merge}}
`))
