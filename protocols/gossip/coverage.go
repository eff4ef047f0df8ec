package gossip

import (
	"math"
	mathbits "math/bits"
	"slices"
	"time"

	"meshsim/protocols"
)

// coverage follows each rumor to the nodes: a bit for each node and rumor, so
// that a million nodes and one rumor, or a thousand and ten thousand, are cheap.
// A rumor that is older than the retention is retired: its figures are final.
type coverage struct {
	Config
	nodes, members int
	warmup         protocols.Time
	goals          []float64 // ascending
	levels         []float64 // goals and those always timed, ascending
	need           []int     // by level: holders that it takes now
	live           int

	active  []*spreading // in the order of publishing
	byID    map[ID]*spreading
	latest  *spreading // most deliveries belong to it
	retired []*spreading

	latencies histogram
}

// spreading is what is known of one rumor.
type spreading struct {
	id      ID
	at      protocols.Time
	holders set
	count   int              // of holders that are up
	reached []protocols.Time // by level; as many as were reached

	deliveries uint64
	latency    time.Duration // sum over the deliveries
	last       protocols.Time
	residue    float64 // once retired
}

func newCoverage(c Config, pc protocols.ProbeConfig) *coverage {
	v := &coverage{Config: c, nodes: pc.Nodes, members: len(pc.Members), warmup: pc.Warmup, byID: map[ID]*spreading{}}
	v.goals = ascending(pc.Goals["coverage"])
	v.levels = slices.Clone(v.goals)
	for _, l := range convergence {
		v.levels = append(v.levels, l.level)
	}
	v.levels = ascending(v.levels)
	v.need = make([]int, len(v.levels))
	v.resize(0, v.members)
	return v
}

// resize sets the number of live nodes, which moves all levels.
func (v *coverage) resize(at protocols.Time, live int) {
	v.live = live
	for i, level := range v.levels {
		v.need[i] = needed(level, live)
	}
	for _, r := range v.active {
		v.advance(r, at)
	}
}

// advance notes the levels that the rumor has reached. A level once reached
// stays so, whatever happens to the holders.
func (v *coverage) advance(r *spreading, at protocols.Time) {
	for len(r.reached) < len(v.levels) && r.count >= v.need[len(r.reached)] {
		r.reached = append(r.reached, at)
	}
}

func (v *coverage) published(o protocols.Observed, live int) {
	id := ID(o.Key)
	if o.At < v.warmup || v.byID[id] != nil {
		return
	}
	r := &spreading{id: id, at: o.At, last: o.At, count: 1, holders: newSet(v.nodes)}
	r.holders.add(o.Node)
	v.byID[id], v.latest = r, r
	v.active = append(v.active, r)
	v.advance(r, o.At)
}

func (v *coverage) delivered(o protocols.Observed) {
	r := v.latest
	if r == nil || r.id != ID(o.Key) {
		if r = v.byID[ID(o.Key)]; r == nil {
			return // published before the warmup was over, or retired
		}
		v.latest = r
	}
	r.last = o.At
	r.deliveries++
	r.latency += time.Duration(o.At - r.at)
	v.latencies.add(int64(o.At - r.at))
	if !r.holders.has(o.Node) {
		r.holders.add(o.Node)
		r.count++
		v.advance(r, o.At)
	}
}

// down takes all rumors from a node that crashed.
func (v *coverage) down(id protocols.NodeID) {
	for _, r := range v.active {
		if r.holders.has(id) {
			r.holders.remove(id)
			r.count--
		}
	}
}

// needed is the number of nodes that make up a level. No node may be missing
// but for rounding.
func needed(level float64, live int) int { return int(math.Ceil(float64(level*float64(live)) - 1e-6)) }

// ratio is a part of a number of nodes, 0 of none.
func ratio(part, nodes int) float64 {
	if nodes == 0 {
		return 0
	}
	return float64(part) / float64(nodes)
}

func (v *coverage) sample(at protocols.Time, out *protocols.Figures) {
	for len(v.active) > 0 && time.Duration(at-v.active[0].at) > v.Retention {
		v.retire()
	}
	if len(v.active) == 0 {
		return
	}
	sum := 0.0
	for _, r := range v.active {
		sum += ratio(r.count, v.live)
	}
	out.Point("coverage", at, sum/float64(len(v.active)))
}

// retire ends the observation of the oldest rumor.
func (v *coverage) retire() {
	r := v.active[0]
	v.active[0] = nil
	v.active = v.active[1:]
	delete(v.byID, r.id)
	if v.latest == r {
		v.latest = nil
	}
	r.residue = 1 - ratio(r.count, v.live)
	r.holders = nil
	v.retired = append(v.retired, r)
}

// settled reports whether every rumor so far has reached all goals.
func (v *coverage) settled() bool {
	for _, list := range [][]*spreading{v.retired, v.active} {
		for _, r := range list {
			if len(v.goals) > 0 && !r.has(v.levels, v.goals[len(v.goals)-1]) {
				return false
			}
		}
	}
	return true
}

// has reports whether the rumor has reached a level of those in levels.
func (r *spreading) has(levels []float64, level float64) bool {
	i, _ := slices.BinarySearch(levels, level)
	return i < len(r.reached)
}

// finish adds the figures of each rumor, in the order of publishing.
func (v *coverage) finish(t protocols.RunTotals, out *protocols.Figures) {
	for len(v.active) > 0 {
		v.retire()
	}
	for _, r := range v.retired {
		v.report(r, t.At, out)
	}
	v.totals(t, out)
}

func (v *coverage) report(r *spreading, end protocols.Time, out *protocols.Figures) {
	item := func(metric string, value float64, censored bool) {
		out.Items = append(out.Items, protocols.Item{Metric: metric, At: r.at, Value: value, Censored: censored})
	}
	for _, c := range convergence {
		at, ok := v.when(r, c.level, end)
		item(c.metric, seconds(time.Duration(at-r.at)), !ok)
	}
	all, ok := v.when(r, 1, end)
	item("rounds", v.rounds(r.at, all), !ok)
	item("t_last", v.rounds(r.at, r.last), false)
	item("residue", r.residue, false)
	if r.deliveries > 0 {
		item("delivery_latency", seconds(r.latency)/float64(r.deliveries), false)
	}
	for _, level := range v.goals {
		at, ok := v.when(r, level, end)
		out.Reached = append(out.Reached, protocols.Reached{
			Metric: "coverage", Level: level, Item: uint64(r.id), Since: r.at, After: time.Duration(at - r.at), OK: ok})
	}
}

// when is the instant at which the rumor reached a level, else the end.
func (v *coverage) when(r *spreading, level float64, end protocols.Time) (at protocols.Time, ok bool) {
	i, _ := slices.BinarySearch(v.levels, level)
	if i < len(r.reached) {
		return r.reached[i], true
	}
	return end, false
}

// rounds is a time in intervals, or in cycles that began.
func (v *coverage) rounds(from, to protocols.Time) float64 {
	if v.Phase == "synchronous" {
		return float64(v.cycleAt(to) - v.cycleAt(from))
	}
	return float64(to-from) / float64(v.Interval)
}

func (v *coverage) totals(t protocols.RunTotals, out *protocols.Figures) {
	deliveries := t.Observations[Delivered].Count
	out.Scalar("deliveries", t.At, float64(deliveries))
	out.Scalar("redundant_deliveries", t.At, float64(t.Observations[Redundant].Sum))
	if n := t.Observations[Published].Count; n > 0 {
		out.Scalar("updates_per_node", t.At, float64(t.Observations[Copies].Sum)/float64(n*uint64(v.members)))
	}
	if deliveries > 0 {
		var sent protocols.Total
		for k := KindPush; k <= KindFeedback; k++ {
			sent.Count += t.Messages[k].Count
			sent.Sum += t.Messages[k].Sum
		}
		out.Scalar("messages_per_delivery", t.At, float64(sent.Count)/float64(deliveries))
		out.Scalar("bytes_per_delivery", t.At, float64(sent.Sum)/float64(deliveries))
	}
	if v.latencies.n > 0 {
		out.Scalar("delivery_latency_p50", t.At, seconds(v.latencies.quantile(50)))
		out.Scalar("delivery_latency_p99", t.At, seconds(v.latencies.quantile(99)))
		out.Scalar("delivery_latency_max", t.At, seconds(time.Duration(v.latencies.max)))
	}
}

// histogram counts times in buckets that grow with the value: 32 each power of
// two, so a quantile is too high by less than 1/32 of itself.
type histogram struct {
	counts [60 * 32]uint64
	n      uint64
	max    int64
}

func (h *histogram) add(ns int64) {
	h.counts[bucketOf(ns)]++
	h.n++
	h.max = max(h.max, ns)
}

func bucketOf(ns int64) int {
	shift := max(mathbits.Len64(uint64(max(ns, 0)))-6, 0)
	return shift*32 + int(max(ns, 0)>>shift)
}

// quantile returns a time that so many percent of those counted do not exceed.
func (h *histogram) quantile(percent uint64) time.Duration {
	rank := (h.n*percent + 99) / 100
	for b, c := range h.counts {
		if c >= rank {
			shift := max(b/32-1, 0)
			top := int64(b-shift*32+1)<<shift - 1
			return time.Duration(min(top, h.max))
		}
		rank -= c
	}
	panic("gossip: histogram counts do not sum to n")
}
