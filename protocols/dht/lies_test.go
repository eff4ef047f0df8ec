package dht_test

import (
	"testing"
	"time"

	"meshsim/protocols/byzantine"
	"meshsim/protocols/dht"
	"meshsim/sim"
)

// Chord does not defend itself against a node that names itself as the answer: a
// twentieth of the nodes spoils more than its share of the lookups, as every node on a
// way can. Nor is a node doubted that denies what it stores. Who claims the range of
// another is not believed: places are hashes of identities, and all compute them.
func TestLies(t *testing.T) {
	const n, liars = 60, 3
	for _, c := range []struct {
		lie, figure string
		least, most float64
	}{
		{"answer", "wrong", 0.06, 0.25},
		{"answer", "unanswered", 0.06, 0.25}, // reads and writes: the liar does not serve them
		{"claim", "wrong", 0, 0},
		{"claim", "unanswered", 0, 0},
		{"forget", "missing", 0.01, 0.05}, // its own range, and no more
	} {
		t.Run(c.lie+" "+c.figure, func(t *testing.T) {
			t.Parallel()
			m := mesh(byzantine.Wrap(dht.New(dht.Default()), ids(0, liars)), 1, n, 200*time.Second)
			m.Workload = []sim.Workload{keys(n, 200, 5*time.Second, 190*time.Second, 100*time.Millisecond)}
			if c.figure == "wrong" {
				m.Workload = []sim.Workload{lookups(n, 65*time.Second, 190*time.Second, 100*time.Millisecond)}
			}
			m.Faults = []sim.Fault{{Name: "liars", At: 60 * time.Second, Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: ids(0, liars)}, Behaviour: &byzantine.Lie{Name: c.lie}}}}
			r := run(t, m)
			if got := scalar(t, r, c.figure); got < c.least || got > c.most {
				t.Errorf("%d of %d lie: %s is %.3f, not from %.2f to %.2f", liars, n, c.figure, got, c.least, c.most)
			}
			t.Log(c.lie, c.figure, scalar(t, r, c.figure))
			for _, v := range r.Violations {
				t.Errorf("%s judges liars: %s", v.Check, v.Text)
			}
		})
	}
}
