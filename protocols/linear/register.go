package linear

import (
	"cmp"
	"slices"

	"meshsim/protocols"
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
	at      protocols.Time
	returns bool
	o       *Operation
}

// before orders events. What is called at the instant at which something returns
// may have been called before.
func (e event) before(x event) int {
	if c := cmp.Compare(e.at, x.at); c != 0 {
		return c
	}
	if e.returns != x.returns {
		if x.returns {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(e.o.Client, x.o.Client), cmp.Compare(e.o.Sequence, x.o.Sequence))
}

func (r *register) add(e event) {
	at, _ := slices.BinarySearchFunc(r.events, e, event.before)
	r.events = slices.Insert(r.events, at, e)
}

// end takes an operation that has ended.
func (r *register) end(o *Operation) {
	r.pending = slices.DeleteFunc(r.pending, func(x *Operation) bool { return x == o })
	if o.Outcome != Unknown {
		r.add(event{o.Call, false, o})
		r.add(event{o.Return, true, o})
	} else if o.Op != kv.Get {
		r.add(event{o.Call, false, o})
	}
}

// advance judges what came before an instant, as far as the results of all that
// was under way are known. It returns the operation that had no place in any
// order, if there is one.
func (r *register) advance(until protocols.Time, b *budget) (misfit *Operation, v verdict) {
	if len(r.pending) > 0 {
		until = min(until, r.pending[0].Call)
	}
	n := 0
	for ; n < len(r.events) && r.events[n].at < until; n++ {
		e := r.events[n]
		switch {
		case !e.returns:
			v = r.sweep.call(e.o)
		default:
			v = r.sweep.end(e.o, b)
		}
		if v != explained {
			return e.o, v
		}
	}
	r.events = slices.Delete(r.events, 0, n)
	return nil, explained
}
