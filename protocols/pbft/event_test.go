package pbft_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// wisher stands on the replicas' nodes and wants something decided when it is
// told so; it observes what was.
type wisher struct{}

func (wisher) Start(*protocols.Env) {}
func (wisher) Receive(env *protocols.Env, _ protocols.NodeID, m protocols.Message) {
	env.Announce(protocols.Event{Kind: protocols.Propose, Data: m.AppendTo(nil)})
}
func (wisher) Expire(*protocols.Env, protocols.TimerID) {}
func (wisher) Hear(env *protocols.Env, e protocols.Event) {
	if e.Kind == protocols.Committed {
		env.Observe(0, e.ID, uint64(e.Data[0]))
	}
}

type wish struct{ what byte }

func (w *wish) Kind() protocols.Kind     { return 0 }
func (w *wish) Size() int                { return 1 }
func (w *wish) AppendTo(b []byte) []byte { return append(b, w.what) }

var wishers = &protocols.Protocol{
	Name: "wisher", Kinds: []string{"wish"}, Observations: []string{"decided"},
	New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := make(protocols.NodeList, len(ids))
		for i := range nodes {
			nodes[i] = wisher{}
		}
		return nodes
	},
	Decode: func(b []byte) (protocols.Message, error) {
		if len(b) != 1 {
			return nil, fmt.Errorf("%d bytes", len(b))
		}
		return &wish{b[0]}, nil
	},
}

// decisions notes what each node is told.
type decisions map[protocols.NodeID][]protocols.Observation

func (d decisions) Wants() []protocols.ObservationKind { return []protocols.ObservationKind{0} }
func (d decisions) Observe(o protocols.Observed) string {
	if o.Protocol != protocols.NodeProtocol {
		d[o.Node] = append(d[o.Node], o.Observation)
	}
	return ""
}

// What other protocols on the replicas propose is decided on all of them in one
// order, whoever proposed it, beside the requests of clients, and although the
// first primary crashes.
func TestEvents(t *testing.T) {
	for _, tentative := range []bool{false, true} {
		k := quick(pbft.Signatures)
		k.Tentative = tentative
		c := mesh(k, 1, 4, 1, busy(20))
		c.Groups[0].Stack = append(c.Groups[0].Stack, wishers)
		var list sim.Injections
		for i := range 24 {
			list = append(list, sim.Injection{At: time.Duration(1000+i/2*40) * time.Millisecond, To: protocols.NodeID(1 + i%3), Protocol: "wisher", Message: &wish{byte(i)}})
		}
		c.Workload = []sim.Workload{list}
		c.Faults = []sim.Fault{{Name: "gone", At: 1100 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 1)}}}}
		c.Wire, c.Duration = true, 30*time.Second
		d := decisions{}
		c.Checks = append(c.Checks, sim.Check{Protocol: "wisher", Spec: protocols.CheckerSpec{Name: "decisions",
			New: func(protocols.ProbeConfig) protocols.Checker { return d }}})
		violations(t, "events", run(t, c))
		for id := protocols.NodeID(1); id < 4; id++ {
			if !slices.Equal(d[id], d[1]) {
				t.Errorf("node %d was told %v, node 1 %v", id, d[id], d[1])
			}
		}
		seen := map[uint64]bool{}
		for i, o := range d[1] {
			if seen[o.Value] || i > 0 && o.Key <= d[1][i-1].Key {
				t.Errorf("the %d. decision is %v behind %v", i, o, d[1][:i])
			}
			seen[o.Value] = true
		}
		if len(seen) != 24 {
			t.Errorf("%d of 24 wishes are decided", len(seen))
		}
	}
}
