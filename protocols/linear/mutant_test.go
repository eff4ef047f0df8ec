package linear_test

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
)

// store is a real store behind clients that ask it at random times, with a fault.
type store struct {
	kv.Store
	old    kv.Store // as it was some operations ago
	fault  string
	rand   draw.Rand
	again  []kv.Command
	missed int // times that the fault struck
}

// apply executes a command as the fault has it.
func (s *store) apply(c kv.Command) kv.Result {
	strikes := s.rand.IntN(300) == 0
	switch {
	case s.fault == "stale read" && c.Op == kv.Get && strikes:
		s.missed++
		return s.old.ApplyCommand(c)
	case s.fault == "lost write" && c.Op == kv.Put && strikes:
		s.missed++
		return kv.Result{Status: kv.Done}
	case s.fault == "double apply" && c.Op == kv.Put && strikes:
		s.again = append(s.again, c)
	}
	if len(s.again) > 0 && s.rand.IntN(40) == 0 {
		s.missed++
		s.Store.ApplyCommand(s.again[0])
		s.again = s.again[1:]
	}
	if s.rand.IntN(30) == 0 {
		if err := s.old.Restore(s.Snapshot()); err != nil {
			panic(err)
		}
	}
	return s.Store.ApplyCommand(c)
}

// history lets clients ask a store: each one operation after the other, some of
// which never get an answer.
func (s *store) history(clients, keys, operations int) []*linear.Operation {
	type instant struct {
		at int
		o  *linear.Operation
	}
	var list []*linear.Operation
	var order []instant
	free := make([]int, clients)
	for i := range operations {
		client := i % clients
		call := free[client] + s.rand.IntN(2000)
		end := call + 1 + s.rand.IntN(400)
		free[client] = end + 1
		o := &linear.Operation{Client: protocols.NodeID(client), Sequence: uint64(i + 1), Op: kv.Op(1 + s.rand.IntN(3)), Key: uint64(s.rand.IntN(keys)),
			Call: protocols.Time(call), Return: protocols.Time(end)}
		if s.rand.IntN(20) == 0 {
			o.Op = kv.Delete
		}
		list, order = append(list, o), append(order, instant{call + s.rand.IntN(end-call), o})
	}
	slices.SortFunc(order, func(a, b instant) int { return cmp.Or(a.at-b.at, int(a.o.Sequence)-int(b.o.Sequence)) })
	for _, i := range order {
		o := i.o
		c := kv.Command{Op: o.Op, Key: o.Key}
		if o.Op == kv.Put || o.Op == kv.CompareAndSwap {
			c.Value = o.Sequence
			o.Value = c.Value
		}
		if o.Op == kv.CompareAndSwap {
			if s.rand.IntN(2) == 0 {
				c.Expect = s.Value(o.Key)
			}
			o.Expect = c.Expect
		}
		r := s.apply(c)
		o.Outcome, o.Result = linear.Done, r.Value
		if r.Status == kv.Mismatch {
			o.Outcome = linear.Mismatch
		}
		if s.rand.IntN(25) == 0 {
			o.Outcome, o.Result = linear.Unknown, 0
		}
	}
	return list
}

// A store without a fault is linearizable, and each fault is found.
func TestMutants(t *testing.T) {
	for _, fault := range []string{"", "stale read", "lost write", "double apply"} {
		found, struck := 0, 0
		for seed := range uint64(20) {
			s := &store{fault: fault, rand: draw.New(draw.Mix(seed))}
			list := s.history(5, 6, 2000)
			violation, undecided := feed(linear.New(kinds), list)
			if undecided != "" {
				t.Errorf("%q, seed %d: undecided: %s", fault, seed, undecided)
			}
			if fault == "" && violation != "" {
				t.Errorf("seed %d: %s", seed, violation)
			}
			if violation != "" {
				found++
			}
			if s.missed > 0 {
				struck++
			}
		}
		if fault != "" && found < 10 {
			t.Errorf("%q is found in %d of %d runs in which it struck", fault, found, struck)
		}
		t.Logf("%q: found in %d of %d runs", fault, found, struck)
	}
}

// A key that is at rest from time to time takes no memory for what is past.
func TestForgets(t *testing.T) {
	s := &store{rand: draw.New(1)}
	list := s.history(3, 4, 20000)
	for _, o := range list {
		if o.Outcome == linear.Unknown {
			o.Outcome, o.Op = linear.Done, kv.Put // whatever it was, let it be answered
			o.Value = o.Sequence
		}
	}
	c := linear.New(kinds)
	most, pictures := 0, 0
	for i := 0; i < len(list); i += 500 {
		part := list[i:min(i+500, len(list))]
		tell(c, part)
		held, recent := c.Held()
		most, pictures = max(most, held), max(pictures, recent)
	}
	if most > 60 || pictures > 100 {
		t.Errorf("%d operations are remembered of %d, and %d for pictures", most, len(list), pictures)
	}
}

// tell shows operations without an order that makes sense, only to see what is kept.
func tell(c *linear.Checker, list []*linear.Operation) {
	for _, o := range list {
		for _, k := range []struct {
			kind  protocols.ObservationKind
			value uint64
		}{{kinds.Asked, linear.Pack(kv.Put, o.Key)}, {kinds.Writes, o.Sequence}, {kinds.Submitted, 1}, {kinds.Returned, 0}} {
			c.Observe(protocols.Observed{At: protocols.Time(o.Sequence), Node: o.Client, Protocol: "store",
				Observation: protocols.Observation{Kind: k.kind, Key: o.Sequence, Value: k.value}})
		}
	}
}

// stale is a history with one stale read.
func stale() []*linear.Operation {
	const ms = protocols.Time(1e6)
	return []*linear.Operation{
		{Client: 1, Sequence: 1, Op: kv.Put, Key: 7, Value: 0x11, Outcome: linear.Done, Call: 1 * ms, Return: 2 * ms},
		{Client: 2, Sequence: 1, Op: kv.Put, Key: 7, Value: 0x22, Outcome: linear.Done, Call: 3 * ms, Return: 4 * ms},
		{Client: 1, Sequence: 2, Op: kv.Get, Key: 7, Result: 0x11, Outcome: linear.Done, Call: 5 * ms, Return: 6 * ms},
		{Client: 2, Sequence: 2, Op: kv.Get, Key: 7, Result: 0x22, Outcome: linear.Done, Call: 7 * ms, Return: 8 * ms},
		{Client: 3, Sequence: 1, Op: kv.Get, Key: 8, Outcome: linear.Done, Call: 7 * ms, Return: 8 * ms},
	}
}

// A violation names the key, the first operation without a place, and those
// before; its picture is a page.
func TestTextAndView(t *testing.T) {
	c := linear.New(kinds)
	if c.View() != nil {
		t.Error("there is a picture of nothing")
	}
	got, _ := feed(c, stale())
	want := "key 7: get v000011 by node 1, 5ms to 6ms has no place in any order" +
		" after put v000011 by node 1, 1ms to 2ms; put v000022 by node 2, 3ms to 4ms"
	if got != want {
		t.Errorf("says %q, want %q", got, want)
	}
	page := c.View()
	if !bytes.Contains(page, []byte("<html")) || !bytes.Contains(page, []byte("put v000022")) {
		t.Errorf("the picture of %d bytes is no page", len(page))
	}
}

// What the budget does not reach is undecided, and never holds.
func TestBudget(t *testing.T) {
	c := linear.New(kinds)
	c.Budget(1)
	violation, undecided := feed(c, stale())
	if violation != "" || !strings.Contains(undecided, "too many orders") {
		t.Errorf("says %q, undecided %q", violation, undecided)
	}
}

// Clients that crash leave operations whose result nobody knows.
func TestCrash(t *testing.T) {
	for _, restart := range []bool{false, true} {
		c, told := linear.New(kinds), ""
		see := func(at protocols.Time, node protocols.NodeID, k protocols.ObservationKind, sequence, value uint64) string {
			return c.Observe(protocols.Observed{At: at, Node: node, Protocol: "store", Observation: protocols.Observation{Kind: k, Key: sequence, Value: value}})
		}
		put := func(at protocols.Time, node protocols.NodeID, sequence, value uint64) {
			see(at, node, kinds.Asked, sequence, linear.Pack(kv.Put, 1))
			see(at, node, kinds.Writes, sequence, value)
			see(at, node, kinds.Submitted, sequence, 1)
		}
		get := func(at protocols.Time, sequence, value uint64) {
			see(at, 2, kinds.Asked, sequence, linear.Pack(kv.Get, 1))
			see(at, 2, kinds.Submitted, sequence, 1)
			told += see(at+1, 2, kinds.Returned, sequence, value)
		}
		put(1, 1, 1, 55)
		c.Observe(protocols.Observed{At: 2, Node: 1, Protocol: "node", Observation: protocols.Observation{Kind: protocols.NodeDown}})
		get(10, 1, 0)
		get(20, 2, 55) // it happened after all
		get(30, 3, 55)
		if restart {
			get(40, 4, 0) // and did not go away by itself
		}
		violation, undecided := c.Finish(50)
		if (told != "") != restart || violation != "" || undecided != "" {
			t.Errorf("says %q at once and %q in the end, undecided %q", told, violation, undecided)
		}
	}
}

// busy is a history in which a key is never at rest, with a stale read near the end.
func busy(operations int, stale bool) (list []*linear.Operation) {
	for i := range operations {
		o := &linear.Operation{Client: protocols.NodeID(i % 2), Sequence: uint64(i + 1), Op: kv.Put, Value: uint64(i + 1), Outcome: linear.Done,
			Call: protocols.Time(10 * i), Return: protocols.Time(10*i + 15)}
		if i%3 == 2 {
			o.Op, o.Value, o.Result = kv.Get, 0, uint64(i) // what was put just before
		}
		list = append(list, o)
	}
	if stale {
		list[1500-1].Result -= 3
	}
	return list
}

// A key that is never at rest is judged all the same, and forgotten.
func TestBusyKey(t *testing.T) {
	for _, stale := range []bool{false, true} {
		c, want := linear.New(kinds), ""
		if stale {
			want = "key 0: get v0005d8 by node 1, 15µs to 15µs has no place in any order"
		}
		violation, undecided := feed(c, busy(20000, stale))
		if !strings.HasPrefix(violation, want) || want == "" && violation != "" || undecided != "" {
			t.Errorf("stale %v: says %q, undecided %q", stale, violation, undecided)
		}
		if held, pictures := c.Held(); held > 20 || pictures > 600 {
			t.Errorf("%d operations are remembered, and %d for pictures", held, pictures)
		}
	}
}

// A client that lies leaves everything undecided; a replica that lies, nothing.
func TestLiar(t *testing.T) {
	for _, liar := range []protocols.NodeID{2, 9} {
		c := linear.New(kinds)
		feed(c, stale()[:2])
		c.Observe(protocols.Observed{At: 1, Node: liar, Protocol: "node", Observation: protocols.Observation{Kind: protocols.NodeCorrupted}})
		violation, undecided := feed(c, stale()[2:])
		if client := liar == 2; (undecided != "") != client || (violation != "") == client {
			t.Errorf("node %d lies: says %q, undecided %q", liar, violation, undecided)
		}
	}
}
