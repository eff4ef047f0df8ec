package main

import (
	"slices"
	"time"

	"meshsim/scenarios/sweep"
)

// Estimates of a plan are good to a small factor, and a job that asks for too
// little is killed. So a shard asks for more: twice the memory that its runs
// need at once, besides that of the program, and four times the time, besides
// that of an engine which is slow to start things.
const (
	memoryFactor = 2
	memoryBase   = 256 << 20
	timeFactor   = 4
	timeBase     = 10 * time.Minute
)

// What a shard asks for is rounded up to a multiple of these.
const (
	memoryStep = 64 << 20
	timeStep   = 5 * time.Minute
)

// cores are those of one shard: one, unless the user says so.
func (w *sweeping) cores() int {
	if w.changed("workers") {
		return w.workers
	}
	return 1
}

// shardMemory is what a shard asks for, in bytes.
func (w *sweeping) shardMemory() int64 {
	if w.submit.memory > 0 {
		return int64(w.submit.memory)
	}
	most := uint64(0)
	for i := range w.plan.Points {
		most = max(most, w.plan.Points[i].Bytes)
	}
	return roundUp(int64(memoryFactor*most)*int64(w.cores())+memoryBase, memoryStep)
}

// mergeMemory is what the merge asks for: it reads all runs.
func (w *sweeping) mergeMemory() int64 {
	const run = 64 << 10
	return roundUp(int64(len(w.plan.Runs()))*run+memoryBase, memoryStep)
}

// shardTime is what a shard asks for: as long as the longest of them may take.
func (w *sweeping) shardTime() time.Duration {
	if w.submit.limit > 0 {
		return w.submit.limit
	}
	events := make([]float64, w.submit.shards)
	w.eachRun(func(shard int, r sweep.Run) { events[shard] += float64(r.Events) })
	seconds := float64(timeFactor*slices.Max(events)) / eventsPerSecond / float64(w.cores())
	return time.Duration(roundUp(int64(seconds)*int64(time.Second)+int64(timeBase), int64(timeStep)))
}

// eachRun tells of each run which shard makes it, from 0. Shards of a sweep with
// precision have whole points, whose runs are the most that there can be.
func (w *sweeping) eachRun(f func(shard int, r sweep.Run)) {
	if !w.plan.Sequential() {
		for i, r := range w.plan.Runs() {
			f(i%w.submit.shards, r)
		}
		return
	}
	for i, at := range w.plan.Points {
		for _, r := range at.Runs {
			f(i%w.submit.shards, r)
		}
	}
}

func roundUp(n, step int64) int64 { return (n + step - 1) / step * step }

// mebibytes is a size in the unit that engines write as M or Mi.
func mebibytes(n int64) int64 { return roundUp(n, 1<<20) >> 20 }
