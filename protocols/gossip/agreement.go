package gossip

import (
	"slices"
	"time"

	"meshsim/protocols"
)

var stateMetrics = []protocols.MetricSpec{
	{Name: "agreement", Form: protocols.Series, Unit: "ratio", Goal: true, Doc: "share of the live nodes that can read exactly the newest write of each key; of a write: after it was made"},
	{Name: "agreement_time", Form: protocols.Sample, Unit: "s", Doc: "time from a write until all live nodes can read exactly the newest write of each key"},
}

// agreement follows the replicas: who can read the newest state. It compares
// digests, so that it costs a few steps for each write and node.
type agreement struct {
	warmup   protocols.Time
	newest   map[uint64]uint64 // by key: the newest packed version
	expected uint64            // digest of the newest state
	digests  []uint64          // by node: of what it can read
	nodes    map[uint64]int    // by digest: live nodes that can read it
	live     *census

	writes []madeWrite
	levels []float64 // ascending, the last is 1
	goals  []float64
	open   []int // by level: writes before that one have reached it
}

type madeWrite struct {
	item    uint64
	at      protocols.Time
	reached []protocols.Time // by level, as many as were reached
}

func newAgreement(pc protocols.ProbeConfig, live *census) *agreement {
	a := &agreement{warmup: pc.Warmup, newest: map[uint64]uint64{}, digests: make([]uint64, pc.Nodes),
		nodes: map[uint64]int{0: live.count}, live: live}
	a.goals = ascending(pc.Goals["agreement"])
	a.levels = ascending(append(slices.Clone(a.goals), 1))
	a.open = make([]int, len(a.levels))
	return a
}

// ascending returns a sorted copy without repetitions.
func ascending(list []float64) []float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// written moves the newest state on.
func (a *agreement) written(o protocols.Observed) {
	old, ok := a.newest[o.Key]
	if ok && old >= o.Value {
		return // two nodes wrote the key, and the other's write is the newer one
	}
	if ok {
		a.expected -= stateDigest(o.Key, old)
	}
	a.expected += stateDigest(o.Key, o.Value)
	a.newest[o.Key] = o.Value
	if o.At >= a.warmup {
		a.writes = append(a.writes, madeWrite{item: o.Key, at: o.At})
	}
}

// changed moves a live node to another state.
func (a *agreement) changed(id protocols.NodeID, digest uint64, at protocols.Time) {
	a.leave(id)
	a.digests[id] = digest
	a.nodes[digest]++
	a.advance(at)
}

// leave takes a node out that is going down or to another state.
func (a *agreement) leave(id protocols.NodeID) {
	old := a.digests[id]
	if a.nodes[old]--; a.nodes[old] == 0 {
		delete(a.nodes, old)
	}
}

// resized follows the nodes that come and go; a node comes with an empty state.
func (a *agreement) resized(id protocols.NodeID, up bool, at protocols.Time) {
	if up {
		a.digests[id] = 0
		a.nodes[0]++
	} else {
		a.leave(id)
	}
	a.advance(at)
}

// advance notes for all writes made so far the levels that are reached now.
func (a *agreement) advance(at protocols.Time) {
	for i, level := range a.levels {
		if a.nodes[a.expected] < needed(level, a.live.count) {
			return
		}
		for w := a.open[i]; w < len(a.writes); w++ {
			a.writes[w].reached = append(a.writes[w].reached, at)
		}
		a.open[i] = len(a.writes)
	}
}

func (a *agreement) settled() bool {
	for i, level := range a.levels {
		if slices.Contains(a.goals, level) && a.open[i] < len(a.writes) {
			return false
		}
	}
	return true
}

func (a *agreement) sample(at protocols.Time, out *protocols.Figures) {
	if len(a.newest) > 0 {
		out.Point("agreement", at, ratio(a.nodes[a.expected], a.live.count))
	}
}

func (a *agreement) finish(end protocols.Time, out *protocols.Figures) {
	for i := range a.writes {
		w := &a.writes[i]
		at, ok := w.when(a.levels, 1, end)
		out.Items = append(out.Items, protocols.Item{Metric: "agreement_time", At: w.at, Value: seconds(time.Duration(at - w.at)), Censored: !ok})
		for _, level := range a.goals {
			at, ok := w.when(a.levels, level, end)
			out.Reached = append(out.Reached, protocols.Reached{Metric: "agreement", Level: level, Item: w.item,
				Since: w.at, After: time.Duration(at - w.at), OK: ok})
		}
	}
}

func (w *madeWrite) when(levels []float64, level float64, end protocols.Time) (at protocols.Time, ok bool) {
	i, _ := slices.BinarySearch(levels, level)
	if i < len(w.reached) {
		return w.reached[i], true
	}
	return end, false
}
