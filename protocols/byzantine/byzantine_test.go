package byzantine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// notes are what honest nodes observed, in order.
type notes struct{ list []protocols.Observed }

func (*notes) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{heard, lived, answered, forged, read}
}

func (n *notes) Observe(o protocols.Observed) string {
	if o.Protocol == crier.Name {
		n.list = append(n.list, o)
	}
	return ""
}

// count is how often a node, or all for -1, observed a kind of a sender.
func (n *notes) count(node int, kind protocols.ObservationKind, from uint64) int {
	c := 0
	for _, o := range n.list {
		if o.Kind == kind && o.Key == from && (node < 0 || int(o.Node) == node) {
			c++
		}
	}
	return c
}

// values are the different values that a node observed of a sender.
func (n *notes) values(node int, kind protocols.ObservationKind, from uint64) (list []uint64) {
	for _, o := range n.list {
		if o.Kind == kind && o.Key == from && int(o.Node) == node && !slices.Contains(list, o.Value) {
			list = append(list, o.Value)
		}
	}
	return list
}

// mesh is a run of six criers for a second, of which node 0 may become Byzantine.
func mesh(p *protocols.Protocol, faults ...sim.Fault) sim.Config {
	for i := range faults {
		faults[i].Name = fmt.Sprint("fault ", i)
	}
	return sim.Config{Seed: 1, Duration: time.Second, Groups: []sim.Group{{Name: "mesh", Count: 6, Stack: []*protocols.Protocol{p},
		Crypto: &protocols.CryptoCosts{}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond}}}, Faults: faults}
}

// runMesh runs it and returns what honest nodes observed.
func runMesh(t *testing.T, c sim.Config) *notes {
	t.Helper()
	n := &notes{}
	c.Checks = []sim.Check{{Protocol: crier.Name, Spec: protocols.CheckerSpec{Name: "notes", New: func(protocols.ProbeConfig) protocols.Checker { return n }}}}
	for _, wire := range []bool{false, true} {
		c.Wire = wire
		n.list = nil
		if _, err := sim.Run(c); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// ids lists nodes.
func ids(list ...protocols.NodeID) []protocols.NodeID { return list }

// makes strikes node 0, and perhaps others, from 250ms until 750ms.
func makes(b protocols.Behaviour, to []protocols.NodeID, nodes ...protocols.NodeID) sim.Fault {
	f := sim.Fault{At: 250 * time.Millisecond, For: 500 * time.Millisecond,
		Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: append(ids(0), nodes...)}, Behaviour: b}}
	if to != nil {
		f.Byzantine.To = &sim.Selector{From: to}
	}
	return f
}

var wrapped = byzantine.Wrap(crier, nil)

// An honest second has 100 beats; the first cry leaves after one, and what is
// under way at the end is not heard.
const beats = 99

func TestSilent(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Silent{}, nil)))
	if got := n.count(1, heard, 0); got != 49 {
		t.Errorf("node 1 hears %d cries of node 0, want the 49 outside of the fault", got)
	}
	if got := n.count(1, heard, 2); got != beats {
		t.Errorf("node 1 hears %d cries of the honest node 2, want %d", got, beats)
	}
}

func TestSilentToSome(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Silent{}, ids(1, 2))))
	for node, want := range map[int]int{1: 49, 2: 49, 3: beats, 5: beats} {
		if got := n.count(node, heard, 0); got != want {
			t.Errorf("node %d hears %d cries of node 0, want %d", node, got, want)
		}
	}
}

// A scope leaves the other kinds alone.
func TestSilentAboutSome(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Silent{Scope: byzantine.Scope{Kinds: []string{"answer"}}}, nil)))
	if got := n.count(1, heard, 0); got != beats {
		t.Errorf("node 1 hears %d cries of node 0, want all %d", got, beats)
	}
	if got := n.count(1, answered, 0); got > 52 || got < 46 {
		t.Errorf("node 1 gets %d answers of node 0, want about 49", got)
	}
}

func TestDrop(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Drop{Share: draw.Ratio(1, 2)}, nil)))
	total := 0
	for node := 1; node < 6; node++ {
		total += n.count(node, heard, 0)
	}
	if want := 5 * (49 + 25); total < want-30 || total > want+30 {
		t.Errorf("%d cries of node 0 are heard, want about %d", total, want)
	}
}

func TestDelay(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Delay{By: 105 * time.Millisecond}, nil)))
	var late, order int
	last := uint64(0)
	for _, o := range n.list {
		if o.Kind != heard || o.Key != 0 || o.Node != 3 {
			continue
		}
		if sent := protocols.Time(o.Value) * protocols.Time(beat); o.At-sent == protocols.Time(106*time.Millisecond) {
			late++
		} else if o.At-sent != protocols.Time(time.Millisecond) {
			t.Errorf("cry %d is heard %v after it was due", o.Value, time.Duration(o.At-sent))
		}
		if o.Value < last {
			order++
		}
		last = o.Value
	}
	if late != 50 || order == 0 || n.count(3, heard, 0) != beats {
		t.Errorf("%d cries come late and %d out of order, %d in all; want 50 late ones, none lost", late, order, n.count(3, heard, 0))
	}
}

// What was tampered with can be read, and no signature holds.
func TestTamper(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Tamper{Share: draw.Always}, nil)))
	bad, good := n.count(1, forged, 0), n.count(1, heard, 0)
	if bad < 90 || good != 49 {
		t.Errorf("%d messages of node 0 are found forged and %d cries believed; want about 100, and 49", bad, good)
	}
	if got := n.count(1, forged, 2); got != 0 {
		t.Errorf("%d messages of an honest node are found forged", got)
	}
}

func TestReplay(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Replay{Every: beat, Burst: 10}, ids(1))))
	old, others := 0, 0
	for i, o := range n.list {
		if o.Node == 1 && o.Kind == heard && o.Key == 0 && protocols.Time(o.Value)*protocols.Time(beat) < o.At-protocols.Time(2*beat) {
			old++
		}
		if o.Node == 1 && o.Kind == lived && o.Key == 0 && n.list[i-1].Kind == heard {
			others++
		}
	}
	if old < 150 || n.count(1, forged, 0) != 0 {
		t.Errorf("node 1 hears %d old cries, want most of 500; %d are found forged: signatures of others stand", old, n.count(1, forged, 0))
	}
	if lives := n.values(1, lived, 0); len(lives) != 6 {
		t.Errorf("cries of %d nodes come from node 0, want all 6", len(lives))
	}
	if got := n.count(2, heard, 0); got != beats {
		t.Errorf("node 2 hears %d cries of node 0, want %d: the replay is aimed at node 1", got, beats)
	}
}

func TestFlood(t *testing.T) {
	n := runMesh(t, mesh(wrapped, makes(&byzantine.Flood{Scope: byzantine.Scope{Kinds: []string{"cry"}}, Every: time.Millisecond, Burst: 4}, nil)))
	total := n.count(-1, heard, 0) - n.count(0, heard, 0)
	if want := 5*beats + 4*500; total < want-20 || total > want+20 {
		t.Errorf("%d cries come from node 0, want about %d", total, want)
	}
}
