package paxos_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/paxos"
	"meshsim/sim"
)

// bad is a fault of the disks of some nodes for the first twenty seconds.
func bad(name string, nodes sim.Selector, d sim.DiskFault) sim.Fault {
	d.Nodes = nodes
	return sim.Fault{Name: name, At: 0, For: 20 * time.Second, Disk: &d}
}

// Whatever goes wrong with disks that do not lie, the group agrees, and all learn
// the decision, those with a rotten record as well.
func TestBadDisks(t *testing.T) {
	const members = 5
	some := sim.Selector{From: []protocols.NodeID{0, 1, 2, 3, 4}, Count: 2}
	group := sim.Selector{From: []protocols.NodeID{0, 1, 2, 3, 4}}
	failed, full := 0, 0
	for seed := range uint64(100) {
		c := mesh(paxos.New(withRumors()), seed, members, 5)
		c.Faults = append(c.Faults,
			bad("torn", group, sim.DiskFault{Torn: true}),
			bad("slow", some, sim.DiskFault{Sync: 10 * time.Millisecond}),
			bad("unreadable", group, sim.DiskFault{Unreadable: draw.Ratio(1, 3)}),
			sim.Fault{Name: "full", At: time.Second, For: 2 * time.Second, Disk: &sim.DiskFault{Nodes: some, Full: true}},
			sim.Fault{Name: "rot", At: 2 * time.Second, Disk: &sim.DiskFault{Nodes: sim.Selector{From: group.From, Count: 1}, FlipBits: 1}})
		again := sim.Injections{} // what was asked of a node without its record may be lost
		for to := range protocols.NodeID(2) {
			again = append(again, sim.Injection{At: 25 * time.Second, To: to, Protocol: "paxos", Message: paxos.NewPropose([]byte("again"))})
		}
		c.Workload = append(c.Workload, again)
		var e everywhere
		c.Checks = append(c.Checks, e.checks()...)
		r := run(t, withFailures(c, &failed, &full))
		if len(e.learned) != members+5 {
			t.Errorf("seed %d: %d of %d nodes know the decision at the end", seed, len(e.learned), members+5)
		}
		for _, v := range r.Violations {
			t.Errorf("seed %d: %s.%s at %v: %s", seed, v.Protocol, v.Check, v.At, v.Text)
		}
	}
	if failed < 100 || full < 100 {
		t.Errorf("%d reads and %d writes failed: the disks are too good to prove anything", failed, full)
	}
}

// withFailures counts the disk failures that nodes observe.
func withFailures(c sim.Config, failed, full *int) sim.Config {
	c.Checks = append(c.Checks, sim.Check{Protocol: "paxos", Spec: protocols.CheckerSpec{Name: "failures",
		New: func(protocols.ProbeConfig) protocols.Checker { return failures{failed, full} }}})
	return c
}

type failures struct{ reads, writes *int }

func (failures) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{paxos.DiskFailed}
}

func (f failures) Observe(o protocols.Observed) string {
	switch {
	case o.Protocol != "paxos":
	case o.Key == 0:
		*f.reads++
	default:
		*f.writes++
	}
	return ""
}

// Disks whose syncs lie break the protocol, as the paper's proof assumes; and so
// do disks that are lost.
func TestLyingDisksBreakAgreement(t *testing.T) {
	for name, edit := range map[string]func(c *sim.Config){
		"lie": func(c *sim.Config) { c.Faults = append(c.Faults, bad("lie", sim.Selector{}, sim.DiskFault{Lie: true})) },
		"lost": func(c *sim.Config) {
			for i := range c.Faults {
				if f := c.Faults[i].Crash; f != nil {
					f.LoseDisk = true
				}
			}
		},
	} {
		broken := 0
		for seed := range uint64(60) {
			c := mesh(paxos.New(withRumors()), seed, 5, 5)
			edit(&c)
			if len(run(t, c).Violations) > 0 {
				broken++
			}
		}
		if broken == 0 {
			t.Errorf("%s: no violation in 60 runs", name)
		}
	}
}

// A node that cannot read its record only learns; when it can, it goes on as if
// it had just started. One whose record rotted only learns for good.
func TestNodeWithoutItsRecord(t *testing.T) {
	c := paxos.Default()
	start := func(d *protocols.Disk) (protocols.Node, *protocols.Env) {
		n := paxos.New(c).New(protocols.World{Nodes: 3, Members: []protocols.NodeID{0, 1, 2}}, []protocols.NodeID{0}).At(0)
		env := &protocols.Env{}
		env.Reset(0, 0, 1, d)
		n.Start(env)
		return n, env
	}
	say := func(n protocols.Node, env *protocols.Env, from protocols.NodeID, m *paxos.Message) int {
		env.Reset(0, 0, 2, env.Disk)
		n.Receive(env, from, m)
		return len(env.Sends)
	}
	var d protocols.Disk
	n, env := start(&d)
	ask := paxos.NewPropose([]byte("v"))
	if sent := say(n, env, protocols.External, ask); sent != 3 {
		t.Fatalf("a proposer sends %d messages, want 3", sent)
	}
	prepare := env.Sends[0].Message.(*paxos.Message)
	waits := func(n protocols.Node) string { return n.(protocols.Waiter).Waits() }
	if got := waits(n); got != "0 of 2 promises for ballot 1.0" {
		t.Errorf("it waits for %q", got)
	}

	d.SetFaults(protocols.DiskFaults{Unreadable: draw.Always})
	n, env = start(&d)
	if len(env.Timers) != 1 || len(env.Observations) != 1 || say(n, env, 1, prepare) != 0 || say(n, env, protocols.External, ask) != 0 {
		t.Error("a node that cannot read its record takes part")
	}
	if got := waits(n); got != "its record: disk read error" {
		t.Errorf("it waits for %q", got)
	}
	d.SetFaults(protocols.DiskFaults{})
	env.Reset(0, 0, 3, &d)
	n.Expire(env, protocols.Timer(2, 0))
	if say(n, env, 1, prepare) != 1 {
		t.Error("a node that can read its record again does not take part")
	}

	d.SetFaults(protocols.DiskFaults{Full: true})
	if say(n, env, 1, paxos.With(prepare, paxos.KindAccept, 0, []byte("v"))) != 0 {
		t.Error("an acceptor accepts what it cannot note")
	}
	d.SetFaults(protocols.DiskFaults{})

	b, _ := d.Read(paxos.File)
	b[3] ^= 1
	n, env = start(&d)
	if len(env.Timers) != 0 || say(n, env, 1, prepare) != 0 {
		t.Error("a node with a rotten record takes part")
	}
	for from := range protocols.NodeID(2) {
		say(n, env, from, paxos.With(prepare, paxos.KindAccepted, 0, []byte("v")))
	}
	if waits(n) != "" {
		t.Errorf("a node with a rotten record did not learn: it waits for %q", waits(n))
	}
	if again, _ := d.Read(paxos.File); len(again) != len(b) {
		t.Error("a node with a rotten record has written another")
	}
}
