package byzantine_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/gossip"
	"meshsim/protocols/paxos"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/wire"
	"meshsim/sim"
)

// A wrapped node keeps the laws that its core keeps.
func TestLaws(t *testing.T) {
	seal := func(b []byte) []byte {
		n := max(len(b)-wire.ChecksumSize, 0)
		return wire.AppendChecksum(b[:n:n], 0)
	}
	c := gossip.Default()
	c.Interval = time.Second
	t.Run("gossip", func(t *testing.T) {
		p := byzantine.Wrap(gossip.New(c), nil)
		var unsent []protocols.Kind
		for k := range p.Kinds {
			if k := protocols.Kind(k); k != gossip.KindPush && k != gossip.KindPublish {
				unsent = append(unsent, k)
			}
		}
		protocoltest.TestProtocol(t, p, protocoltest.Setup{Duration: 20 * time.Second, Seeds: 1, Seal: seal, Unsent: unsent,
			Inputs: []protocoltest.Input{{At: time.Second, To: 0, Message: gossip.NewPublish([]byte("news"))}}})
	})
	t.Run("paxos", func(t *testing.T) {
		rumors := paxos.Default()
		rumors.Rumors = true
		protocoltest.TestProtocol(t, byzantine.Wrap(paxos.New(rumors), nil), protocoltest.Setup{Duration: 30 * time.Second, Seal: seal,
			Inputs: []protocoltest.Input{
				{At: 12 * time.Second, To: 0, Message: paxos.NewPropose([]byte("red"))},
				{At: 12 * time.Second, To: 2, Event: protocols.Event{Kind: protocols.Propose, Data: []byte("blue")}},
				{At: 12 * time.Second, To: 3, Message: paxos.NewPropose(nil)},
				{At: 21 * time.Second, To: 1, Message: paxos.NewPropose([]byte("late"))},
			}})
	})
}

// As long as nothing is in force, wrapping changes nothing.
func TestWrappedIsEqual(t *testing.T) {
	var fingerprints []uint64
	for _, p := range []*protocols.Protocol{crier, wrapped, byzantine.Wrap(crier, ids(2, 5)), byzantine.Wrap(crier, []protocols.NodeID{})} {
		c := mesh(p, crash(2))
		r, err := sim.Run(c)
		if err != nil {
			t.Fatal(err)
		}
		fingerprints = append(fingerprints, r.Fingerprint)
	}
	if slices.Max(fingerprints) != slices.Min(fingerprints) {
		t.Errorf("the fingerprints differ: %x", fingerprints)
	}
}

// What happens at the honest is what happened before, as far as no liar reaches
// them: here those who are silent to one node touch no other.
func TestHonestAreUntouched(t *testing.T) {
	without := runMesh(t, mesh(wrapped))
	with := runMesh(t, mesh(wrapped, makes(&byzantine.Silent{}, ids(1))))
	of := func(n *notes) (list []protocols.Observed) {
		for _, o := range n.list {
			if o.Node > 1 && o.Key > 1 { // neither it nor the one it deceives has a part in it
				list = append(list, o)
			}
		}
		return list
	}
	if a, b := of(without), of(with); !slices.Equal(a, b) || len(a) < 1000 {
		t.Errorf("%d observations of others without the fault, %d with it, and they differ", len(a), len(b))
	}
}

// Checkers see what a node observes until it lies, and are told who does. Who is
// merely silent is believed.
func TestCheckersIgnoreLiars(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Lie{Name: "none"}, nil)))
	last := protocols.Time(0)
	for _, o := range n.list {
		if o.Node == 0 {
			last = max(last, o.At)
		}
	}
	if struck := protocols.Time(250 * time.Millisecond); last >= struck || last < struck-protocols.Time(beat) {
		t.Errorf("the last observation of node 0 is shown at %v", time.Duration(last))
	}
	var config protocols.ProbeConfig
	var told []protocols.NodeID
	c := mesh(wrapped, makes(&byzantine.Lie{Name: "none"}, nil, 4))
	c.Faults = append(c.Faults, sim.Fault{Name: "drawn", At: time.Millisecond, Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: ids(1, 2, 3), Count: 1}, Behaviour: &byzantine.Twice{}}},
		sim.Fault{Name: "silent", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: ids(5)}, Behaviour: &byzantine.Silent{}}})
	c.Checks = []sim.Check{{Protocol: crier.Name, Spec: protocols.CheckerSpec{New: func(pc protocols.ProbeConfig) protocols.Checker {
		config = pc
		return &corrupted{&told}
	}}}}
	if _, err := sim.Run(c); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(config.Byzantine, ids(0, 4)) {
		t.Errorf("checkers are told before that %v are Byzantine, want 0 and 4", config.Byzantine)
	}
	if len(told) != 3 || told[0] == 0 || told[0] > 3 {
		t.Errorf("the corruptions told are of %v, want one of 1 to 3, then 0 and 4", told)
	}
}

type corrupted struct{ nodes *[]protocols.NodeID }

func (*corrupted) Wants() []protocols.ObservationKind { return nil }

func (c *corrupted) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol && o.Kind == protocols.NodeCorrupted {
		*c.nodes = append(*c.nodes, o.Node)
	}
	return ""
}
