package worksteal_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task/tasktest"
	"meshsim/protocols/worksteal"
	"meshsim/sim"
)

// asked is whom thieves asked, and who gave to whom last when they did.
type asked struct {
	victims [][]protocols.NodeID // by thief, in turn
	donor   map[protocols.NodeID]protocols.NodeID
	donors  int // first requests after a gift that went to who gave
	gifts   int
}

func (a *asked) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{worksteal.Asked, worksteal.Stole}
}

func (a *asked) Observe(o protocols.Observed) string {
	switch victim := protocols.NodeID(o.Value); {
	case o.Protocol == protocols.NodeProtocol:
	case o.Kind == worksteal.Stole:
		a.donor[o.Node] = victim
		a.gifts++
	default:
		if d, gave := a.donor[o.Node]; gave && d == victim {
			a.donors++
		}
		delete(a.donor, o.Node)
		a.victims[o.Node] = append(a.victims[o.Node], victim)
	}
	return ""
}

// ask runs thieves on 20 nodes, of which the first four get all tasks, three times what they can do, and the
// even ones are far from the odd ones.
func ask(t *testing.T, s worksteal.Config) *asked {
	t.Helper()
	tasks := poisson(t, 12, draw.Always, time.Second, 140*time.Second, 1)
	for i := range tasks {
		tasks[i].To %= 4
	}
	k := mesh(worksteal.New(tasktest.Plain(), s), 20, 5, 150*time.Second, tasks)
	var even, odd []protocols.NodeID
	for i := range protocols.NodeID(10) {
		even, odd = append(even, 2*i), append(odd, 2*i+1)
	}
	far := sim.Link{Latency: sim.Latency{Base: 20 * time.Millisecond, Floor: time.Millisecond}}
	k.Network.Links = []sim.LinkRule{{From: sim.Set{IDs: even}, To: sim.Set{IDs: odd}, Link: far}, {From: sim.Set{IDs: odd}, To: sim.Set{IDs: even}, Link: far}}
	a := &asked{victims: make([][]protocols.NodeID, 20), donor: map[protocols.NodeID]protocols.NodeID{}}
	k.Checks = append(k.Checks, sim.Check{Protocol: "task", Spec: protocols.CheckerSpec{Name: "asked", New: func(protocols.ProbeConfig) protocols.Checker { return a }}})
	for _, v := range run(t, k).Violations {
		t.Errorf("%s at %v: %s", v.Check, v.At, v.Text)
	}
	return a
}

// share of the requests that are of a kind.
func (a *asked) share(is func(thief, victim protocols.NodeID) bool) float64 {
	n, all := 0, 0
	for thief, list := range a.victims {
		for _, v := range list {
			if all++; is(protocols.NodeID(thief), v) {
				n++
			}
		}
	}
	return float64(n) / float64(max(all, 1))
}

func near(thief, victim protocols.NodeID) bool { return thief%2 == victim%2 }
func busy(_, victim protocols.NodeID) bool     { return victim < 4 }

// Each choice of victims asks whom it says: at random everybody alike; the donor
// first; those nearby, and one of all at the end of a round; of several the one
// that had most.
func TestVictims(t *testing.T) {
	choose := func(victim string) *asked {
		s := worksteal.Default()
		s.Victim, s.Choices, s.RetryMax, s.Fresh = victim, 4, 500*time.Millisecond, 10*time.Second
		return ask(t, s)
	}
	random, last, nearest, choices := choose("random"), choose("last"), choose("nearest"), choose("choices")
	if n := random.share(near); n < 0.44 || n > 0.51 { // 9 of 19
		t.Errorf("random: %.2f of the requests go to near nodes", n)
	}
	times := make([]int, 20)
	for _, list := range random.victims {
		for _, v := range list {
			times[v]++
		}
	}
	if slices.Min(times)*5 < slices.Max(times)*4 {
		t.Errorf("random: nodes are asked %v times", times)
	}
	t.Logf("random: asked %v times; near %.2f, busy %.2f", times, random.share(near), random.share(busy))
	t.Logf("last: %d of %d; nearest: near %.2f; choices: busy %.2f", last.donors, last.gifts, nearest.share(near), choices.share(busy))
	if n := float64(last.donors) / float64(last.gifts); n < 0.95 || last.gifts < 100 {
		t.Errorf("last: %d of %d times the donor is asked first", last.donors, last.gifts)
	}
	if n := nearest.share(near); n < 0.75 || n > 0.95 { // two near of three, and 9/19 of the last
		t.Errorf("nearest: %.2f of the requests go to near nodes", n)
	}
	if n, r := choices.share(busy), random.share(busy); n < 1.3*r {
		t.Errorf("choices: %.2f of the requests go to busy nodes, at random %.2f", n, r)
	}
}

// An overloaded node that pushes is rid of its queue sooner than one that waits
// for thieves.
func TestDistribute(t *testing.T) {
	pushed := func(distribute bool) (float64, time.Duration) {
		c, s := tasktest.Plain(), worksteal.Default()
		c.Queue.High, s.Distribute = 4, distribute
		k := mesh(worksteal.New(c, s), 8, 2, 60*time.Second, hot(160, 50*time.Millisecond, 250*time.Millisecond))
		a := keep(&k, 0)
		r := run(t, k)
		a.good(t, r)
		n, _ := r.Scalar("task.pushed")
		return n, a.mean()
	}
	_, waits := pushed(false)
	n, pushes := pushed(true)
	t.Logf("time in system %v with thieves alone, %v with %.2f pushes a task", waits, pushes, n)
	if n == 0 || pushes > waits*3/4 {
		t.Errorf("time in system %v with thieves alone, %v with %.2f pushes a task", waits, pushes, n)
	}
}
