package gossip

import (
	"math"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// star is a topology in which node 0 knows these and they know nobody.
type star []protocols.NodeID

func (s star) Degree(id protocols.NodeID) int {
	if id == 0 {
		return len(s)
	}
	return 0
}
func (s star) Neighbour(_ protocols.NodeID, i int) protocols.NodeID { return s[i] }

func drawn(n *node, self protocols.NodeID, key uint64, want int) []protocols.NodeID {
	env := &protocols.Env{}
	env.Reset(self, 0, key, nil)
	return n.partners(env, nil, want)
}

// Partners are distinct, uniform, and never oneself, whoever one is.
func TestPartnersAreUniform(t *testing.T) {
	members := []protocols.NodeID{2, 3, 5, 7, 11, 13}
	n := &node{shared: newShared(Default(), protocols.World{Nodes: 20, Members: members})}
	const draws = 6000
	for _, self := range members {
		count := map[protocols.NodeID]int{}
		for key := range uint64(draws) {
			list := drawn(n, self, draw.Mix(key), 3)
			for i, p := range list {
				count[p]++
				if p == self || slices.Contains(list[:i], p) {
					t.Fatalf("node %d contacts %v", self, list)
				}
			}
		}
		for _, p := range members {
			want := float64(draws) * 3 / 5
			if p == self {
				want = 0
			}
			if sd := math.Sqrt(draws * .6 * .4); math.Abs(float64(count[p])-want) > 4.5*sd {
				t.Errorf("node %d contacts %d %d times, want %v", self, p, count[p], want)
			}
		}
	}
}

// A larger fanout adds partners and changes none.
func TestFanoutsShareTheirPartners(t *testing.T) {
	n := &node{shared: newShared(Default(), protocols.World{Nodes: 30, Members: ids(30)})}
	for key := range uint64(200) {
		all := drawn(n, 4, key, 40)
		if len(all) != 29 {
			t.Fatalf("%d partners, want all 29 others", len(all))
		}
		for f := range 29 {
			if got := drawn(n, 4, key, f); !slices.Equal(got, all[:f]) {
				t.Fatalf("fanout %d: %v, want the first of %v", f, got, all)
			}
		}
	}
}

func ids(n int) (list []protocols.NodeID) {
	for i := range n {
		list = append(list, protocols.NodeID(i))
	}
	return list
}

func TestPeersAreNeighbours(t *testing.T) {
	c := Default()
	c.Peers = "neighbours"
	tests := []struct {
		name    string
		members []protocols.NodeID
		want    []protocols.NodeID
	}{
		{"all gossip", ids(9), []protocols.NodeID{2, 4, 8}},
		{"some gossip", []protocols.NodeID{0, 1, 4, 8}, []protocols.NodeID{4, 8}},
		{"none gossips", []protocols.NodeID{0, 1}, nil},
	}
	for _, tc := range tests {
		w := protocols.World{Nodes: 9, Members: tc.members, Topology: star{2, 4, 8}}
		n := &node{shared: newShared(c, w)}
		got := drawn(n, 0, 1, 5)
		slices.Sort(got)
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
		if lonely := drawn(n, 1, 1, 5); len(lonely) != 0 {
			t.Errorf("%s: a node without neighbours contacts %v", tc.name, lonely)
		}
	}
}

func TestAloneInTheMesh(t *testing.T) {
	n := &node{shared: newShared(Default(), protocols.World{Nodes: 3, Members: ids(1)})}
	if got := drawn(n, 0, 1, 3); len(got) != 0 {
		t.Errorf("the only member contacts %v", got)
	}
}

// Whom a membership protocol announces is a partner, until it fails or leaves.
func TestPeersAreAnnounced(t *testing.T) {
	c := Default()
	c.Peers = "membership"
	n := &node{shared: newShared(c, protocols.World{Nodes: 9, Members: ids(9)})}
	for _, e := range []protocols.Event{
		{Kind: protocols.PeerUp, Node: 3}, {Kind: protocols.PeerUp, Node: 5}, {Kind: protocols.PeerUp, Node: 7}, {Kind: protocols.PeerUp, Node: 3},
		{Kind: protocols.PeerFailed, Node: 5}, {Kind: protocols.PeerSuspected, Node: 3}, {Kind: protocols.PeerLeft, Node: 7}, {Kind: protocols.PeerLeft, Node: 8},
	} {
		n.Hear(&protocols.Env{Self: 4}, e)
	}
	if got := drawn(n, 4, 1, 9); !slices.Equal(got, []protocols.NodeID{3}) {
		t.Errorf("partners are %v, want 3 alone", got)
	}
}

// Back is no membership: a failure detector says so of nodes to which there is no
// link, and a list of all that ever failed would grow with the mesh.
func TestBackIsNoMembership(t *testing.T) {
	c := Default()
	c.Peers = "membership"
	n := &node{shared: newShared(c, protocols.World{Nodes: 9, Members: ids(9)})}
	for p := range protocols.NodeID(9) {
		n.Hear(&protocols.Env{Self: 4}, protocols.Event{Kind: protocols.PeerFailed, Node: p})
		n.Hear(&protocols.Env{Self: 4}, protocols.Event{Kind: protocols.PeerBack, Node: p})
	}
	if got := drawn(n, 4, 1, 9); len(got) != 0 {
		t.Errorf("partners are %v, want none", got)
	}
}

// Where anybody is a partner, who has failed is none until it is back; and nobody
// else's chances change but for it.
func TestFailedPeersArePassedOver(t *testing.T) {
	const nodes, self = 40, 7
	n := &node{shared: newShared(Default(), protocols.World{Nodes: nodes, Members: ids(nodes)})}
	hear := func(kind protocols.EventKind, list ...protocols.NodeID) {
		for _, p := range list {
			n.Hear(&protocols.Env{Self: self}, protocols.Event{Kind: kind, Node: p})
		}
	}
	dead := ids(nodes)[20:]
	hear(protocols.PeerFailed, dead...)
	count := map[protocols.NodeID]int{}
	const draws = 6000
	for key := range uint64(draws) {
		list := drawn(n, self, draw.Mix(key), 3)
		if len(list) != 3 {
			t.Fatalf("%d partners, want 3", len(list))
		}
		for i, p := range list {
			count[p]++
			if p >= 20 || p == self || slices.Contains(list[:i], p) {
				t.Fatalf("partners are %v", list)
			}
		}
	}
	for p := range protocols.NodeID(20) {
		want := draws * 3. / 19
		if sd := math.Sqrt(want); p != self && math.Abs(float64(count[p])-want) > 4.5*sd {
			t.Errorf("%d is a partner %d times, want %v", p, count[p], want)
		}
	}
	hear(protocols.PeerBack, dead...)
	fresh := &node{shared: n.shared}
	for key := range uint64(100) {
		if got, want := drawn(n, self, key, 3), drawn(fresh, self, key, 3); !slices.Equal(got, want) {
			t.Fatalf("partners are %v when all are back, want %v", got, want)
		}
	}
}

// Where nobody is left, none is chosen, and that is found out soon.
func TestAllPeersHaveFailed(t *testing.T) {
	n := &node{shared: newShared(Default(), protocols.World{Nodes: 5000, Members: ids(5000)})}
	for p := range protocols.NodeID(5000) {
		n.Hear(&protocols.Env{Self: 7}, protocols.Event{Kind: protocols.PeerFailed, Node: p})
	}
	if got := drawn(n, 7, 1, 3); len(got) != 0 {
		t.Errorf("partners are %v, want none", got)
	}
}
