package scenarios

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// A span is the nodes lo … hi-1.
type span struct{ lo, hi protocols.NodeID }

func (s span) count() int { return int(s.hi - s.lo) }

// A set is a set of nodes as ascending spans that do not touch, so that a
// million nodes take a few bytes.
type set []span

// newSet joins spans in any order.
func newSet(spans ...span) set {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s span) bool { return s.lo >= s.hi })
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi)) })
	var out set
	for _, s := range spans {
		if n := len(out); n > 0 && s.lo <= out[n-1].hi {
			out[n-1].hi = max(out[n-1].hi, s.hi)
			continue
		}
		out = append(out, s)
	}
	return out
}

// count is the number of nodes in the set.
func (s set) count() int {
	n := 0
	for _, r := range s {
		n += r.count()
	}
	return n
}

// intersect returns the nodes that are in both.
func (s set) intersect(t set) set {
	var out set
	for _, a := range s {
		for _, b := range t {
			if r := (span{max(a.lo, b.lo), min(a.hi, b.hi)}); r.lo < r.hi {
				out = append(out, r)
			}
		}
	}
	return newSet(out...)
}

// minus returns the nodes of s that are not in t.
func (s set) minus(t set) set {
	out := s
	for _, cut := range t {
		var left set
		for _, r := range out {
			left = append(left, span{r.lo, min(r.hi, cut.lo)}, span{max(r.lo, cut.hi), r.hi})
		}
		out = newSet(left...)
	}
	return out
}

// ids lists the nodes, ascending.
func (s set) ids() []protocols.NodeID {
	out := make([]protocols.NodeID, 0, s.count())
	for _, r := range s {
		for id := r.lo; id < r.hi; id++ {
			out = append(out, id)
		}
	}
	return out
}
