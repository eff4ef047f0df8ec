package auction_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/sim"
)

// mesh is nodes with a fast network between them, and tasks.
func mesh(p *protocols.Protocol, n int, d time.Duration, in sim.Injections) sim.Config {
	c := sim.Config{
		Seed: 1, Duration: d, Sample: time.Second, Probes: true, Workload: []sim.Workload{in},
		Groups:  []sim.Group{{Name: "node", Count: n, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond}}},
	}
	for _, spec := range p.Checkers {
		c.Checks = append(c.Checks, sim.Check{Protocol: p.Name, Spec: spec})
	}
	return c
}

// even is n tasks of a size that enter at node 0, one every gap.
func even(n int, gap, size time.Duration) (in sim.Injections) {
	for i := range n {
		at := time.Duration(i) * gap
		in = append(in, sim.Injection{At: at, Protocol: "task", Message: task.NewSubmit(&task.Task{ID: uint64(i + 1), Size: size, At: protocols.Time(at)})})
	}
	return in
}

// tally counts what nodes observe, by node and kind.
type tally struct {
	at     map[protocols.ObservationKind]map[protocols.NodeID]int // who observed it
	of     map[protocols.ObservationKind]map[uint64]int           // its value
	doneAt protocols.Time
}

func (c *tally) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{task.Done, task.Ran, task.Rejected, auction.Announced, auction.Awarded, auction.Vain, auction.Learned, auction.Ranked}
}

func (c *tally) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		return ""
	}
	if c.at[o.Kind] == nil {
		c.at[o.Kind], c.of[o.Kind] = map[protocols.NodeID]int{}, map[uint64]int{}
	}
	c.at[o.Kind][o.Node]++
	c.of[o.Kind][o.Value]++
	if o.Kind == task.Done {
		c.doneAt = o.At
	}
	return ""
}

func (c *tally) count(kind protocols.ObservationKind) (n int) {
	for _, times := range c.at[kind] {
		n += times
	}
	return n
}

// run runs it; the names of the checkers that found something stand for violations.
func run(t *testing.T, c sim.Config) (r *sim.Result, n *tally, found []string) {
	t.Helper()
	n = &tally{at: map[protocols.ObservationKind]map[protocols.NodeID]int{}, of: map[protocols.ObservationKind]map[uint64]int{}}
	c.Checks = append(slices.Clone(c.Checks), sim.Check{Protocol: "task", Spec: protocols.CheckerSpec{Name: "tally",
		New: func(protocols.ProbeConfig) protocols.Checker { return n }}})
	r, err := sim.Run(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range r.Violations {
		found = append(found, v.Check)
	}
	slices.Sort(found)
	return r, n, slices.Compact(found)
}

// Each checker passes over a correct mesh, and each mutant is found by those that
// are meant to.
func TestMutants(t *testing.T) {
	small := tasktest.Plain()
	small.Queue.Limit = 1 // so that awards are refused
	for _, c := range []struct {
		name  string
		p     *protocols.Protocol
		found []string
	}{
		{"correct", auction.New(tasktest.Plain(), auction.Default()), nil},
		{"correct, with refusals", auction.New(small, auction.Default()), nil},
		{"an auctioneer that awards twice", auction.NewGenerous(tasktest.Plain(), auction.Default()), []string{"exactly-once", "one-award"}},
		{"an auctioneer that forgets a refusal", auction.NewForgetful(small, auction.Default()), []string{"at-least-once", "conservation", "exactly-once", "next-best"}},
		{"a bidder that takes without award", auction.NewGreedy(tasktest.Plain(), auction.Default()), []string{"exactly-once", "one-award"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := even(40, 10*time.Millisecond, time.Second)
			for i := range in { // auctions of different nodes at a time, so that a bid may not be meant any more
				in[i].To, in[i].At = protocols.NodeID(i%4), time.Duration(i/4)*300*time.Millisecond
			}
			_, n, found := run(t, mesh(c.p, 4, 120*time.Second, in))
			if !slices.Equal(found, c.found) {
				t.Errorf("found by %v, want %v", found, c.found)
			}
			if over := n.count(task.Done) + n.count(task.Rejected); c.found == nil && over != 40 {
				t.Errorf("%d of 40 tasks are over", over)
			}
			t.Logf("%d done, %d rejected, %d awarded, %d to a second choice", n.count(task.Done), n.count(task.Rejected), n.count(auction.Awarded), n.count(auction.Ranked))
		})
	}
}

// An auction finds who is free: tasks that come as fast as all nodes together can
// run them wait for nobody.
func TestTasksFindFreeNodes(t *testing.T) {
	for _, announce := range []string{"all", "neighbours", "sample"} {
		a := auction.Default()
		a.Announce, a.Sample = announce, 9
		_, n, found := run(t, mesh(auction.New(tasktest.Plain(), a), 10, 60*time.Second, even(300, 110*time.Millisecond, time.Second)))
		if found != nil || n.count(task.Done) != 300 || n.doneAt > protocols.Time(34500*time.Millisecond) {
			t.Errorf("%s: %v, %d tasks done, the last at %v", announce, found, n.count(task.Done), time.Duration(n.doneAt))
		}
		for node, times := range n.at[task.Ran] {
			if times < 20 || times > 40 {
				t.Errorf("%s: node %d ran %d of 300", announce, node, times)
			}
		}
	}
}

// The faster node of two gets more, in the long run as much more as it is faster.
func TestFasterGetsMore(t *testing.T) {
	fast, slow := tasktest.Plain(), tasktest.Plain()
	fast.Speed = 3000
	a := auction.Default()
	a.Announce = "all"
	c := mesh(auction.New(slow, a), 1, 200*time.Second, even(700, 200*time.Millisecond, time.Second))
	c.Groups = append(c.Groups,
		sim.Group{Name: "slow", Count: 2, Stack: c.Groups[0].Stack, CPU: sim.CPU{Cores: 2}},
		sim.Group{Name: "fast", Count: 1, Stack: []*protocols.Protocol{auction.New(fast, a)}, CPU: sim.CPU{Cores: 2}})
	_, n, found := run(t, c)
	if got := n.at[task.Ran][3]; found != nil || n.count(task.Done) != 700 || got < 330 || got > 440 {
		t.Errorf("%v: the fast node ran %d of %d, want about 3 of 6", found, got, n.count(task.Done))
	}
}

// Liars that claim to be idle get nearly all at first; once they are known they get
// next to nothing, unless nobody looks at how they did.
func TestReputationAnswersOverbidders(t *testing.T) {
	share := func(weights auction.Weights) float64 {
		a := auction.Default()
		a.Announce, a.Weights, a.Forgive = "all", weights, 0
		c := mesh(byzantine.Wrap(auction.New(tasktest.Plain(), a), nil), 10, 120*time.Second, even(600, 150*time.Millisecond, time.Second))
		c.Faults = []sim.Fault{{Name: "liars", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: []protocols.NodeID{3, 7}}, Behaviour: &byzantine.Lie{Name: "overbid"}}}}
		_, n, found := run(t, c)
		if found != nil { // what is given to a liar is lost sight of, and nobody else to blame
			t.Errorf("found by %v", found)
		}
		return float64(n.of[auction.Awarded][3]+n.of[auction.Awarded][7]) / float64(n.count(auction.Awarded))
	}
	with := share(auction.Default().Weights)
	without := share(auction.Weights{Match: draw.Ratio(50, 100), Load: draw.Ratio(40, 100), Resources: draw.Ratio(10, 100)})
	t.Logf("of all awards to liars: %.3f, without reputation %.3f", with, without)
	if with > 0.1 || without < 0.9 {
		t.Errorf("liars get %.3f of all awards, and %.3f without reputation", with, without)
	}
}

// A liar that bids for what it cannot run refuses the award: the task goes to the
// next best, and after some refusals nobody listens to the liar any more.
func TestOverbidderThatCannotRun(t *testing.T) {
	gpu := tasktest.Plain()
	gpu.Capabilities = []task.Capability{{Name: "gpu", Level: 1}}
	a := auction.Default()
	a.Announce, a.Forgive = "all", 0
	in := even(50, 500*time.Millisecond, time.Second)
	for _, x := range in {
		x.Message.(*task.Submit).Tasks[0].Needs = task.NewVector(gpu.Capabilities)
	}
	c := mesh(byzantine.Wrap(auction.New(tasktest.Plain(), a), nil), 2, 60*time.Second, in)
	c.Groups = append(c.Groups, sim.Group{Name: "gpu", Count: 3, Stack: []*protocols.Protocol{auction.New(gpu, a)}, CPU: sim.CPU{Cores: 2}})
	c.Faults = []sim.Fault{{Name: "liar", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: []protocols.NodeID{1}}, Behaviour: &byzantine.Lie{Name: "overbid"}}}}
	_, n, found := run(t, c)
	// One half falls to (1-20%) of itself with each refusal; below a quarter after the fourth.
	if got := n.of[auction.Awarded][1]; found != nil || n.count(task.Done) != 50 || got != 4 || n.count(auction.Ranked) != 4 {
		t.Errorf("%v: %d of 50 tasks done, %d awarded to the liar, %d to a second choice", found, n.count(task.Done), got, n.count(auction.Ranked))
	}
}

// What a node has under way is bounded: tasks beyond that stay.
func TestOpenAuctionsAreBounded(t *testing.T) {
	a := auction.Default()
	a.Open = 3
	_, n, found := run(t, mesh(auction.New(tasktest.Plain(), a), 5, 60*time.Second, even(10, 0, time.Second)))
	if found != nil || n.count(auction.Announced) != 3 || n.at[task.Ran][0] < 7 || n.count(task.Done) != 10 {
		t.Errorf("%v: %d announced, %d stayed, %d done", found, n.count(auction.Announced), n.at[task.Ran][0], n.count(task.Done))
	}
}
