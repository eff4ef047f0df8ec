package main

import (
	"strings"
	"testing"

	"meshsim/scenarios/sweep"
)

func TestShard(t *testing.T) {
	type env = map[string]string
	slurm := env{"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_MIN": "3", "SLURM_ARRAY_TASK_MAX": "11", "SLURM_ARRAY_TASK_STEP": "4"}
	for _, c := range []struct {
		flag string
		env  env
		want sweep.Shard
		err  string
	}{
		{"", nil, sweep.Shard{}, ""},
		{"2/8", nil, sweep.Shard{Index: 2, Count: 8}, ""},
		{"auto", slurm, sweep.Shard{Index: 2, Count: 3}, ""},
		{"auto/9", slurm, sweep.Shard{Index: 2, Count: 9}, ""},
		{"auto", env{"AWS_BATCH_JOB_ARRAY_INDEX": "0", "AWS_BATCH_JOB_ARRAY_SIZE": "4"}, sweep.Shard{Index: 1, Count: 4}, ""},
		{"auto/4", env{"JOB_COMPLETION_INDEX": "3"}, sweep.Shard{Index: 4, Count: 4}, ""},
		{"auto", env{"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}, sweep.Shard{Index: 1, Count: 3}, ""},
		{"auto", env{"SGE_TASK_ID": "undefined", "CLOUD_RUN_TASK_INDEX": "1", "CLOUD_RUN_TASK_COUNT": "2"}, sweep.Shard{Index: 2, Count: 2}, ""},
		{"auto", env{"JOB_COMPLETION_INDEX": "3"}, sweep.Shard{}, "write --shard auto/8"},
		{"auto", nil, sweep.Shard{}, "write --shard 2/8"},
		{"0/8", nil, sweep.Shard{}, `no shard "0" of "8", counted from 1`},
		{"9/8", nil, sweep.Shard{}, "no shard"},
		{"2", nil, sweep.Shard{}, "is no shard"},
		{"auto/2", env{"JOB_COMPLETION_INDEX": "3"}, sweep.Shard{}, "counted from 0"},
	} {
		got, err := shardOf(c.flag, func(k string) string { return c.env[k] })
		if got != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%q with %v: %v, %v", c.flag, c.env, got, err)
		}
	}
}
