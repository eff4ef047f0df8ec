package pbft_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// behaviours are what up to f replicas may do without any harm.
var behaviours = []protocols.Behaviour{
	&byzantine.Silent{},
	&byzantine.Drop{Share: draw.Ratio(1, 2)},
	&byzantine.Delay{By: 300 * time.Millisecond},
	&byzantine.Tamper{Share: draw.Ratio(1, 3)},
	&byzantine.Replay{Every: 50 * time.Millisecond, Burst: 3},
	&byzantine.Flood{Every: 50 * time.Millisecond, Burst: 3},
	&byzantine.Equivocate{Name: "equivocate", Sides: 2},
	&byzantine.Equivocate{Name: "equivocate", Sides: 3},
	&byzantine.Twice{Name: "equivocate"},
	&byzantine.Lie{Name: "equivocate"},
	&byzantine.Lie{Name: "false-checkpoint"},
	&byzantine.Lie{Name: "omit-prepared"},
	&byzantine.Lie{Name: "invent-prepared"},
	&byzantine.Lie{Name: "bad-new-view"},
	&byzantine.Equivocate{Name: "bad-new-view", Sides: 2},
	&byzantine.Lie{Name: "false-reply"},
	&byzantine.Twins{},
}

// corrupted wraps the replicas and makes some of them Byzantine from the start.
func corrupted(c sim.Config, b protocols.Behaviour, liars ...protocols.NodeID) sim.Config {
	for i := range c.Groups {
		c.Groups[i].Stack = []*protocols.Protocol{byzantine.Wrap(c.Groups[i].Stack[0], liars)}
	}
	c.Faults = append(c.Faults, sim.Fault{Name: "liars", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: liars}, Behaviour: b}})
	return c
}

// viewsFail lets the primary of each view crash now and then, so that view
// changes happen while somebody lies: together they are f at most.
func viewsFail(c sim.Config, honest []protocols.NodeID) sim.Config {
	for i := range 6 {
		c.Faults = append(c.Faults, sim.Fault{Name: fmt.Sprint("pause ", i), At: 1500*time.Millisecond + time.Duration(i)*3*time.Second,
			For: 1200 * time.Millisecond, Pause: &sim.Pause{Nodes: sim.Selector{From: honest, Count: 1}}})
	}
	return c
}

// With f of 3f+1 Byzantine replicas all properties hold, and all that is asked
// for is done, whatever these do; the others are slow at times, and messages are lost.
func TestByzantine(t *testing.T) {
	lied := map[string]bool{}
	for i, b := range behaviours {
		for seed := range uint64(6) {
			k := quick([]string{pbft.Signatures, pbft.MACs}[seed%2])
			k.Tentative = seed%3 == 0
			replicas, liars := 4, ids(int(seed)%4, 1)
			if seed > 3 {
				replicas, liars = 7, []protocols.NodeID{1, 4}
			}
			c := mesh(k, seed, replicas, 2, busy(25))
			c.Network.Default.Latency.Jitter = draw.Uniform(0, int64(20*time.Millisecond))
			c.Network.Default.Loss.P = draw.Ratio(1, 50)
			c.Duration = 90 * time.Second
			c = viewsFail(corrupted(c, b, liars...), ids(0, replicas))
			r := run(t, c)
			what := fmt.Sprintf("%s, seed %d, %d replicas, %s", b, seed, replicas, k.Authentication)
			violations(t, what, r)
			if done, _ := r.Scalar("pbft.operations_completed"); done != 50 {
				t.Errorf("%s: %v of 50 operations are done", what, done)
			}
			lied[fmt.Sprint(i, " ", strings.Fields(b.String())[0])] = true
		}
	}
	if len(lied) != len(behaviours) {
		t.Errorf("%d of %d behaviours were tried", len(lied), len(behaviours))
	}
}

// With f+1 of 3f+1 replicas that collude, an equivocating primary among them,
// correct replicas execute different batches at one number. Where they are merely
// silent, nothing is executed, and nothing is violated.
func TestThreshold(t *testing.T) {
	for _, a := range []string{pbft.Signatures, pbft.MACs} {
		for _, replicas := range []int{4, 7, 10} {
			liars := ids(0, (replicas-1)/3+1)
			found := false
			for seed := range uint64(5) {
				k := quick(a)
				c := corrupted(mesh(k, seed, replicas, 2, busy(10)), &byzantine.Equivocate{Name: "equivocate", Sides: 2}, liars...)
				for _, v := range run(t, c).Violations {
					found = found || v.Check == "agreement"
				}
			}
			if !found {
				t.Errorf("%s, %d of %d collude, and agreement holds", a, len(liars), replicas)
			}
			r := run(t, corrupted(mesh(quick(a), 1, replicas, 2, busy(10)), &byzantine.Silent{}, liars...))
			violations(t, "silent", r)
			if done, _ := r.Scalar("pbft.operations_completed"); done != 0 {
				t.Errorf("%s, %d of %d are silent, and %v operations are done", a, len(liars), replicas, done)
			}
		}
	}
}

// A client that misbehaves harms nobody else: what it asks for is done once or not
// at all, and the others are served.
func TestByzantineClients(t *testing.T) {
	for _, b := range []protocols.Behaviour{
		&byzantine.Drop{Share: draw.Ratio(1, 2)},
		&byzantine.Tamper{Share: draw.Ratio(1, 2)},
		&byzantine.Replay{Every: 20 * time.Millisecond, Burst: 3},
		&byzantine.Flood{Every: 20 * time.Millisecond, Burst: 3},
		&byzantine.Twice{},
	} {
		for seed := range uint64(3) {
			k := quick([]string{pbft.Signatures, pbft.MACs}[seed%2])
			k.ReadOnly = seed == 2
			c := corrupted(mesh(k, seed, 4, 3, busy(25)), b, 6)
			c.Duration = 40 * time.Second
			c.Wire = true
			c.Checks = slices.DeleteFunc(c.Checks, func(x sim.Check) bool { return x.Spec.Name == "linearizable" }) // what a liar wrote is in nobody's history
			r := run(t, c)
			violations(t, fmt.Sprintf("%s, seed %d", b, seed), r)
			if done, _ := r.Scalar("pbft.operations_completed"); done < 50 {
				t.Errorf("%s, seed %d: %v of 50 operations of honest clients are done", b, seed, done)
			}
		}
	}
}
