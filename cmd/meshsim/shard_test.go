package main

import (
	"strings"
	"testing"

	"meshsim/scenarios/sweep"
)

type env = map[string]string

// array is a Slurm array's task.
func array(id, first, last, step, count string) env {
	return env{"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_MIN": first, "SLURM_ARRAY_TASK_MAX": last, "SLURM_ARRAY_TASK_STEP": step, "SLURM_ARRAY_TASK_COUNT": count}
}

func TestShard(t *testing.T) {
	for _, c := range []struct {
		flag string
		env  env
		want sweep.Shard
		err  string
	}{
		{"", nil, sweep.Shard{}, ""},
		{"2/8", nil, sweep.Shard{Index: 2, Count: 8}, ""},
		{"2/8", array("5", "1", "9", "1", "9"), sweep.Shard{Index: 2, Count: 8}, ""},
		{"0/8", nil, sweep.Shard{}, `no shard "0" of 8, counted from 1`},
		{"9/8", nil, sweep.Shard{}, "no shard"},
		{"2", nil, sweep.Shard{}, "is no shard"},
		{"2/x", nil, sweep.Shard{}, `"x" is not how many shards`},
		{"2/0", nil, sweep.Shard{}, `"0" is not how many shards`},
		{"auto/", array("1", "1", "2", "1", "2"), sweep.Shard{}, `"" is not how many shards`},
		{"auto", nil, sweep.Shard{}, "write --shard 2/8"},

		{"auto", array("7", "3", "11", "4", "3"), sweep.Shard{Index: 2, Count: 3}, ""},
		{"auto", array("0", "0", "63", "1", "64"), sweep.Shard{Index: 1, Count: 64}, ""},
		{"auto/64", array("64", "1", "64", "1", "64"), sweep.Shard{Index: 64, Count: 64}, ""},
		{"auto", env{"SLURM_ARRAY_TASK_ID": "2", "SLURM_ARRAY_TASK_MAX": "4"}, sweep.Shard{Index: 2, Count: 4}, ""},
		// One task of an array again, or some: they do not know of the others.
		{"auto/64", array("7", "7", "7", "1", "1"), sweep.Shard{}, `says that this is task 7, and that there are 1, not 64; write --shard "$SLURM_ARRAY_TASK_ID"/64`},
		{"auto", array("7", "1", "9", "1", "3"), sweep.Shard{}, "there are 3 tasks with numbers from 1 to 9, so some are left out"},
		{"auto", array("x", "1", "9", "1", "9"), sweep.Shard{}, "task x, which is no number"},
		{"auto", array("4", "1", "9", "2", "5"), sweep.Shard{}, "which is none of 5, counted from 1 in steps of 2"},

		{"auto/4", env{"JOB_COMPLETION_INDEX": "3"}, sweep.Shard{Index: 4, Count: 4}, ""},
		{"auto", env{"JOB_COMPLETION_INDEX": "3"}, sweep.Shard{}, "Kubernetes says that this is task 3, but not of how many; write --shard auto/8"},
		{"auto/2", env{"JOB_COMPLETION_INDEX": "3"}, sweep.Shard{}, "counted from 0"},
		{"auto", env{"AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "4"}, sweep.Shard{Index: 1, Count: 4}, ""},
		{"auto", env{"BATCH_TASK_INDEX": "9", "BATCH_TASK_COUNT": "10"}, sweep.Shard{Index: 10, Count: 10}, ""},
		{"auto", env{"SGE_TASK_ID": "undefined", "CLOUD_RUN_TASK_INDEX": "1", "CLOUD_RUN_TASK_COUNT": "2"}, sweep.Shard{Index: 2, Count: 2}, ""},
		{"auto", env{"SGE_TASK_ID": "5", "SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "10", "SGE_TASK_STEPSIZE": "2"}, sweep.Shard{Index: 3, Count: 5}, ""},
		{"auto", env{"SGE_TASK_ID": "5", "SGE_TASK_LAST": "10"}, sweep.Shard{Index: 5, Count: 10}, ""},
		{"auto/3", env{"PBS_ARRAY_INDEX": "3"}, sweep.Shard{Index: 3, Count: 3}, ""},
		{"auto", env{"PBS_ARRAY_INDEX": "3"}, sweep.Shard{}, "but not of how many"},
		{"auto/3", env{"PBS_ARRAYID": "0"}, sweep.Shard{}, "which is none of 3, counted from 1"},
		{"auto", env{"LSB_JOBINDEX": "3", "LSB_JOBINDEX_END": "8", "LSB_JOBINDEX_STEP": "1"}, sweep.Shard{Index: 3, Count: 8}, ""},
		{"auto", env{"LSB_JOBINDEX": "0", "CI_NODE_INDEX": "2", "CI_NODE_TOTAL": "3"}, sweep.Shard{Index: 2, Count: 3}, ""},

		{"auto", env{"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, sweep.Shard{Index: 1, Count: 3}, ""},
		{"auto/4", env{"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, sweep.Shard{}, "that there are 3, not 4"},
		{"auto", env{"CIRCLE_NODE_INDEX": "0", "CIRCLE_NODE_TOTAL": "2"}, sweep.Shard{Index: 1, Count: 2}, ""},
		{"auto", env{"BUILDKITE_PARALLEL_JOB": "1", "BUILDKITE_PARALLEL_JOB_COUNT": "2"}, sweep.Shard{Index: 2, Count: 2}, ""},
		{"auto", env{"SEMAPHORE_JOB_INDEX": "1", "SEMAPHORE_JOB_COUNT": "2"}, sweep.Shard{Index: 1, Count: 2}, ""},
		{"auto", env{"SYSTEM_JOBPOSITIONINPHASE": "2", "SYSTEM_TOTALJOBSINPHASE": "2"}, sweep.Shard{Index: 2, Count: 2}, ""},
	} {
		got, err := shardOf(c.flag, func(k string) string { return c.env[k] })
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q with %v: %v, %v", c.flag, c.env, got, err)
		}
	}
}

// Whatever the numbers of an array are, its tasks are all shards.
func TestEveryTaskIsAShard(t *testing.T) {
	for _, c := range []struct{ first, last, step int }{{1, 64, 1}, {0, 9, 1}, {5, 5, 1}, {2, 20, 3}, {10, 40, 10}} {
		n := (c.last-c.first)/c.step + 1
		for i := range n {
			e := array(decimal(uint64(c.first+i*c.step)), decimal(uint64(c.first)), decimal(uint64(c.last)), decimal(uint64(c.step)), decimal(uint64(n)))
			if got, err := shardOf("auto", func(k string) string { return e[k] }); err != nil || got != (sweep.Shard{Index: i + 1, Count: n}) {
				t.Errorf("task %d of %+v: %v, %v", i, c, got, err)
			}
		}
	}
}
