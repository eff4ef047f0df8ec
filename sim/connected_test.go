package sim

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// links is a random topology, in which a link may go one way.
type links [][]protocols.NodeID

func (l links) Degree(id protocols.NodeID) int                        { return len(l[id]) }
func (l links) Neighbour(id protocols.NodeID, i int) protocols.NodeID { return l[id][i] }

// The share of live nodes in the largest connected part is that of a search,
// whatever is cut, down and linked.
func TestConnectedAgainstSearch(t *testing.T) {
	for seed := range uint64(200) {
		r := draw.New(seed)
		n := 1 + r.IntN(24)
		k := &kernel{cfg: &Config{}, states: make([]nodeState, n)}
		for i := range k.states {
			if r.IntN(4) == 0 {
				k.states[i].flags |= nodeDown
			}
		}
		for range r.IntN(4) {
			c := &cut{side: make([]uint8, n), oneWay: r.IntN(3) == 0}
			for i := range c.side {
				c.side[i] = uint8(r.IntN(4))
			}
			k.cuts = append(k.cuts, c)
		}
		if r.IntN(2) == 0 {
			l := make(links, n)
			for a := range l {
				for range r.IntN(3) {
					l[a] = append(l[a], protocols.NodeID(r.IntN(n)))
				}
			}
			k.cfg.Topology = l
		}
		live, largest := 0, 0
		seen := make([]bool, n)
		for a := range n {
			if k.states[a].flags&nodeDown != 0 {
				continue
			}
			live++
			if !seen[a] {
				largest = max(largest, k.search(a, seen))
			}
		}
		want := 0.0
		if live > 0 {
			want = float64(largest) / float64(live)
		}
		if got := k.connected(); got != want {
			t.Fatalf("seed %d: %v of the live nodes are connected, want %v", seed, got, want)
		}
	}
}

// search is the number of nodes that can be reached from a.
func (k *kernel) search(a int, seen []bool) int {
	seen[a] = true
	n := 1
	for b := range k.states {
		if !seen[b] && k.states[b].flags&nodeDown == 0 && k.linked(uint32(a), uint32(b)) && !k.cut(uint32(a), uint32(b)) && !k.cut(uint32(b), uint32(a)) {
			n += k.search(b, seen)
		}
	}
	return n
}

// linked tells whether one of the nodes knows the other.
func (k *kernel) linked(a, b uint32) bool {
	t := k.topology()
	for _, pair := range [2][2]uint32{{a, b}, {b, a}} {
		for i := range t.Degree(protocols.NodeID(pair[0])) {
			if t.Neighbour(protocols.NodeID(pair[0]), i) == protocols.NodeID(pair[1]) {
				return true
			}
		}
	}
	return false
}
