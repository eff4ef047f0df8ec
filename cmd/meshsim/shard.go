package main

import (
	"fmt"
	"strconv"
	"strings"

	"meshsim/scenarios/sweep"
)

// A task is how an engine tells a process which one of how many it is.
type task struct {
	engine string
	index  string // the variable with the number
	count  string // that with how many there are; may be empty
	first  int    // the smallest number
}

// tasks are those that --shard auto knows, the first one that is set counts.
// Slurm has a case of its own.
var tasks = []task{
	{"Kubernetes", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0},
	{"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", 0},
	{"Cloud Run", "CLOUD_RUN_TASK_INDEX", "CLOUD_RUN_TASK_COUNT", 0},
	{"GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", 1},
	{"CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", 0},
	{"Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", 0},
	{"SGE", "SGE_TASK_ID", "SGE_TASK_LAST", 1},
	{"PBS", "PBS_ARRAY_INDEX", "", 1},
	{"LSF", "LSB_JOBINDEX", "", 1},
}

// shardOf reads --shard: i/n, auto or auto/n; empty for all.
func shardOf(text string, getenv func(string) string) (sweep.Shard, error) {
	index, total, slash := strings.Cut(text, "/")
	switch {
	case text == "":
		return sweep.Shard{}, nil
	case index == "auto":
		return autoShard(total, slash, getenv)
	case !slash:
		return sweep.Shard{}, usage("--shard: %q is no shard; write --shard 2/8 for the second of eight, or --shard auto", text)
	}
	return newShard("--shard "+text, index, total, 1)
}

// newShard makes a shard of the texts of its number, counted from first, and of
// how many there are.
func newShard(what, index, total string, first int) (sweep.Shard, error) {
	i, err := strconv.Atoi(index)
	n, err2 := strconv.Atoi(total)
	i += 1 - first
	if err != nil || err2 != nil || n < 1 || i < 1 || i > n {
		return sweep.Shard{}, usage("%s: there is no shard %q of %q, counted from %d; write --shard 2/8 for the second of eight", what, index, total, first)
	}
	return sweep.Shard{Index: i, Count: n}, nil
}

func autoShard(total string, given bool, getenv func(string) string) (sweep.Shard, error) {
	if id := getenv("SLURM_ARRAY_TASK_ID"); id != "" {
		return slurmShard(id, total, given, getenv)
	}
	for _, t := range tasks {
		index := getenv(t.index)
		if index == "" || index == "undefined" {
			continue
		}
		if !given && t.count != "" {
			total = getenv(t.count)
		}
		if total == "" {
			return sweep.Shard{}, usage("--shard auto: %s tells that this is task %s, but not of how many; write --shard auto/8 for eight", t.engine, index)
		}
		return newShard(fmt.Sprintf("--shard auto (%s)", t.engine), index, total, t.first)
	}
	return sweep.Shard{}, usage("--shard auto: no variable of Slurm, Kubernetes, AWS Batch or a CI tells which task this is; write --shard 2/8 for the second of eight")
}

// slurmShard counts the tasks of an array from its smallest number in its steps.
func slurmShard(id, total string, given bool, getenv func(string) string) (sweep.Shard, error) {
	number := func(name string, otherwise int) int {
		if v, err := strconv.Atoi(getenv(name)); err == nil {
			return v
		}
		return otherwise
	}
	low, step := number("SLURM_ARRAY_TASK_MIN", 1), max(number("SLURM_ARRAY_TASK_STEP", 1), 1)
	at, err := strconv.Atoi(id)
	if err != nil {
		return sweep.Shard{}, usage("--shard auto (Slurm): SLURM_ARRAY_TASK_ID is %q, no number", id)
	}
	if !given {
		total = strconv.Itoa((number("SLURM_ARRAY_TASK_MAX", at)-low)/step + 1)
	}
	return newShard("--shard auto (Slurm)", strconv.Itoa((at-low)/step+1), total, 1)
}
