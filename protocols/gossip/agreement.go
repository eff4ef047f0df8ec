package gossip

import (
	"slices"
	"time"

	"meshsim/protocols"
)

var stateMetrics = []protocols.MetricSpec{
	{Name: "agreement", Form: protocols.Series, Unit: "ratio", Goal: true, Better: protocols.Larger, Doc: "share of the live nodes that can read exactly the newest write of each key; of one write: that have it or a newer one of its key"},
	{Name: "agreement_time", Form: protocols.Sample, Unit: "s", Doc: "time from a write until all live nodes have it or a newer one of its key"},
}

// agreement follows the replicas. Who can read the newest state is told by
// digests; which write has come how far, by a bit for each node and write that
// has not come to all.
type agreement struct {
	warmup   protocols.Time
	newest   map[uint64]uint64 // by key: the newest packed version
	expected uint64            // digest of the newest state
	digests  []uint64          // by node: of what it can read
	nodes    map[uint64]int    // by digest: live nodes that can read it
	live     *census

	writes []*madeWrite // all
	open   []*madeWrite // those that have not come to all, in the same order
	byKey  map[uint64][]*madeWrite
	closed map[uint64]uint64 // by key: the newest packed version that has come to all
	goals  []float64
	levels []float64 // ascending: the goals and 1
}

// madeWrite is what is known of one write.
type madeWrite struct {
	item, version uint64
	at            protocols.Time
	holders       set
	count         int              // of holders that are up
	reached       []protocols.Time // by level, as many as were reached
}

func newAgreement(pc protocols.ProbeConfig, live *census) *agreement {
	a := &agreement{warmup: pc.Warmup, newest: map[uint64]uint64{}, digests: make([]uint64, pc.Nodes),
		nodes: map[uint64]int{0: live.count}, live: live, byKey: map[uint64][]*madeWrite{}, closed: map[uint64]uint64{}}
	a.goals = ascending(pc.Goals["agreement"])
	a.levels = ascending(append(slices.Clone(a.goals), 1))
	return a
}

// ascending returns a sorted copy without repetitions.
func ascending(list []float64) []float64 {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// written begins to follow a write and moves the newest state on.
func (a *agreement) written(o protocols.Observed) {
	if o.At >= a.warmup {
		a.follow(&madeWrite{item: o.Key, version: o.Value, at: o.At})
	}
	old, ok := a.newest[o.Key]
	if ok && old >= o.Value {
		return // two nodes wrote the key, and the other's write is the newer one
	}
	if ok {
		a.expected -= stateDigest(o.Key, old)
	}
	a.expected += stateDigest(o.Key, o.Value)
	a.newest[o.Key] = o.Value
}

// follow begins to follow a write. Who has a newer one of the key already, made
// by a node whose clock was ahead, will never apply this one: it has it from the
// start.
func (a *agreement) follow(w *madeWrite) {
	a.writes = append(a.writes, w)
	w.holders = newSet(len(a.digests))
	if closed, ok := a.closed[w.item]; ok && closed >= w.version {
		w.count = a.live.count
	} else if newer := a.nextNewer(w); newer != nil {
		copy(w.holders, newer.holders)
		w.count = newer.count
	}
	if !a.advance(w, w.at) {
		a.open = append(a.open, w)
		a.byKey[w.item] = append(a.byKey[w.item], w)
	}
}

// nextNewer is the oldest of the open writes of the key that are newer, if any.
func (a *agreement) nextNewer(w *madeWrite) (next *madeWrite) {
	for _, x := range a.byKey[w.item] {
		if x.version > w.version && (next == nil || x.version < next.version) {
			next = x
		}
	}
	return next
}

// applied gives a node a write, and with it all older ones of the key.
func (a *agreement) applied(o protocols.Observed) {
	done := false
	for _, w := range a.byKey[o.Key] {
		if w.version <= o.Value && !w.holders.has(o.Node) {
			w.holders.add(o.Node)
			w.count++
			done = a.advance(w, o.At) || done
		}
	}
	if done {
		a.close()
	}
}

// advance notes the levels that a write has reached and reports whether that is
// all of them.
func (a *agreement) advance(w *madeWrite, at protocols.Time) bool {
	for len(w.reached) < len(a.levels) && w.count >= needed(a.levels[len(w.reached)], a.live.count) {
		w.reached = append(w.reached, at)
	}
	return len(w.reached) == len(a.levels)
}

// close ends the observation of the writes that have come to all.
func (a *agreement) close() {
	over := func(w *madeWrite) bool { return len(w.reached) == len(a.levels) }
	for _, w := range a.open {
		if over(w) {
			w.holders = nil
			a.closed[w.item] = max(a.closed[w.item], w.version)
			a.byKey[w.item] = slices.DeleteFunc(a.byKey[w.item], over)
		}
	}
	a.open = slices.DeleteFunc(a.open, over)
}

// changed moves a live node to another state.
func (a *agreement) changed(id protocols.NodeID, digest uint64) {
	a.leave(id)
	a.digests[id] = digest
	a.nodes[digest]++
}

// leave takes a node out that is going down or to another state.
func (a *agreement) leave(id protocols.NodeID) {
	old := a.digests[id]
	if a.nodes[old]--; a.nodes[old] == 0 {
		delete(a.nodes, old)
	}
}

// resized follows the nodes that come, with an empty state, and go.
func (a *agreement) resized(id protocols.NodeID, up bool, at protocols.Time) {
	if up {
		a.digests[id] = 0
		a.nodes[0]++
	} else {
		a.leave(id)
	}
	for _, w := range a.open {
		if !up && w.holders.has(id) {
			w.holders.remove(id)
			w.count--
		}
		a.advance(w, at)
	}
	a.close()
}

// settled reports whether every write so far has reached all goals.
func (a *agreement) settled() bool {
	if len(a.goals) == 0 {
		return true
	}
	last, _ := slices.BinarySearch(a.levels, a.goals[len(a.goals)-1])
	return !slices.ContainsFunc(a.open, func(w *madeWrite) bool { return len(w.reached) <= last })
}

func (a *agreement) sample(at protocols.Time, out *protocols.Figures) {
	if len(a.newest) > 0 {
		out.Point("agreement", at, ratio(a.nodes[a.expected], a.live.count))
	}
}

func (a *agreement) finish(end protocols.Time, out *protocols.Figures) {
	for _, w := range a.writes {
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
