package linear

import (
	"fmt"
	"math"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// Outcome is what is known of how an operation ended.
type Outcome uint8

// The outcomes.
const (
	Unknown  Outcome = iota // no answer: it may have happened, or not
	Done                    // it happened
	Mismatch                // a compare-and-swap found Result instead of Expect
)

// Operation is an operation as its client saw it.
type Operation struct {
	Client   protocols.NodeID
	Sequence uint64
	Op       kv.Op
	Key      uint64
	Expect   uint64 // of a compare-and-swap
	Value    uint64 // that a put or compare-and-swap writes
	Outcome  Outcome
	Result   uint64 // what a get read, a delete removed, a compare-and-swap found
	Call     protocols.Time
	Return   protocols.Time // without meaning if the outcome is Unknown

	begin, end uint64 // places of call and return among the observations; end 0: none
}

// forever is the return of what has none.
const forever = protocols.Time(math.MaxInt64)

// sees returns the value that the operation proves to have been there; ok is
// false if it proves nothing.
func (o *Operation) sees() (value uint64, ok bool) {
	switch {
	case o.Outcome == Unknown || o.Op == kv.Put:
		return 0, false
	case o.Op == kv.CompareAndSwap && o.Outcome == Done:
		return o.Expect, true
	}
	return o.Result, true
}

// needs is the value that must be there for the operation to take effect; ok is
// false if it takes effect at any value.
func (o *Operation) needs() (value uint64, ok bool) {
	if o == nil {
		return 0, false
	}
	if o.Op == kv.CompareAndSwap && o.Outcome == Unknown {
		return o.Expect, true // where it finds another value, it has no effect to speak of
	}
	return o.sees()
}

// keeps reports whether the value stays as it is.
func (o *Operation) keeps() bool {
	v, changes := o.leaves()
	n, ok := o.needs()
	return !changes || ok && n == v
}

// leaves returns the value that is there after the operation; ok is false if
// that is what was there before.
func (o *Operation) leaves() (value uint64, ok bool) {
	switch {
	case o.Op == kv.Get || o.Outcome == Mismatch:
		return 0, false
	case o.Op == kv.Delete:
		return 0, true
	}
	return o.Value, true
}

// happened is an operation without a return that must have taken effect. What a
// delete removed is still unknown.
func (o *Operation) happened() *Operation {
	x := *o
	if x.end, x.Return = 0, forever; x.Op != kv.Delete {
		x.Outcome = Done
	}
	return &x
}

// step is the sequential specification of a key: the value after the operation;
// ok is false if the operation cannot have happened at a value.
func (o *Operation) step(value uint64) (next uint64, ok bool) {
	if seen, proves := o.sees(); proves && seen != value || o.Outcome == Mismatch && value == o.Expect {
		return 0, false
	}
	if after, changes := o.leaves(); changes {
		return after, true
	}
	return value, true
}

// String returns the operation with its client and times.
func (o *Operation) String() string {
	at := func(t protocols.Time) time.Duration { return time.Duration(t).Round(time.Microsecond) }
	s := fmt.Sprintf("%s by node %d, %v to ", o.describe(), o.Client, at(o.Call))
	if o.Outcome == Unknown || o.Return == forever {
		return s + "?"
	}
	return s + at(o.Return).String()
}

func (o *Operation) describe() string {
	switch {
	case o.Op == kv.Get:
		return "get " + name(o.Result)
	case o.Op == kv.Put:
		return "put " + name(o.Value)
	case o.Op == kv.Delete:
		return "delete " + name(o.Result)
	case o.Outcome == Mismatch:
		return fmt.Sprintf("cas %s to %s found %s", name(o.Expect), name(o.Value), name(o.Result))
	}
	return fmt.Sprintf("cas %s to %s", name(o.Expect), name(o.Value))
}

// name is a value for people: the last digits tell values apart.
func name(value uint64) string {
	if value == 0 {
		return "none"
	}
	return fmt.Sprintf("v%06x", value&0xffffff)
}
