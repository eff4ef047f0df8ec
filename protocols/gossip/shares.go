package gossip

import (
	mathbits "math/bits"
	"slices"

	"meshsim/protocols"
)

// shares are the parts of the leaders' units that a node holds, by leader. A
// slice is never changed, since it is in messages.
type shares []share

type share struct {
	leader protocols.NodeID
	part   uint64
}

// unitShare is the unit that a leader begins with: as fine as 64 bits allow, so
// that the n-th part of it is exact even in a large mesh.
const unitShare = 1 << 62

// A node holds shares of so many leaders; those of the highest numbers are left
// out, by all nodes alike.
const maxShares = 32

// averaged returns the halves of the sums.
func (s shares) averaged(t shares, h half) shares {
	return s.combined(t, func(x uint64) uint64 { return h.part(x) })
}

// added returns the sums.
func (s shares) added(t shares) shares {
	return s.combined(t, func(x uint64) uint64 { return x })
}

// halved returns the halves.
func (s shares) halved(h half) shares {
	return s.combined(nil, func(x uint64) uint64 { return h.part(x) })
}

func (h half) part(x uint64) uint64 {
	if h == upper {
		return x - x>>1
	}
	return x >> 1
}

// combined merges two lists; f is applied to the sum of a leader's parts.
func (s shares) combined(t shares, f func(uint64) uint64) shares {
	if len(s)+len(t) == 0 {
		return nil
	}
	out := make(shares, 0, min(len(s)+len(t), maxShares))
	for len(s)+len(t) > 0 && len(out) < maxShares {
		var next share
		switch {
		case len(t) == 0 || len(s) > 0 && s[0].leader < t[0].leader:
			next, s = s[0], s[1:]
		case len(s) == 0 || t[0].leader < s[0].leader:
			next, t = t[0], t[1:]
		default:
			next = share{s[0].leader, s[0].part + t[0].part}
			s, t = s[1:], t[1:]
		}
		if next.part = f(next.part); next.part > 0 {
			out = append(out, next)
		}
	}
	return out
}

// estimate is what the node would answer, times scale; ok is false if it cannot
// tell yet.
func (a *aggregate) estimate(f function, pushSum bool) (v int64, ok bool) {
	switch {
	case f.extreme():
		return a.value, true
	case pushSum && f == average:
		return divided(a.value, unitWeight, a.weight)
	case f == average:
		return a.value, true
	}
	// Each leader's share tells a number of nodes, or a sum. As in section 3.3
	// of Jelasity et al., the lowest and the highest third are left out.
	var room [maxShares]int64
	list := room[:0]
	for _, s := range a.shares {
		if e, ok := a.estimateBy(s, f, pushSum); ok {
			list = append(list, e)
		}
	}
	return trimmedMean(list)
}

// estimateBy is the estimate by one leader's share.
func (a *aggregate) estimateBy(s share, f function, pushSum bool) (v int64, ok bool) {
	switch {
	case pushSum && f == count:
		// weight/unitWeight nodes for part/unitShare of the leader
		return divided(int64(a.weight>>1), unitShare/unitWeight*2*scale, s.part)
	case pushSum:
		return divided(a.value, unitShare, s.part)
	case f == count:
		return divided(scale, unitShare, s.part)
	}
	return divided(a.value, unitShare, s.part) // average times count
}

// divided is a·b/c, rounded towards 0; ok is false if that does not fit.
func divided(a int64, b, c uint64) (v int64, ok bool) {
	hi, lo := mathbits.Mul64(magnitude(a), b)
	if hi >= c {
		return 0, false // c may be 0
	}
	q, _ := mathbits.Div64(hi, lo, c)
	if q > 1<<63-1 {
		return 0, false
	}
	if a < 0 {
		return -int64(q), true
	}
	return int64(q), true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}

// trimmedMean is the mean of the middle third of the list, which it sorts.
func trimmedMean(list []int64) (v int64, ok bool) {
	if len(list) == 0 {
		return 0, false
	}
	slices.Sort(list)
	list = list[len(list)/3 : len(list)-len(list)/3]
	rest := int64(0)
	for _, x := range list { // the sum may not fit
		v += x / int64(len(list))
		rest += x % int64(len(list))
	}
	return v + rest/int64(len(list)), true
}
