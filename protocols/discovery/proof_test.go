package discovery

import (
	"testing"

	"meshsim/protocols"
)

// forgery is a list that node 1 signed, with an announcement of node 2 that it has
// made itself.
func forgery(q *quartet) *Peers {
	env := q.env(1)
	a := *q.nodes[2].own
	a.Sequence += 5
	return newPeers(env, KindShuffle, []*Announcement{q.nodes[1].own, a.sign(env)}, nil)
}

// Who is shown a proof shuns the liar and shows it to the neighbours, once; who shows
// one that proves nothing is shunned.
func TestProof(t *testing.T) {
	for name, tc := range map[string]struct {
		proof func(q *quartet) *Proof
		shuns protocols.NodeID // 9: nobody
		told  int              // neighbours
	}{
		"of a lie": {func(q *quartet) *Proof { return &Proof{1, forgery(q)} }, 1, 1},
		"of the truth": {func(q *quartet) *Proof {
			return &Proof{1, newPeers(q.env(1), KindShuffle, []*Announcement{q.nodes[1].own, q.nodes[2].own}, nil)}
		}, 3, 0},
		"signed by who shows it": {func(q *quartet) *Proof {
			p := forgery(q)
			p.Signature = q.env(3).Sign(p.digest())
			return &Proof{1, p}
		}, 3, 0},
		"of nobody's": {func(q *quartet) *Proof { return &Proof{4000, forgery(q)} }, 9, 0},
	} {
		q := newQuartet(t, [2]int{0, 2})
		n, proof := q.nodes[0], tc.proof(q)
		for again := range 2 {
			env := q.env(0)
			n.Receive(env, 3, proof)
			told := 0
			for _, s := range env.Sends {
				if s.Message.Kind() == KindProof {
					told++
				}
			}
			if want := tc.told * (1 - again); told != want {
				t.Errorf("proof %s: %d neighbours are told, want %d", name, told, want)
			}
		}
		for id := range protocols.NodeID(4) {
			if n.shuns(id) != (id == tc.shuns) {
				t.Errorf("proof %s: node %d is shunned: %v", name, id, n.shuns(id))
			}
		}
	}
}

// A list with a forgery is a proof as it is: who gets it tells the neighbours. A list
// that is not signed by its sender is no proof, but shows the receiver enough.
func TestForgeryIsFound(t *testing.T) {
	for _, signed := range []bool{true, false} {
		q := newQuartet(t, [2]int{0, 2})
		n, list, env := q.nodes[0], forgery(q), q.env(0)
		if !signed {
			list.Signature[0]++
		}
		n.walker = 3
		n.Receive(env, 1, list)
		told := false
		for _, s := range env.Sends {
			told = told || s.Message.Kind() == KindProof
		}
		if !n.shuns(1) || told != signed {
			t.Errorf("signed %v: the liar is shunned: %v, and others are told: %v", signed, n.shuns(1), told)
		}
		if held := n.held(2); held != q.nodes[2].own {
			t.Errorf("the forged announcement took the place of the true one: %v", held)
		}
	}
}
