package linear_test

import (
	"fmt"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
)

// parse reads operations such as "1: put 5 0-10", "2: get 5 3-4", "3: cas 5 6 0-?",
// "3: miss 5 6 7 0-9" (expected 5, would write 6, found 7), "1: delete 5 1-2".
func parse(t *testing.T, text string) (list []*linear.Operation) {
	for i, line := range strings.Split(text, "; ") {
		o := &linear.Operation{Sequence: uint64(i + 1), Outcome: linear.Done}
		var client, a, b, c uint64
		var word, times string
		var call, end int64
		head, rest, _ := strings.Cut(line, ": ")
		fields := strings.Fields(rest)
		word, times = fields[0], fields[len(fields)-1]
		fmt.Sscan(head, &client)
		fmt.Sscan(strings.Join(fields[1:len(fields)-1], " "), &a, &b, &c)
		if n, _ := fmt.Sscanf(times, "%d-%d", &call, &end); n == 1 {
			o.Outcome = linear.Unknown
		}
		o.Client, o.Call, o.Return = protocols.NodeID(client), protocols.Time(call), protocols.Time(end)
		switch word {
		case "put":
			o.Op, o.Value = kv.Put, a
		case "get":
			o.Op, o.Result = kv.Get, a
		case "delete":
			o.Op, o.Result = kv.Delete, a
		case "cas":
			o.Op, o.Expect, o.Value = kv.CompareAndSwap, a, b
		case "miss":
			o.Op, o.Expect, o.Value, o.Result, o.Outcome = kv.CompareAndSwap, a, b, c, linear.Mismatch
		default:
			t.Fatalf("%q is no operation", line)
		}
		if o.Outcome == linear.Unknown {
			o.Result = 0
		}
		list = append(list, o)
	}
	return list
}

// Histories that show one thing each.
func TestDirected(t *testing.T) {
	for _, c := range []struct {
		name, history string
		holds         bool
	}{
		{"nothing was there", "1: get 0 0-1", true},
		{"a value from nowhere", "1: get 9 0-1", false},
		{"a put is seen while it is under way", "1: put 5 0-10; 2: get 5 3-4", true},
		{"… and not lost again", "1: put 5 0-10; 2: get 5 3-4; 2: get 0 5-6", false},
		{"a lost answer may come true late", "1: put 5 0-?; 2: get 0 3-4; 2: get 5 50-60", true},
		{"… once", "1: put 5 0-?; 2: get 5 3-4; 3: put 6 5-6; 2: get 5 50-60", false},
		{"two puts at a time go either way", "1: put 5 0-10; 2: put 6 0-10; 3: get 6 11-12", true},
		{"… but one way for all", "1: put 5 0-10; 2: put 6 0-10; 3: get 6 11-12; 4: get 5 13-14", false},
		{"hidden puts may have been read before", "1: put 5 0-10; 2: put 6 0-20; 3: get 5 1-30; 4: put 7 2-3; 5: get 7 4-5", true},
		{"… but not by who asks later", "1: put 5 0-10; 4: put 7 2-3; 5: get 7 4-5; 3: get 5 12-13; 6: get 7 14-15", false},
		{"a swap of a hidden value", "1: put 5 0-40; 2: cas 5 6 0-40; 3: get 6 0-40; 4: put 7 1-2; 5: get 7 3-4; 5: get 7 50-60", true},
		{"two swaps of one value", "1: put 5 0-10; 2: cas 5 6 0-30; 3: cas 5 8 0-31; 4: put 7 1-5; 5: get 7 32-33", false},
		{"a swap of the value that is overwritten", "1: put 5 0-1; 2: cas 5 6 2-30; 4: put 7 3-5; 5: get 7 6-7; 6: get 7 32-33", true},
		{"a swap that must have happened, since another saw it", "1: put 5 0-1; 2: cas 5 6 2-?; 3: cas 6 7 3-?; 4: get 7 9-10", true},
		{"a mismatch is a read", "1: put 5 0-1; 2: miss 0 6 5 2-3", true},
		{"… and not of what it expects", "1: put 5 0-1; 2: miss 5 6 5 2-3", false},
		{"a delete without an answer", "1: put 5 0-1; 2: delete 0 2-?; 3: get 5 3-4; 3: get 0 5-6", true},
		{"… deletes once", "1: put 5 0-1; 2: delete 0 2-?; 3: get 0 5-6; 1: put 6 7-8; 3: get 0 9-10", false},
		{"a delete says what it removed", "1: put 5 0-1; 2: delete 5 2-3; 3: get 0 4-5; 1: delete 0 6-7", true},
		{"… rightly", "1: put 5 0-1; 2: delete 0 2-3", false},
	} {
		list := parse(t, c.history)
		violation, undecided := feed(linear.New(kinds), list)
		if possible(list, 0) != c.holds || (violation == "") != c.holds || undecided != "" {
			t.Errorf("%s: %s: says %q %q", c.name, c.history, violation, undecided)
		}
	}
}

// Many clients at one key are judged within the budget: half of them read, some
// swap, and for a while nobody gets an answer, so that all of them are under way.
func TestCrowd(t *testing.T) {
	s := &store{rand: draw.New(5)}
	list := s.history(60, 1, 3000)
	for i, o := range list {
		if o.Op == kv.Delete {
			o.Op, o.Value, o.Result, o.Outcome = kv.Get, 0, 0, linear.Unknown
		}
		if i%5 > 0 && o.Op == kv.CompareAndSwap && o.Outcome == linear.Mismatch {
			o.Op, o.Value, o.Expect, o.Outcome = kv.Get, 0, 0, linear.Done
		}
	}
	if _, undecided := feed(linear.New(kinds), list); undecided != "" {
		t.Errorf("undecided: %s", undecided)
	}
}
