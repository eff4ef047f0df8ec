package linear

import (
	"cmp"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// Limits of a key's history.
const (
	segment    = 16      // operations after which a pause ends a segment
	maxPause   = 1 << 10 // operations without a pause after which a key is looked at all the same
	maxSegment = 1 << 14 // operations without a pause that are judged at most
	maxStarts  = 64      // values that a key may have between two segments
)

// register is the history of one key.
type register struct {
	pending int            // operations under way
	last    protocols.Time // the last return
	open    []*Operation   // the segment's, that have returned
	limbo   []*Operation   // writes with an unknown result, by call
	starts  []start        // what may be there at the beginning of the segment
	closed  bool           // judged for good: nothing more is looked at
}

// start is a value that a key may have between two segments. Of the deletes in
// limbo, the first used ones have happened.
type start struct {
	value uint64
	used  int
}

// end takes an operation that was under way and is no more.
func (r *register) end(o *Operation) {
	r.pending--
	switch {
	case o.Outcome != Unknown:
		r.open, r.last = append(r.open, o), o.Return
	case o.Op != kv.Get:
		at, _ := slices.BinarySearchFunc(r.limbo, o, func(a, b *Operation) int {
			return cmp.Or(cmp.Compare(a.Call, b.Call), cmp.Compare(a.Client, b.Client), cmp.Compare(a.Sequence, b.Sequence))
		})
		r.limbo = slices.Insert(r.limbo, at, o)
	}
}

// required are the operations that a segment must explain: those that returned,
// and those in limbo whose value somebody has seen.
func required(open, limbo []*Operation) (list, rest []*Operation) {
	seen := map[uint64]bool{}
	list = slices.Clone(open)
	for _, o := range list {
		if v, ok := o.sees(); ok {
			seen[v] = true
		}
	}
	rest = slices.Clone(limbo)
	for more := true; more; {
		more = false
		rest = slices.DeleteFunc(rest, func(o *Operation) bool {
			if o.Op == kv.Delete || !seen[o.Value] {
				return false
			}
			happened := *o
			happened.Outcome, happened.Return = Done, forever
			if v, ok := happened.sees(); ok {
				seen[v] = true
			}
			list = append(list, &happened)
			more = true
			return true
		})
	}
	return list, rest
}

// seesNone reports whether an operation proves that the key had no value.
func seesNone(list []*Operation) bool {
	return slices.ContainsFunc(list, func(o *Operation) bool { v, ok := o.sees(); return ok && v == 0 })
}

// deletes are those in a list.
func deletes(list []*Operation) (d []*Operation) {
	for _, o := range list {
		if o.Op == kv.Delete {
			d = append(d, o)
		}
	}
	return d
}

// ends lists the values that may be there when all operations have happened: what
// a write leaves after whose return no other write began.
func ends(list []*Operation, from uint64) (values []uint64) {
	last := forever
	for _, o := range list {
		if _, ok := o.leaves(); ok && (last == forever || o.Call > last) {
			last = o.Call
		}
	}
	if last == forever {
		return []uint64{from}
	}
	for _, o := range list {
		if v, ok := o.leaves(); ok && o.Return >= last && !slices.Contains(values, v) {
			values = append(values, v)
		}
	}
	return values
}

// judge looks for the values that may be there at the end of the segment. There
// are none if nothing explains it.
func (r *register) judge(s *search) (after []start, v verdict) {
	list, rest := required(r.open, r.limbo)
	gone := deletes(rest)
	if !seesNone(list) {
		gone = nil // a delete that nobody notices may as well come later
	}
	for _, from := range r.starts {
		for m := from.used; m <= max(len(gone), from.used); m++ {
			with := append(slices.Clone(list), unanswered(gone[min(from.used, len(gone)):min(m, len(gone))])...)
			for _, to := range ends(with, from.value) {
				if slices.ContainsFunc(after, func(x start) bool { return x.value == to && x.used <= m }) {
					continue
				}
				switch s.run(with, from.value, true, to) {
				case explained:
					after = append(after, start{to, m})
				case exhausted:
					return nil, exhausted
				}
			}
		}
	}
	if len(after) > maxStarts {
		return nil, exhausted
	}
	if len(after) == 0 {
		return nil, violated
	}
	return after, explained
}

// unanswered are deletes without an answer that have happened at some time.
func unanswered(list []*Operation) []*Operation {
	out := make([]*Operation, len(list))
	for i, o := range list {
		happened := *o
		happened.Return = forever // still without a result, so that step asks nothing of it
		out[i] = &happened
	}
	return out
}

// explains reports whether there is an order, whatever is there in the end.
func (r *register) explains(open, limbo []*Operation, s *search) verdict {
	list, rest := required(open, limbo)
	gone := deletes(rest)
	worst := violated
	for _, from := range r.starts {
		with := append(slices.Clone(list), unanswered(gone[min(from.used, len(gone)):])...)
		switch s.run(with, from.value, false, 0) {
		case explained:
			return explained
		case exhausted:
			worst = exhausted
		}
	}
	return worst
}

// cut ends the segment with what may be there.
func (r *register) cut(after []start) {
	_, r.limbo = required(r.open, r.limbo)
	r.open, r.starts = nil, after
}
