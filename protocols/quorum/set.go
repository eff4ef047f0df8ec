package quorum

import "math/bits"

// Set is a set of replicas by their places 0 … n-1. The zero Set is empty and
// has no room.
type Set struct {
	words []uint64
	count int
}

// NewSet returns an empty set with room for n places.
func NewSet(n int) Set { return Set{words: make([]uint64, (n+63)/64)} }

// Add puts a place in and reports whether it was not there. Cost: constant.
func (s *Set) Add(place int) bool {
	w, bit := &s.words[place>>6], uint64(1)<<(place&63)
	if *w&bit != 0 {
		return false
	}
	*w |= bit
	s.count++
	return true
}

// Has reports whether a place is in the set; it is not if there is no room for it.
func (s *Set) Has(place int) bool {
	return place>>6 < len(s.words) && s.words[place>>6]&(1<<(place&63)) != 0
}

// Count is the number of places in the set. Cost: constant.
func (s *Set) Count() int { return s.count }

// Clear empties the set and keeps its room.
func (s *Set) Clear() {
	clear(s.words)
	s.count = 0
}

// Places appends the places to list, ascending.
func (s *Set) Places(list []int) []int {
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			list = append(list, i<<6+bits.TrailingZeros64(w))
		}
	}
	return list
}
