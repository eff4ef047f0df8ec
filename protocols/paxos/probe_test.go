package paxos_test

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/paxos"
	"meshsim/sim"
)

// Without loss and rivals, a decision takes four messages and three writes to
// disk: prepare, promise and accept wait for one each.
func TestTimeToLearn(t *testing.T) {
	const latency, disk, asked = 7 * time.Millisecond, 3 * time.Millisecond, time.Second
	p := paxos.New(paxos.Default())
	r := run(t, sim.Config{
		Duration: 5 * time.Second, Sample: 100 * time.Millisecond, Probes: true,
		Groups:   []sim.Group{{Name: "group", Count: 5, Stack: []*protocols.Protocol{p}, DiskSync: disk}},
		Network:  sim.Network{Default: sim.Link{Latency: sim.Latency{Base: latency}}},
		Workload: []sim.Workload{sim.Injections{{At: asked, To: 3, Protocol: "paxos", Message: paxos.NewPropose([]byte("red"))}}},
		Goals:    map[string][]float64{"paxos.learned": {1, 0.5}},
		Stop:     sim.Stop{Reached: true},
	})
	want := 4*latency + 3*disk
	items := append(r.Items("paxos.learn_time"), r.Items("paxos.choose_time")...)
	for _, it := range items {
		if it.Censored || math.Abs(it.Value-want.Seconds()) > 1e-12 {
			t.Errorf("%+v, want %v", it, want)
		}
	}
	levels := r.Levels("paxos.learned")
	for _, l := range levels {
		if !l.OK || l.After != want || time.Duration(l.Since) != asked {
			t.Errorf("%+v, want %v after %v", l, want, asked)
		}
	}
	if len(items) != 6 || len(levels) != 2 {
		t.Errorf("%d times and %d levels, want 6 and 2", len(items), len(levels))
	}
	if v, ok := r.Scalar("paxos.ballots"); !ok || v != 1 {
		t.Errorf("%v ballots, want 1", v)
	}
	if r.Ending != sim.EndReached || r.End >= 2*time.Second {
		t.Errorf("the run ended at %v with %s, want when all had learned", r.End, r.Ending)
	}
}

// see shows observations to something that observes.
func see(to func(protocols.Observed), kind protocols.ObservationKind, node protocols.NodeID, at protocols.Time, value string) {
	to(protocols.Observed{At: at, Node: node, Protocol: "paxos", Observation: protocols.Observation{Kind: kind, Value: paxos.Digest([]byte(value))}})
}

// Members that have not learned are censored; one that learns twice, since it
// crashed before that was on disk, counts once; what begins in the warmup does not.
func TestProbe(t *testing.T) {
	const s = protocols.Time(time.Second)
	for _, warmup := range []protocols.Time{0, 2 * s} {
		p := paxos.New(paxos.Default()).Probe(protocols.ProbeConfig{
			Nodes: 4, Members: []protocols.NodeID{0, 1, 3}, Warmup: warmup, Goals: map[string][]float64{"learned": {0.5, 1}}})
		see(p.Observe, paxos.Proposed, 0, s, "red")
		see(p.Observe, paxos.Proposed, 1, 2*s, "blue")
		see(p.Observe, paxos.Chosen, 1, 3*s, "red")
		see(p.Observe, paxos.Learned, 1, 3*s, "red")
		see(p.Observe, paxos.Learned, 1, 4*s, "red")
		p.Observe(protocols.Observed{At: 4 * s, Node: 2, Protocol: "node", Observation: protocols.Observation{Kind: protocols.NodeResumed}})
		see(p.Observe, paxos.Learned, 3, 5*s, "red")
		var f protocols.Figures
		p.Sample(6*s, &f)
		p.Finish(protocols.RunTotals{At: 9 * s, Observations: make([]protocols.Total, 4)}, &f)
		if warmup > s {
			if len(f.Points)+len(f.Items)+len(f.Reached) != 0 {
				t.Errorf("a decision of the warmup has figures: %+v", f)
			}
			continue
		}
		want := []protocols.Item{
			{Metric: "choose_time", At: s, Value: 2}, {Metric: "learn_time", At: s, Value: 2},
			{Metric: "learn_time", At: s, Value: 4}, {Metric: "learn_time", At: s, Value: 8, Censored: true}}
		for i, it := range want {
			if i >= len(f.Items) || f.Items[i] != it {
				t.Fatalf("items %+v, want %+v", f.Items, want)
			}
		}
		if len(f.Points) != 1 || f.Points[0].Value != 2.0/3 {
			t.Errorf("series %+v, want 2/3", f.Points)
		}
		if len(f.Reached) != 2 || !f.Reached[0].OK || f.Reached[0].After != 4*time.Second || f.Reached[1].OK {
			t.Errorf("reached %+v", f.Reached)
		}
		if settler, ok := p.(interface{ Settled() bool }); !ok || settler.Settled() {
			t.Error("the probe is settled, but one member has not learned")
		}
	}
}

func TestCheckers(t *testing.T) {
	for _, c := range []struct {
		checker, last string
		violated      bool
	}{
		{"agreement", "red", false}, {"agreement", "blue", true},
		{"validity", "red", false}, {"validity", "blue", false}, {"validity", "green", true},
	} {
		for _, spec := range paxos.New(paxos.Default()).Checkers {
			if spec.Name != c.checker {
				continue
			}
			checker, got := spec.New(protocols.ProbeConfig{}), ""
			observe := func(o protocols.Observed) { got = checker.Observe(o) }
			for _, k := range checker.Wants() {
				if k == paxos.Proposed {
					see(observe, paxos.Proposed, 0, 1, "red")
					see(observe, paxos.Proposed, 0, 1, "blue")
				}
			}
			see(observe, paxos.Learned, 1, 2, "red")
			observe(protocols.Observed{Node: 2, Protocol: "node", Observation: protocols.Observation{Kind: protocols.NodeResumed}})
			see(observe, paxos.Learned, 2, 3, c.last)
			if (got != "") != c.violated {
				t.Errorf("%s says %q when %s is learned", c.checker, got, c.last)
			}
		}
	}
}
