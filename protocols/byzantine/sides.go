package byzantine

import (
	"cmp"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// sides divides the nodes that a corruption does not strike. It is the same for
// all whom it strikes.
type sides struct {
	*protocols.Corruption
	n       int
	members []protocols.NodeID
	side    []uint8 // by place among the members; nil: there are too many to count
}

// countable is the most members that are divided evenly. More are divided by
// chance, to within a few percent.
const countable = 4096

// newSides divides by Corruption.To if that is given: those it names are on side
// 1, or on one of the sides from 1 on, the others on side 0.
func newSides(w protocols.World, c *protocols.Corruption, parts Strata, n int) *sides {
	s := &sides{Corruption: c, n: n, members: w.Members}
	if c.To != nil || len(w.Members) > countable {
		return s
	}
	s.side = make([]uint8, len(w.Members))
	for begin := 0; begin < len(w.Members); {
		end := len(w.Members)
		for _, p := range parts {
			if at, _ := slices.BinarySearch(w.Members, p); at > begin {
				end = min(end, at)
			}
		}
		s.divide(begin, end)
		begin = end
	}
	return s
}

// divide deals the members from begin to end out to the sides, in an order that
// is drawn.
func (s *sides) divide(begin, end int) {
	var places []int
	for i := begin; i < end; i++ {
		if !contains(s.Nodes, s.members[i]) {
			places = append(places, i)
		}
	}
	slices.SortFunc(places, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.word(s.members[a]), s.word(s.members[b])), a-b)
	})
	for k, i := range places {
		s.side[i] = uint8(k % s.n)
	}
}

func (s *sides) word(id protocols.NodeID) uint64 { return draw.Derive(s.Key, uint64(id)) }

// of is the side that a node is on.
func (s *sides) of(id protocols.NodeID) int {
	switch {
	case s.To != nil && !contains(s.To, id):
		return 0
	case s.To != nil:
		return 1 + int(s.word(id)%uint64(s.n-1))
	case s.side == nil:
		return int(s.word(id) % uint64(s.n))
	}
	if i, ok := slices.BinarySearch(s.members, id); ok {
		return int(s.side[i])
	}
	return 0
}
