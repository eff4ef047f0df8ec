package decision_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// asked is a proposal every two seconds, each by another voter.
func asked(voters, count int) (list sim.Injections) {
	for i := range count {
		list = append(list, sim.Injection{At: time.Duration(3+2*i) * time.Second, To: protocols.NodeID(i * 5 % voters), Protocol: "decision",
			Message: decision.NewPropose(fmt.Sprint("task ", i%3), protocols.NodeID(i%voters), 20)})
	}
	return list
}

// mesh is a group that runs a consensus and decides, and members outside who
// only want to know.
func mesh(stack []*protocols.Protocol, seed uint64, voters, outside, proposals int) sim.Config {
	d := stack[len(stack)-1]
	c := sim.Config{
		Seed: seed, Duration: time.Duration(2*proposals+40) * time.Second, Sample: 10 * time.Second, Probes: true,
		Groups: []sim.Group{{Name: "voters", Count: voters, Stack: stack, DiskSync: 2 * time.Millisecond}},
		Network: sim.Network{Default: sim.Link{
			Latency: sim.Latency{Base: 20 * time.Millisecond, Jitter: draw.Uniform(0, int64(20*time.Millisecond)), Floor: 10 * time.Millisecond},
			Loss:    sim.Loss{P: draw.Ratio(1, 50)}, Duplicate: draw.Ratio(1, 50)}},
		Workload: []sim.Workload{asked(voters, proposals)},
		Goals:    map[string][]float64{"decision.learned": {1}},
	}
	if outside > 0 {
		c.Groups = append(c.Groups, sim.Group{Name: "outside", Count: outside, Stack: []*protocols.Protocol{d}})
	}
	for _, spec := range d.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: "decision", Spec: spec})
	}
	return c
}

func ids(n int) (list []protocols.NodeID) {
	for i := range n {
		list = append(list, protocols.NodeID(i))
	}
	return list
}

// crashes strike one voter after the other for a while, and a minority is cut off.
func crashes(voters int, until time.Duration) (list []sim.Fault) {
	for at := 4 * time.Second; at < until; at += 3 * time.Second {
		list = append(list, sim.Fault{Name: fmt.Sprint("crash at ", at), At: at, For: 1500 * time.Millisecond,
			Crash: &sim.Crash{Nodes: sim.Selector{From: ids(voters), Count: 1}}})
	}
	return append(list, sim.Fault{Name: "split", At: 6 * time.Second, For: 5 * time.Second,
		Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(voters), Count: voters / 3}}}})
}

func run(t *testing.T, c sim.Config) *sim.Result {
	t.Helper()
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// consensus is each that decisions can stand on, by name.
func consensus(voters int) map[string]*protocols.Protocol {
	r := raft.Default()
	r.Replicas = ids(voters)
	p := pbft.Default()
	p.Replicas = ids(voters)
	return map[string]*protocols.Protocol{"raft": raft.New(r), "pbft": pbft.New(p)}
}

// Voters crash and are cut off, messages get lost: no property is violated, and
// in the end every member knows every verdict, those outside, too.
func TestOverConsensus(t *testing.T) {
	const voters, outside, proposals = 7, 3, 8
	for name, under := range consensus(voters) {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(8) {
				k := decision.Default()
				k.Poll, k.Voters = 2*time.Second, ids(voters)
				c := mesh([]*protocols.Protocol{under, decision.New(k)}, seed, voters, outside, proposals)
				c.Faults = crashes(voters, 20*time.Second)
				r := run(t, c)
				for _, v := range r.Violations {
					t.Errorf("seed %d: %s at %v: %s", seed, v.Check, v.At, v.Text)
				}
				made, _ := r.Scalar("decision.proposals")
				open, _ := r.Scalar("decision.undecided")
				if made < proposals/2 || open > 0 {
					t.Errorf("seed %d: %v of %v proposals are open", seed, open, made)
				}
				for _, l := range r.Levels("decision.learned") {
					if !l.OK {
						t.Errorf("seed %d: not everybody knows the verdict on %v", seed, decision.ID(l.Item))
					}
				}
			}
		})
	}
}

// As many liars as the quorum stands vote both ways and report falsehoods: the
// honest agree, and decide.
func TestLiars(t *testing.T) {
	const voters = 7
	for name, under := range consensus(voters) {
		t.Run(name, func(t *testing.T) {
			both := 0.0
			for _, lie := range []protocols.Behaviour{
				&byzantine.Equivocate{Name: "opposite-vote", Sides: 2}, &byzantine.Twice{Name: "opposite-vote"},
				&byzantine.Lie{Name: "false-report"}, &byzantine.Tamper{Share: draw.Ratio(1, 2)},
			} {
				for seed := range uint64(4) {
					k := decision.Default()
					k.Voters = ids(voters)
					liars := []protocols.NodeID{2, 4}
					c := mesh([]*protocols.Protocol{under, byzantine.Wrap(decision.New(k), liars)}, seed, voters, 2, 5)
					c.Faults = append(crashes(2, 15*time.Second), sim.Fault{Name: "lies", At: 2 * time.Second,
						Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: liars}, Protocol: "decision", Behaviour: lie}})
					r := run(t, c)
					for _, v := range r.Violations {
						t.Errorf("%v, seed %d: %s at %v: %s", lie, seed, v.Check, v.At, v.Text)
					}
					if open, _ := r.Scalar("decision.undecided"); open > 0 {
						t.Errorf("%v, seed %d: %v proposals are open", lie, seed, open)
					}
					v, _ := r.Scalar("decision.double_votes")
					both += v
				}
			}
			if both < 20 {
				t.Errorf("%v votes both ways were heard: too few to prove anything", both)
			}
		})
	}
}

// Every way of running gives the same bytes, and so does the codec.
func TestWaysOfRunning(t *testing.T) {
	config := func() sim.Config {
		c := mesh([]*protocols.Protocol{onSequencer(decision.Default(), nil)}, 3, 9, 0, 6)
		c.Faults = crashes(9, 12*time.Second)
		return c
	}
	want := run(t, config())
	for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
		for _, wire := range []bool{false, true} {
			c := config()
			c.Mode, c.Wire, c.Workers = mode, wire, 3
			if got := run(t, c); got.Fingerprint != want.Fingerprint || got.Events != want.Events {
				t.Errorf("mode %d, wire %v: another run", mode, wire)
			}
		}
	}
}
