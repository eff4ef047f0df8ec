#!/usr/bin/env bash
# Puts the 1200 runs of gossip together when the array has ended, or names
# those that are missing. Written by meshsim sweep --submit slurm. It ends as meshsim
# does: 0 all holds, 1 something is violated, 5 undecided or not complete.
#
#SBATCH --time=1:00:00

cd -- '/shared/ada/my runs' || exit 2
exec /shared/ada/bin/meshsim merge gossip.yaml --set 'description=it'\''s $1'
