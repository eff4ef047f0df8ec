package linear_test

import (
	"cmp"
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
)

var kinds = linear.Kinds{Asked: 0, Expects: 1, Writes: 2, Submitted: 3, Returned: 4, Refused: 5, Failed: 6, Dropped: 7}

// feed shows a history to a checker and returns what it says.
func feed(c *linear.Checker, list []*linear.Operation) (violation, undecided string) {
	type event struct {
		at    protocols.Time
		order int
		o     *linear.Operation
		end   bool
	}
	var events []event
	for i, o := range list {
		events = append(events, event{o.Call, 2 * i, o, false})
		if o.Outcome != linear.Unknown || o.Return > 0 {
			events = append(events, event{o.Return, 2*i + 1, o, true})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Or(cmp.Compare(a.at, b.at), a.order-b.order) })
	text := ""
	tell := func(e event, k protocols.ObservationKind, v uint64) {
		if s := c.Observe(protocols.Observed{At: e.at, Node: e.o.Client, Protocol: "store",
			Observation: protocols.Observation{Kind: k, Key: e.o.Sequence, Value: v}}); s != "" && text == "" {
			text = s
		}
	}
	for _, e := range events {
		switch {
		case !e.end:
			tell(e, kinds.Asked, linear.Pack(e.o.Op, e.o.Key))
			tell(e, kinds.Expects, e.o.Expect)
			tell(e, kinds.Writes, e.o.Value)
			tell(e, kinds.Submitted, 1)
			tell(e, kinds.Submitted, 2)
		case e.o.Outcome == linear.Done:
			tell(e, kinds.Returned, e.o.Result)
		case e.o.Outcome == linear.Mismatch:
			tell(e, kinds.Refused, e.o.Result)
		default:
			tell(e, kinds.Failed, 0)
		}
	}
	violation, undecided = c.Finish(1 << 40)
	if text != "" {
		violation = text
	}
	return violation, undecided
}

// possible is the definition, tried out: is there an order of the operations in
// which each is possible, that keeps apart what was apart in time? Those with an
// unknown result may be left out.
func possible(list []*linear.Operation, value uint64) bool {
	type state struct {
		done  uint64
		value uint64
	}
	seen := map[state]bool{}
	var try func(s state) bool
	try = func(s state) bool {
		if seen[s] {
			return false
		}
		seen[s] = true
		finished := true
		first := protocols.Time(1 << 62) // no operation may come after the return of one that is left
		for i, o := range list {
			if s.done>>i&1 == 0 && o.Outcome != linear.Unknown {
				finished, first = false, min(first, o.Return)
			}
		}
		if finished {
			return true
		}
		for i, o := range list {
			if s.done>>i&1 != 0 || o.Call > first {
				continue
			}
			x := *o
			if x.Outcome == linear.Unknown {
				if x.Op == kv.Get || x.Op == kv.CompareAndSwap && s.value != x.Expect {
					continue
				}
			}
			if next, ok := linear.Step(&x, s.value); ok && try(state{s.done | 1<<i, next}) {
				return true
			}
		}
		return false
	}
	return try(state{0, value})
}

// random makes a history of a few clients. Results are mostly what a store would
// give, and sometimes what somebody else wrote.
func random(r *draw.Rand) (list []*linear.Operation) {
	free := make([]protocols.Time, 2+r.IntN(3)) // when each client may call
	values := []uint64{0}
	wrong := draw.Ratio(1, uint64(2+r.IntN(12)))
	for i := range 3 + r.IntN(9) {
		client := r.IntN(len(free))
		o := &linear.Operation{Client: protocols.NodeID(client), Sequence: uint64(i + 1), Key: 3, Op: kv.Op(1 + r.IntN(4))}
		o.Call = free[client] + protocols.Time(r.IntN(6))
		o.Return = o.Call + protocols.Time(1+r.IntN(10))
		free[client] = o.Return + 1
		if o.Op == kv.Put || o.Op == kv.CompareAndSwap {
			o.Value = uint64(100 + i)
			values = append(values, o.Value)
		}
		list = append(list, o)
	}
	// Everything happens at some instant of its time.
	at := make([]int, len(list))
	for i, o := range list { // no two at once
		o.Call, o.Return = 100*o.Call+protocols.Time(2*i), 100*o.Return+protocols.Time(2*i+1)
		at[i] = int(o.Call)*64 + r.IntN(int(o.Return-o.Call)*64)
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(at[a]-at[b], a-b) })
	value := uint64(0)
	for _, i := range order {
		o := list[i]
		lost := r.Hit(draw.Ratio(1, 6))
		happens := !lost || r.IntN(2) == 0
		o.Outcome = linear.Done
		switch o.Op {
		case kv.Get, kv.Delete:
			o.Result = value
		case kv.CompareAndSwap:
			o.Expect = value
			if r.IntN(3) == 0 {
				if o.Expect = values[r.IntN(len(values))]; o.Expect != value {
					o.Outcome, o.Result, happens = linear.Mismatch, value, false
				}
			}
		}
		if r.Hit(wrong) && o.Op != kv.Put {
			if v := values[r.IntN(len(values))]; o.Op == kv.CompareAndSwap && o.Outcome == linear.Done {
				o.Expect = v
			} else {
				o.Result = v
			}
		}
		if happens {
			switch o.Op {
			case kv.Put, kv.CompareAndSwap:
				value = o.Value
			case kv.Delete:
				value = 0
			}
		}
		if lost {
			o.Outcome, o.Result = linear.Unknown, 0
			if r.IntN(2) == 0 {
				o.Return = 0 // nobody says that it failed
			}
		}
	}
	return list
}

// The checker says what the definition says, and Porcupine the same of what the
// checker shows it.
func TestAgainstDefinition(t *testing.T) {
	counts := [2]int{}
	for seed := range uint64(20000) {
		r := draw.New(draw.Mix(seed))
		list := random(&r)
		want := possible(list, 0)
		counts[map[bool]int{false: 0, true: 1}[want]]++
		c := linear.New(kinds)
		violation, undecided := feed(c, list)
		if undecided != "" || (violation == "") != want {
			for _, o := range list {
				t.Logf("%d: %v outcome %d", o.Sequence, o, o.Outcome)
			}
			t.Fatalf("seed %d: says %q (undecided %q), linearizable: %v", seed, violation, undecided, want)
		}
		if !want && !c.Confirmed() {
			t.Errorf("seed %d: Porcupine does not find the violation %q", seed, violation)
		}
	}
	if counts[0] < 4000 || counts[1] < 4000 {
		t.Errorf("%d histories are not linearizable and %d are: too few to prove anything", counts[0], counts[1])
	}
}
