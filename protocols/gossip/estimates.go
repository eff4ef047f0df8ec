package gossip

import (
	"math"

	"meshsim/protocols"
)

var aggregateMetrics = []protocols.MetricSpec{
	{Name: "estimate_error", Form: protocols.Series, Unit: "ratio", Doc: "distance of a live node's estimate from the true aggregate of the live nodes, as a part of that, as the mean over nodes"},
	{Name: "estimate_variance", Form: protocols.Series, Unit: "1", Doc: "variance of the live nodes' estimates"},
	{Name: "variance_ratio", Form: protocols.Sample, Unit: "ratio", Doc: "variance of the estimates after a cycle over that before it, as the geometric mean over the first 15 cycles of an epoch; 1/(2·sqrt(e)) for push-pull averaging with random partners"},
	{Name: "epoch_error", Form: protocols.Sample, Unit: "ratio", Doc: "estimate_error at the end of an epoch"},
}

// Cycles over which variance_ratio is taken: later the fixed-point arithmetic
// would show.
const ratioCycles = 15

// estimates follows what the nodes think the aggregate is.
type estimates struct {
	Aggregation
	live   *census
	warmup protocols.Time
	nodes  []opinion

	epoch   int64
	began   protocols.Time // of the epoch: when the first node began it
	cycles  int            // boundaries of cycles passed, the beginning included
	begun   bool
	spreads [ratioCycles + 1]float64 // variance at each boundary
	items   []protocols.Item
}

// opinion is what is known of one node.
type opinion struct {
	local    int64
	has      bool // an estimate
	epoch    int64
	estimate float64
}

func newEstimates(a Aggregation, pc protocols.ProbeConfig, live *census) *estimates {
	return &estimates{Aggregation: a, live: live, warmup: pc.Warmup, nodes: make([]opinion, pc.Nodes)}
}

func (v *estimates) observe(o protocols.Observed) {
	v.pass(o.At)
	x := &v.nodes[o.Node]
	if o.Kind == Local {
		x.local = int64(o.Value)
		return
	}
	if epoch := int64(o.Key); !v.begun || epoch > v.epoch {
		v.end()
		v.epoch, v.began, v.cycles, v.begun = epoch, o.At, 0, true
	}
	x.has, x.epoch, x.estimate = true, int64(o.Key), float64(int64(o.Value))/scale
}

// down takes a node's opinion away.
func (v *estimates) down(id protocols.NodeID, at protocols.Time) {
	v.pass(at)
	v.nodes[id] = opinion{}
}

// pass takes the variance at each boundary of cycles before at. The first one is
// taken once all have begun the epoch, that is, after the instant at which they
// do; the others before anything happens at their instant.
func (v *estimates) pass(at protocols.Time) {
	for v.begun && v.cycles <= v.length() {
		boundary := v.began + protocols.Time(v.cycles)*protocols.Time(v.Interval)
		if at < boundary || at == boundary && v.cycles == 0 {
			return
		}
		if v.cycles < len(v.spreads) {
			v.spreads[v.cycles] = v.variance()
		}
		v.cycles++
	}
}

// length is the number of cycles of an epoch that are of interest.
func (v *estimates) length() int {
	if v.Epoch == 0 {
		return ratioCycles
	}
	return v.Epoch
}

// end closes an epoch.
func (v *estimates) end() {
	if !v.begun || v.began < v.warmup {
		return
	}
	if v.Function == "average" && v.spreads[0] > 0 && v.cycles > min(ratioCycles, v.length()) {
		cycles := min(v.cycles, len(v.spreads)) - 1
		for v.spreads[cycles] < floor*v.spreads[0] {
			cycles-- // all digits are used up
		}
		if cycles > 0 {
			ratio := root(v.spreads[cycles]/v.spreads[0], cycles)
			v.items = append(v.items, protocols.Item{Metric: "variance_ratio", At: v.began, Value: ratio})
		}
	}
	if e, ok := v.meanError(); ok && v.Epoch > 0 && v.cycles > v.Epoch {
		v.items = append(v.items, protocols.Item{Metric: "epoch_error", At: v.began, Value: e})
	}
}

// root is the n-th root of x in (0, 1), by Newton's method: math.Pow is not the
// same on all machines.
func root(x float64, n int) float64 {
	r := 1.0
	for range 200 {
		power := 1.0
		for range n - 1 {
			power = float64(power * r)
		}
		r -= (float64(power*r) - x) / float64(float64(n)*power)
	}
	return r
}

// A variance that has fallen to this part of the first one is noise.
const floor = 1e-14

func (v *estimates) sample(at protocols.Time, out *protocols.Figures) {
	v.pass(at)
	if e, ok := v.meanError(); ok {
		out.Point("estimate_error", at, e)
		out.Point("estimate_variance", at, v.variance())
	}
}

func (v *estimates) finish(at protocols.Time, out *protocols.Figures) {
	v.pass(at)
	v.end()
	out.Items = append(out.Items, v.items...)
}

// each visits the live nodes that have an estimate of the latest epoch.
func (v *estimates) each(visit func(estimate float64)) {
	for id := range v.nodes {
		if x := &v.nodes[id]; x.has && x.epoch == v.epoch {
			visit(x.estimate)
		}
	}
}

func (v *estimates) variance() float64 {
	n, mean, squares := 0.0, 0.0, 0.0
	v.each(func(x float64) { n++; mean += x })
	if n < 2 {
		return 0
	}
	mean /= n
	v.each(func(x float64) { squares += float64((x - mean) * (x - mean)) })
	return squares / (n - 1)
}

// meanError is the mean distance from the truth, as a part of it unless that is
// 0; ok is false if no node has an estimate.
func (v *estimates) meanError() (e float64, ok bool) {
	truth := v.truth()
	n, distance := 0.0, 0.0
	v.each(func(x float64) { n++; distance += math.Abs(x - truth) })
	if n == 0 {
		return 0, false
	}
	if truth != 0 {
		distance /= math.Abs(truth)
	}
	return distance / n, true
}

// truth is the aggregate of the live nodes' own values.
func (v *estimates) truth() float64 {
	total, low, high := 0.0, math.Inf(1), math.Inf(-1)
	for id := range v.nodes {
		if v.live.up.has(protocols.NodeID(id)) {
			x := float64(v.nodes[id].local)
			total, low, high = total+x, min(low, x), max(high, x)
		}
	}
	switch v.Function {
	case "sum":
		return total
	case "count":
		return float64(v.live.count)
	case "min":
		return low
	case "max":
		return high
	}
	return total / max(float64(v.live.count), 1)
}
