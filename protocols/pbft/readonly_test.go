package pbft_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
)

// gate forbids to write on some nodes from 2s to 5s, as partition handling does.
type gate struct{ shuts bool }

func (g gate) Start(env *protocols.Env) {
	if g.shuts {
		env.SetTimer(protocols.Timer(0, 0), 2*time.Second)
		env.SetTimer(protocols.Timer(1, 0), 5*time.Second)
	}
}
func (gate) Receive(*protocols.Env, protocols.NodeID, protocols.Message) {}
func (gate) Expire(env *protocols.Env, t protocols.TimerID) {
	env.Announce(protocols.Event{Kind: protocols.ReadOnlyOn + protocols.EventKind(t.Name())})
}

// gates shut on the nodes from one to before another.
func gates(from, to protocols.NodeID) *protocols.Protocol {
	return &protocols.Protocol{
		Name: "gate", Kinds: []string{}, Timers: []string{"on", "off"},
		New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes := make(protocols.NodeList, len(ids))
			for i, id := range ids {
				nodes[i] = gate{id >= from && id < to}
			}
			return nodes
		},
	}
}

// One replica that is read-only does not matter: if it is the primary, the others
// change the view. If more are, or the clients, nothing is written until they may.
func TestReadOnlyMode(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to protocols.NodeID
		stops    bool
		views    float64 // changes of the view
	}{
		{"a backup", 2, 3, false, 0},
		{"the primary", 0, 1, false, 1},
		{"all replicas", 0, 4, true, 0},
		{"the clients", 4, 6, true, 0},
	} {
		l := load(300, 1)
		l.Reads, l.Closed.Think, l.Timeout = draw.Ratio(1, 5), 20*time.Millisecond, 300*time.Millisecond
		k := quick(pbft.Signatures)
		s := mesh(k, 1, 4, 2, l)
		s.Duration = 30 * time.Second
		for i := range s.Groups {
			s.Groups[i].Stack = append(s.Groups[i].Stack, gates(c.from, c.to))
		}
		r := run(t, s)
		violations(t, c.name, r)
		if n, _ := r.Scalar("pbft.writes_refused"); (n < 1) != (c.name == "a backup") { // whom nobody asks
			t.Errorf("%s: %v writes are refused", c.name, n)
		}
		if n, _ := r.Scalar("pbft.operations_completed"); n != 600 {
			t.Errorf("%s: %v of 600 operations are answered", c.name, n)
		}
		if n, _ := r.Scalar("pbft.view_changes"); n < c.views || c.views == 0 && n > 0 && !c.stops {
			t.Errorf("%s: %v view changes, want %v", c.name, n, c.views)
		}
		if longest, _ := r.Scalar("pbft.outage_longest"); c.stops != (longest > 2) {
			t.Errorf("%s: %v s without an answer", c.name, longest)
		}
	}
}

// The property finds a replica that takes writes while it must not, and no other.
func TestReadOnlyMutant(t *testing.T) {
	for name, want := range map[string]bool{"": false, "writes while it must not": true} {
		mutate := honest
		if name != "" {
			mutate = pbft.Mutants[name]
		}
		s := mutated(mesh(quick(pbft.Signatures), 1, 4, 2, load(300, 1)), mutate)
		s.Duration = 10 * time.Second
		for i := range s.Groups {
			s.Groups[i].Stack = append(s.Groups[i].Stack, gates(0, 4))
		}
		s.Checks = only(s.Checks, "read-only")
		if got := len(run(t, s).Violations) > 0; got != want {
			t.Errorf("%q is found: %v, want %v", name, got, want)
		}
	}
}
