package main

import (
	"fmt"
	"strconv"
	"strings"

	"meshsim/scenarios/sweep"
)

// A task is how an engine tells a process which one of how many it is. Each field
// but the first is the name of a variable, or empty.
type task struct {
	engine string
	index  string // the number of this one
	count  string // how many there are

	// Arrays have numbers from the first to the last, in steps.
	first, last, step string
	from              int // the first number where no variable tells it
}

// tasks are those that --shard auto knows; the first one that is set counts. Jobs
// of CI engines may run on the others, so those come last.
var tasks = []task{
	{engine: "Slurm", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT",
		first: "SLURM_ARRAY_TASK_MIN", last: "SLURM_ARRAY_TASK_MAX", step: "SLURM_ARRAY_TASK_STEP", from: 1},
	{engine: "Kubernetes", index: "JOB_COMPLETION_INDEX"},
	{engine: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE"},
	{engine: "Google Batch", index: "BATCH_TASK_INDEX", count: "BATCH_TASK_COUNT"},
	{engine: "Cloud Run", index: "CLOUD_RUN_TASK_INDEX", count: "CLOUD_RUN_TASK_COUNT"},
	{engine: "SGE", index: "SGE_TASK_ID", first: "SGE_TASK_FIRST", last: "SGE_TASK_LAST", step: "SGE_TASK_STEPSIZE", from: 1},
	{engine: "PBS", index: "PBS_ARRAY_INDEX", from: 1},
	{engine: "Torque", index: "PBS_ARRAYID", from: 1},
	{engine: "LSF", index: "LSB_JOBINDEX", last: "LSB_JOBINDEX_END", step: "LSB_JOBINDEX_STEP", from: 1},
	{engine: "CircleCI", index: "CIRCLE_NODE_INDEX", count: "CIRCLE_NODE_TOTAL"},
	{engine: "Buildkite", index: "BUILDKITE_PARALLEL_JOB", count: "BUILDKITE_PARALLEL_JOB_COUNT"},
	{engine: "Semaphore", index: "SEMAPHORE_JOB_INDEX", count: "SEMAPHORE_JOB_COUNT", from: 1},
	{engine: "Azure Pipelines", index: "SYSTEM_JOBPOSITIONINPHASE", count: "SYSTEM_TOTALJOBSINPHASE", from: 1},
	{engine: "GitLab", index: "CI_NODE_INDEX", count: "CI_NODE_TOTAL", from: 1},
}

// shardOf reads --shard: i/n, auto or auto/n; empty for all.
func shardOf(text string, getenv func(string) string) (sweep.Shard, error) {
	index, total, slash := strings.Cut(text, "/")
	switch {
	case text == "":
		return sweep.Shard{}, nil
	case !slash && index != "auto":
		return sweep.Shard{}, usage("--shard: %q is no shard; write --shard 2/8 for the second of eight, or --shard auto", text)
	}
	n, err := strconv.Atoi(total)
	if slash && (err != nil || n < 1) {
		return sweep.Shard{}, usage("--shard %s: %q is not how many shards there can be; write --shard %s/8 for eight", text, total, index)
	}
	if index == "auto" {
		return autoShard(n, getenv)
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < 1 || i > n {
		return sweep.Shard{}, usage("--shard %s: there is no shard %q of %d, counted from 1; write --shard 2/8 for the second of eight", text, index, n)
	}
	return sweep.Shard{Index: i, Count: n}, nil
}

// autoShard asks the environment; total is 0 unless the user says how many there
// are.
func autoShard(total int, getenv func(string) string) (sweep.Shard, error) {
	for _, t := range tasks {
		index := getenv(t.index)
		if index == "" || index == "undefined" || t.engine == "LSF" && index == "0" { // SGE and LSF, of a job that is no array
			continue
		}
		s, err := t.shard(index, total, getenv)
		if err != nil {
			err = usage("--shard auto: %s says that this is task %s, %w", t.engine, index, err)
		}
		return s, err
	}
	return sweep.Shard{}, usage("--shard auto: no variable of Slurm, Kubernetes, AWS Batch or a CI tells which task this is; write --shard 2/8 for the second of eight")
}

// shard counts the task among those of its engine. Which one it is of how many is
// never guessed: runs that belong to no task would be missed only by the merge.
func (t *task) shard(index string, total int, getenv func(string) string) (sweep.Shard, error) {
	at, err := strconv.Atoi(index)
	if err != nil {
		return sweep.Shard{}, fmt.Errorf("which is no number")
	}
	number := func(name string, otherwise int) int {
		if v, err := strconv.Atoi(getenv(name)); err == nil {
			return v
		}
		return otherwise
	}
	first, step, told := number(t.first, t.from), max(number(t.step, 1), 1), number(t.count, 0)
	if last := number(t.last, first-1); last >= first {
		n := (last-first)/step + 1
		if told > 0 && told != n {
			return sweep.Shard{}, fmt.Errorf("and there are %d tasks with numbers from %d to %d, so some are left out; write --shard \"$%s\"/N with the number of shards", told, first, last, t.index)
		}
		told = n
	}
	switch {
	case told == 0 && total == 0:
		return sweep.Shard{}, fmt.Errorf("but not of how many; write --shard auto/8 for eight")
	case told > 0 && total > 0 && told != total:
		return sweep.Shard{}, fmt.Errorf("and that there are %d, not %d; write --shard \"$%s\"/%d if that is counted from 1", told, total, t.index, total)
	}
	s := sweep.Shard{Index: (at-first)/step + 1, Count: max(told, total)}
	if at < first || (at-first)%step != 0 || s.Index > s.Count {
		return sweep.Shard{}, fmt.Errorf("which is none of %d, counted from %d in steps of %d", s.Count, first, step)
	}
	return s, nil
}
