package partition

import (
	"math/bits"

	"meshsim/protocols/wire"
)

// places is a set of members by their places, a bit each. Its last word is never
// 0, so a set has one form, and the empty one is nil or has no length. What a
// message carries is never changed.
type places []uint64

func (s places) has(place int) bool {
	return place>>6 < len(s) && s[place>>6]>>(place&63)&1 != 0
}

func (s *places) add(place int) {
	for len(*s) <= place>>6 {
		*s = append(*s, 0)
	}
	(*s)[place>>6] |= 1 << (place & 63)
}

func (s *places) remove(place int) {
	if s.has(place) {
		(*s)[place>>6] &^= 1 << (place & 63)
		s.trim()
	}
}

func (s *places) trim() {
	for n := len(*s); n > 0 && (*s)[n-1] == 0; n-- {
		*s = (*s)[:n-1]
	}
}

func (s places) count() (n int) {
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// clone is a copy that a message may carry.
func (s places) clone() places {
	if len(s) == 0 {
		return nil
	}
	return append(places(nil), s...)
}

// common is how many places two sets share.
func (s places) common(t places) (n int) {
	for i := range min(len(s), len(t)) {
		n += bits.OnesCount64(s[i] & t[i])
	}
	return n
}

// each calls f for all places below n, ascending.
func (s places) each(n int, f func(place int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if p := i<<6 + bits.TrailingZeros64(w); p < n {
				f(p)
			}
		}
	}
}

func (s places) size() int { return wire.UvarintSize(uint64(len(s))) + 8*len(s) }

func (s places) appendTo(b []byte) []byte {
	b = wire.AppendUvarint(b, uint64(len(s)))
	for _, w := range s {
		b = wire.AppendUint64(b, w)
	}
	return b
}

func readPlaces(r *wire.Reader) places {
	n := r.Count(8)
	if n == 0 {
		return nil
	}
	s := make(places, n)
	for i := range s {
		s[i] = r.Uint64()
	}
	if s[n-1] == 0 {
		r.Fail(wire.ErrForm)
	}
	return s
}
