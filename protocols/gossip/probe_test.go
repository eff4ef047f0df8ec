package gossip

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
)

// script feeds a probe and reads what it records.
type script struct {
	*probe
	t      *testing.T
	totals protocols.RunTotals
	out    protocols.Figures
}

func newScript(t *testing.T, c Config, nodes int, pc protocols.ProbeConfig) *script {
	pc.Nodes = nodes
	for id := range nodes {
		pc.Members = append(pc.Members, protocols.NodeID(id))
	}
	s := &script{probe: newProbe(c, pc), t: t}
	s.totals.Observations = make([]protocols.Total, len(observationNames))
	s.totals.Messages = make([]protocols.Total, len(kindNames))
	return s
}

const second = protocols.Time(time.Second)

func (s *script) see(at protocols.Time, node int, kind protocols.ObservationKind, key, value uint64) {
	s.totals.Observations[kind].Count++
	s.totals.Observations[kind].Sum += value
	s.Observe(protocols.Observed{At: at, Node: protocols.NodeID(node), Protocol: "gossip",
		Observation: protocols.Observation{Kind: kind, Key: key, Value: value}})
}

func (s *script) node(at protocols.Time, node int, kind protocols.ObservationKind) {
	s.Observe(protocols.Observed{At: at, Node: protocols.NodeID(node), Protocol: "node",
		Observation: protocols.Observation{Kind: kind}})
}

func (s *script) finish(at protocols.Time) {
	s.totals.At = at
	s.Finish(s.totals, &s.out)
}

func (s *script) scalar(metric string, want float64) {
	s.t.Helper()
	for _, p := range s.out.Scalars {
		if p.Metric == metric {
			if math.Abs(p.Value-want) > 1e-9 {
				s.t.Errorf("%s is %v, want %v", metric, p.Value, want)
			}
			return
		}
	}
	s.t.Errorf("%s is not recorded", metric)
}

func (s *script) point(metric string, want float64) {
	s.t.Helper()
	for i := len(s.out.Points) - 1; i >= 0; i-- {
		if p := s.out.Points[i]; p.Metric == metric {
			if math.Abs(p.Value-want) > 1e-9 {
				s.t.Errorf("%s is %v at %v, want %v", metric, p.Value, time.Duration(p.At), want)
			}
			return
		}
	}
	s.t.Errorf("%s is not recorded", metric)
}

// item checks the i-th item of a metric; a negative want means censored there.
func (s *script) item(metric string, i int, want float64) {
	s.t.Helper()
	for _, it := range s.out.Items {
		if it.Metric != metric {
			continue
		}
		if i--; i >= 0 {
			continue
		}
		if it.Censored != (want < 0) || math.Abs(it.Value-math.Abs(want)) > 1e-9 {
			s.t.Errorf("%s is %v (censored %v), want %v", metric, it.Value, it.Censored, want)
		}
		return
	}
	s.t.Errorf("%s has too few items", metric)
}

func TestCoverageOfARumor(t *testing.T) {
	s := newScript(t, Default(), 10, protocols.ProbeConfig{Goals: map[string][]float64{"coverage": {0.75, 0.3}}})
	id := uint64(NewID(0, 1))
	s.see(1*second, 0, Published, id, 0)
	for node := 1; node < 9; node++ {
		s.see(protocols.Time(1+node)*second, node, Delivered, id, 0)
		s.see(protocols.Time(1+node)*second, 0, Redundant, 0, 3)
	}
	s.see(9*second, 1, Copies, 0, 40)
	s.totals.Messages[KindPush] = protocols.Total{Count: 32, Sum: 3200}
	s.totals.Messages[KindDelta] = protocols.Total{Count: 1000, Sum: 1000} // no rumor mongering
	s.Sample(9*second, &s.out)
	s.point("coverage", 0.9)
	if !s.Settled() {
		t.Error("goals are reached, and the probe says that they are not")
	}
	s.finish(20 * second)
	s.item("convergence_time_50", 0, 4) // the fifth holder
	s.item("convergence_time", 0, -19)  // never: 9 of 10
	s.item("convergence_time_100", 0, -19)
	s.item("rounds", 0, -9.5)
	s.item("t_last", 0, 4)
	s.item("residue", 0, 0.1)
	s.item("delivery_latency", 0, 4.5)
	s.scalar("deliveries", 8)
	s.scalar("redundant_deliveries", 24)
	s.scalar("updates_per_node", 4)
	s.scalar("messages_per_delivery", 4)
	s.scalar("bytes_per_delivery", 400)
	s.scalar("delivery_latency_max", 8)
	want := []protocols.Reached{
		{Metric: "coverage", Level: 0.3, Item: id, Since: second, After: 2 * time.Second, OK: true},
		{Metric: "coverage", Level: 0.75, Item: id, Since: second, After: 7 * time.Second, OK: true}}
	if len(s.out.Reached) != 2 || s.out.Reached[0] != want[0] || s.out.Reached[1] != want[1] {
		t.Errorf("reached %v, want %v", s.out.Reached, want)
	}
}

// Coverage is of the live nodes: one that crashes counts neither above nor below
// the line, and comes back with nothing.
func TestCoverageFollowsCrashes(t *testing.T) {
	s := newScript(t, Default(), 4, protocols.ProbeConfig{})
	id := uint64(NewID(0, 1))
	s.see(0, 0, Published, id, 0)
	s.see(second, 1, Delivered, id, 0)
	s.node(2*second, 3, protocols.NodeDown)
	s.Sample(2*second, &s.out)
	s.point("coverage", 2./3)
	s.node(3*second, 1, protocols.NodeDown)
	s.Sample(3*second, &s.out)
	s.point("coverage", 1./2)
	s.node(4*second, 2, protocols.NodeDown) // the only one left holds it
	s.Sample(4*second, &s.out)
	s.point("coverage", 1)
	for node := 1; node < 4; node++ {
		s.node(5*second, node, protocols.NodeUp)
	}
	s.Sample(5*second, &s.out)
	s.point("coverage", 1./4)
	s.see(6*second, 1, Delivered, id, 0) // again, in a new life
	s.Sample(6*second, &s.out)
	s.point("coverage", 2./4)
	s.finish(7 * second)
	s.item("convergence_time_100", 0, 4) // a level once reached stays so
	s.item("residue", 0, 0.5)
}

// Nodes that do not gossip do not count, up or down.
func TestCoverageOfMembersOnly(t *testing.T) {
	p := newProbe(Default(), protocols.ProbeConfig{Nodes: 10, Members: []protocols.NodeID{3, 5}})
	s := &script{probe: p, t: t}
	s.totals.Observations = make([]protocols.Total, len(observationNames))
	id := uint64(NewID(3, 1))
	s.see(0, 3, Published, id, 0)
	s.node(second, 7, protocols.NodeDown)
	s.node(second, 8, protocols.NodeUp)
	s.node(second, 3, protocols.NodeUp) // was up from the start
	s.Sample(second, &s.out)
	s.point("coverage", 0.5)
}

// Rumors that begin in the warmup count in no figure of rumors, and those older
// than the retention are retired: what happens to them then changes nothing.
func TestWarmupAndRetirement(t *testing.T) {
	c := Default()
	c.Retention = 10 * time.Second
	s := newScript(t, c, 4, protocols.ProbeConfig{Warmup: 5 * second})
	early, late := uint64(NewID(0, 1)), uint64(NewID(0, 2))
	s.see(4*second, 0, Published, early, 0)
	s.see(5*second, 1, Published, late, 0)
	s.see(6*second, 1, Delivered, early, 0)
	s.see(6*second, 2, Delivered, late, 0)
	s.Sample(6*second, &s.out)
	s.point("coverage", 0.5)
	points := len(s.out.Points)
	s.Sample(16*second, &s.out)
	if len(s.out.Points) != points {
		t.Error("coverage is sampled without a rumor")
	}
	s.see(17*second, 3, Delivered, late, 0)
	s.node(17*second, 2, protocols.NodeDown)
	s.finish(20 * second)
	s.item("residue", 0, 0.5)
	if n := len(s.out.Items); n != 8 {
		t.Errorf("%d items, want the 7 of one rumor and the one of a crash", n)
	}
}

// In synchronous phase, rounds are cycles that have begun.
func TestRoundsAreCycles(t *testing.T) {
	c := Default()
	c.Phase = "synchronous"
	s := newScript(t, c, 3, protocols.ProbeConfig{})
	id := uint64(NewID(0, 1))
	s.see(1*second, 0, Published, id, 0)            // cycle 0
	s.see(2*second+1, 1, Delivered, id, 0)          // cycle 1
	s.see(8*second-second/100, 2, Delivered, id, 0) // cycle 3
	s.finish(20 * second)
	s.item("rounds", 0, 3)
	s.item("t_last", 0, 3)
}

func TestLatencyHistogram(t *testing.T) {
	var h histogram
	for i := range int64(1000) {
		h.add((i + 1) * 1e6)
	}
	for _, q := range []uint64{1, 50, 99, 100} {
		got, exact := float64(h.quantile(q)), float64(q)*1e7
		if got < exact || got > exact*33/32 && got != 1e9 {
			t.Errorf("quantile %d%% is %v, want %v to 1/32 more", q, got, exact)
		}
	}
	if h.quantile(100) != time.Second {
		t.Errorf("the largest is %v, want 1s", h.quantile(100))
	}
	for _, v := range []int64{0, 1, 63, 64, 65, 127, 128, 1 << 40, math.MaxInt64} {
		var one histogram
		if one.add(v); one.quantile(100) != time.Duration(v) {
			t.Errorf("the only value is %d, quantile %d", v, one.quantile(100))
		}
	}
}

// The series tells who reads exactly the newest state; a write has come to a
// node that has it or a newer one of its key.
func TestAgreement(t *testing.T) {
	c := Default()
	c.AntiEntropy = DefaultAntiEntropy()
	s := newScript(t, c, 4, protocols.ProbeConfig{Goals: map[string][]float64{"agreement": {0.5}}})
	by := newWriter(0, 1)
	a := newEntry("a", nil, version{1, by}, false)
	b := newEntry("a", nil, version{2, by}, false)
	take := func(at protocols.Time, node int, e *entry) {
		s.see(at, node, Applied, e.item, e.packed())
		s.see(at, node, State, e.digest(), 1)
	}
	s.see(1*second, 0, Written, a.item, a.packed())
	take(1*second, 0, a)
	take(2*second, 1, a)
	s.Sample(2*second, &s.out)
	s.point("agreement", 0.5)
	s.see(3*second, 0, Written, b.item, b.packed())
	take(3*second, 0, b)
	s.Sample(3*second, &s.out)
	s.point("agreement", 0.25)
	if s.Settled() {
		t.Error("settled, although the second write is at one node of four")
	}
	s.node(4*second, 3, protocols.NodeDown)
	take(5*second, 1, b)
	if !s.Settled() {
		t.Error("two of three nodes agree, the goal is one half")
	}
	take(6*second, 2, b) // all that are up have a or a newer one, and b
	s.node(7*second, 3, protocols.NodeUp)
	s.Sample(7*second, &s.out)
	s.point("agreement", 0.75)
	s.finish(9 * second)
	s.item("agreement_time", 0, 5)
	s.item("agreement_time", 1, 3)
	if r := s.out.Reached; len(r) != 2 || r[0].After != time.Second || r[1].After != 2*time.Second {
		t.Errorf("reached %v", r)
	}
}

// A write that is older than what others have is never applied there: they have
// it from the start.
func TestAgreementOnOldWrites(t *testing.T) {
	c := Default()
	c.AntiEntropy = DefaultAntiEntropy()
	s := newScript(t, c, 3, protocols.ProbeConfig{})
	at := func(t uint64) *entry { return newEntry("a", nil, version{t, newWriter(0, 1)}, false) }
	enter := func(when protocols.Time, node int, e *entry) {
		s.see(when, node, Written, e.item, e.packed())
		s.see(when, node, Applied, e.item, e.packed())
	}
	enter(1*second, 0, at(10))
	s.see(2*second, 1, Applied, at(10).item, at(10).packed())
	enter(3*second, 2, at(5))
	s.see(4*second, 2, Applied, at(10).item, at(10).packed())
	enter(5*second, 2, at(7))
	s.finish(9 * second)
	s.item("agreement_time", 0, 3)
	s.item("agreement_time", 1, 0)
	s.item("agreement_time", 2, 0)
}

// A node that crashes loses the writes that it had from others.
func TestAgreementFollowsCrashes(t *testing.T) {
	c := Default()
	c.AntiEntropy = DefaultAntiEntropy()
	s := newScript(t, c, 3, protocols.ProbeConfig{Warmup: second})
	e := newEntry("a", nil, version{1, newWriter(0, 1)}, false)
	s.see(0, 0, Written, 1, 2) // in the warmup
	s.see(2*second, 0, Written, e.item, e.packed())
	s.see(2*second, 0, Applied, e.item, e.packed())
	s.see(3*second, 1, Applied, e.item, e.packed())
	s.node(4*second, 1, protocols.NodeDown)
	s.node(5*second, 1, protocols.NodeUp)
	s.see(6*second, 2, Applied, e.item, e.packed()) // 1 has forgotten it
	s.see(7*second, 1, Applied, e.item, e.packed())
	s.finish(9 * second)
	s.item("agreement_time", 0, 5)
	if len(s.out.Items) != 1 {
		t.Errorf("%d items, want one", len(s.out.Items))
	}
}

// Who deletes the only key and who never had it read the same.
func TestDeletedKeysLeaveNoTrace(t *testing.T) {
	r := &replica{}
	env := &protocols.Env{}
	by := newWriter(0, 1)
	r.apply(env, newEntry("a", []byte("1"), version{1, by}, false))
	r.apply(env, newEntry("a", nil, version{2, by}, true))
	if r.digest != 0 {
		t.Errorf("digest %x after the only key was deleted, want 0", r.digest)
	}
}

// The variance is taken at the boundaries of cycles, and an epoch's error before
// the next one begins.
func TestEstimates(t *testing.T) {
	c := Default()
	c.Aggregation = DefaultAggregation()
	c.Aggregation.Epoch = 2
	s := newScript(t, c, 2, protocols.ProbeConfig{})
	estimate := func(at protocols.Time, node int, epoch int64, v float64) {
		s.see(at, node, Estimate, uint64(epoch), uint64(int64(v*scale)))
	}
	s.see(0, 0, Local, 0, 0)
	s.see(0, 1, Local, 0, 8)
	estimate(0, 0, 0, 0)
	estimate(0, 1, 0, 8) // variance 32
	estimate(second/2, 0, 0, 2)
	estimate(second/2, 1, 0, 6) // variance 8
	s.Sample(second, &s.out)
	s.point("estimate_variance", 8)
	s.point("estimate_error", 0.5)
	estimate(3*second/2, 0, 0, 3)
	estimate(3*second/2, 1, 0, 5) // variance 2, at the end of the epoch
	estimate(2*second, 0, 1, 0)
	estimate(2*second, 1, 1, 8)
	s.finish(3 * second)
	s.item("variance_ratio", 0, 0.25)
	s.item("epoch_error", 0, 0.25)
}
