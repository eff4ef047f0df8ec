package sim

import (
	"slices"
	"time"
)

// timeline is the list of control instants: when faults begin and end, samples
// are taken, and work is planned. It is fixed by the scenario alone.
type timeline struct {
	actions []action
	count   int
}

type action struct {
	at    int64
	rank  actionRank
	order int // of declaration
	do    func(at int64)
}

// actionRank orders the actions of an instant: a sample sees what was before
// it, and a fault that ends makes room for one that begins.
type actionRank uint8

const (
	rankSample actionRank = iota
	rankEnd
	rankBegin
)

func (a action) compare(b action) int {
	switch {
	case a.at != b.at:
		return cmpInt(a.at, b.at)
	case a.rank != b.rank:
		return int(a.rank) - int(b.rank)
	}
	return a.order - b.order
}

func cmpInt(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// add plans an action.
func (t *timeline) add(at int64, rank actionRank, do func(at int64)) {
	t.count++
	a := action{at, rank, t.count, do}
	i, _ := slices.BinarySearchFunc(t.actions, a, action.compare)
	t.actions = slices.Insert(t.actions, i, a)
}

// next is the time of the next action, never if there is none.
func (t *timeline) next() int64 {
	if len(t.actions) == 0 {
		return never
	}
	return t.actions[0].at
}

// do carries out all actions of the instant.
func (t *timeline) do(at int64) {
	for len(t.actions) > 0 && t.actions[0].at == at {
		a := t.actions[0]
		t.actions = slices.Delete(t.actions, 0, 1)
		a.do(at)
	}
}

// planFaults puts the faults on the timeline.
func (k *kernel) planFaults() {
	for i := range k.cfg.Faults {
		f := &k.cfg.Faults[i]
		k.planStrike(f, int64(f.At), 0)
	}
}

// planStrike plans a stroke of a fault; when it comes, the next one is planned.
func (k *kernel) planStrike(f *Fault, at int64, count int) {
	if at >= k.end {
		return
	}
	k.timeline.add(at, rankBegin, func(at int64) {
		until := k.end
		if f.For > 0 {
			until = min(until, at+int64(f.For))
		}
		k.strike(f, at, until, count)
		if f.Every > 0 {
			k.planStrike(f, at+int64(f.Every), count+1)
		}
	})
}

// planSamples puts the sampling instants on the timeline.
func (k *kernel) planSamples(at int64) {
	if at > k.end {
		return
	}
	k.timeline.add(at, rankSample, func(at int64) {
		k.sample(at)
		k.planSamples(at + int64(k.cfg.Sample))
	})
}

// remember notes when a fault was in force.
func (k *kernel) remember(f *Fault, verb string, from, to int64, nodes int) {
	k.result.Spans = append(k.result.Spans, FaultSpan{Name: f.Name, Verb: verb,
		From: time.Duration(from), To: time.Duration(to), Nodes: nodes})
}
