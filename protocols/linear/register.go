package linear

import (
	"cmp"
	"math"
	"slices"

	"meshsim/protocols/kv"
)

// register is the history of one key, as far as it is not judged yet.
type register struct {
	pending []*Operation // called and not ended, in the order of their calls
	events  []event      // calls and returns of those that ended, in order
	sweep   sweep
	closed  bool // nothing more is looked at
}

// event is the call or the return of an operation.
type event struct {
	place   uint64 // among the observations
	returns bool
	o       *Operation
}

func (r *register) add(e event) {
	at, _ := slices.BinarySearchFunc(r.events, e, func(a, b event) int { return cmp.Compare(a.place, b.place) })
	r.events = slices.Insert(r.events, at, e)
}

// end takes an operation that has ended.
func (r *register) end(o *Operation) {
	r.pending = slices.DeleteFunc(r.pending, func(x *Operation) bool { return x == o })
	if o.Outcome != Unknown {
		r.add(event{o.begin, false, o})
		r.add(event{o.end, true, o})
	} else if o.Op != kv.Get {
		r.add(event{o.begin, false, o})
	}
}

// advance judges what has happened as far as the results of all that was under
// way at the time are known. It returns the operation that had no place in any
// order, if there is one.
func (r *register) advance(b *budget) (misfit *Operation, v verdict) {
	until := uint64(math.MaxUint64)
	if len(r.pending) > 0 {
		until = r.pending[0].begin
	}
	n := 0
	for ; n < len(r.events) && r.events[n].place < until; n++ {
		if e := r.events[n]; e.returns {
			v = r.sweep.end(e.o, b)
		} else {
			v = r.sweep.call(e.o)
		}
		if v != explained {
			return r.events[n].o, v
		}
	}
	r.events = slices.Delete(r.events, 0, n)
	return nil, explained
}
