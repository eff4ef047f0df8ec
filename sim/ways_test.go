package sim

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	"meshsim/protocols/draw"
)

// way is a way to run a Config.
type way struct {
	mode     Mode
	workers  int
	wire     bool
	restless uint64 // not 0: changes between all ways of running all the time, by this key
}

func (v way) String() string {
	names := [...]string{Auto: "auto", Windowed: "windowed", Ordered: "ordered"}
	return fmt.Sprintf("%s, %d workers, wire %v, restless %d", names[v.mode], v.workers, v.wire, v.restless)
}

// allWays is the full product.
func allWays(seed uint64) []way {
	var ways []way
	for _, wire := range []bool{false, true} {
		for _, workers := range []int{1, 2, 3, 8} {
			for _, mode := range []Mode{Windowed, Ordered, Auto} {
				v := way{mode: mode, workers: workers, wire: wire}
				if mode == Auto {
					v.restless = draw.Derive(seed, uint64(len(ways)))
				}
				ways = append(ways, v)
			}
		}
	}
	return ways
}

// outcome is all that a run says, but what it cost. The first outcome keeps its
// trace; the others are held against it line by line.
type outcome struct {
	result *Result
	trace  []TraceEvent
	lines  int
	want   *outcome
	differ string
}

func (o *outcome) Trace(events []TraceEvent) {
	for i := range events {
		e := events[i]
		e.Message = nil // in wire mode another value
		if o.want == nil {
			o.trace = append(o.trace, e)
		} else {
			o.compare(&e)
		}
		o.lines++
	}
}

func (o *outcome) compare(e *TraceEvent) {
	want := o.want.trace
	switch {
	case o.differ != "" || o.lines >= len(want):
	case want[o.lines] != *e:
		o.differ = fmt.Sprintf("line %d of the trace is\n\t%+v, not\n\t%+v; before it\n\t%+v",
			o.lines, *e, want[o.lines], want[max(0, o.lines-1)])
	}
}

// newTestKernel is newKernel, but few nodes are enough for many workers, which
// always run together, and the kernel does not change its way of running.
func newTestKernel(t testing.TB, c *Config) *kernel {
	k, err := newKernel(c)
	if err != nil {
		t.Fatal(err)
	}
	k.workers = nil
	k.makeWorkers(4)
	if want := max(c.Workers, 1); want != len(k.workers) && len(k.states) > 16*want {
		t.Fatalf("there are %d workers, want %d", len(k.workers), want)
	}
	k.pace = pace{together: true, events: math.MinInt64 / 2}
	return k
}

// runBy runs a Config in a way and holds it against what is wanted, if given.
// Where there is a choice, workers run together.
func runBy(t testing.TB, c Config, v way, want *outcome) *outcome {
	o := &outcome{want: want}
	c.Mode, c.Workers, c.Wire, c.Trace = v.mode, v.workers, v.wire, o
	k := newTestKernel(t, &c)
	if v.restless != 0 {
		r := draw.New(v.restless)
		o.result = runRestless(k, &r)
	} else {
		o.result = k.run()
	}
	o.result.Cost = Cost{}
	for i := range o.result.Samples { // NaN is not equal to itself
		if s := &o.result.Samples[i]; math.IsNaN(s.Connected) {
			s.Connected = -1
		}
	}
	return o
}

// runRestless is run with another way of running every few windows.
func runRestless(k *kernel, r *draw.Rand) *Result {
	k.start()
	k.control()
	k.boot()
	for k.now < k.end && k.stopped == "" {
		until := min(k.timeline.next(), k.end)
		for done := false; !done; {
			done = k.restlessPiece(until, r)
		}
		k.control()
	}
	return k.finish()
}

func (k *kernel) restlessPiece(until int64, r *draw.Rand) (done bool) {
	switch {
	case k.ordered != nil:
		_, done = k.runOrdered(until, 1+r.IntN(100))
	case len(k.workers) > 1 && r.IntN(2) == 0:
		_, done = k.runTogether(until, 1+r.IntN(10))
	default:
		_, done = k.runAlone(until, 1+r.IntN(10))
	}
	k.now = k.reached(until, done)
	switch r.IntN(16) {
	case 0:
		k.toOrdered(1 + r.Int64N(1<<r.IntN(40)))
	case 1:
		if k.ordered != nil {
			k.toWindowed()
		}
	case 2:
		k.flush()
	}
	return done
}

// differ says how an outcome differs from the wanted one; "" if it does not.
func differ(a, b *outcome) string {
	if b.differ != "" {
		return b.differ
	}
	if a.lines != b.lines {
		return fmt.Sprintf("the trace has %d lines, not %d", b.lines, a.lines)
	}
	x, y := *a.result, *b.result
	x.Payload, y.Payload = 0, 0 // only in wire mode
	if reflect.DeepEqual(x, y) {
		return ""
	}
	for i := range reflect.TypeOf(x).NumField() {
		if f, g := reflect.ValueOf(x).Field(i).Interface(), reflect.ValueOf(y).Field(i).Interface(); !reflect.DeepEqual(f, g) {
			return fmt.Sprintf("%s is %+v, not %+v", reflect.TypeOf(x).Field(i).Name, g, f)
		}
	}
	return "the results differ"
}

// However a run is run, its bytes are the same.
func TestAllWaysAreEqual(t *testing.T) {
	var events, drops, violations, spans, liars uint64
	for seed := range uint64(22) {
		var want *outcome
		payload := uint64(0) // of the first run in wire mode
		for _, v := range allWays(seed) {
			got := runBy(t, randomWorld(seed, 200), v, want)
			if want == nil {
				want = got
			}
			if payload == 0 {
				payload = got.result.Payload
			}
			if p := got.result.Payload; v.wire && p != payload || (p != 0) != v.wire {
				t.Fatalf("seed %d, %v: the payload is %x, want %x", seed, v, p, payload)
			}
			if d := differ(want, got); d != "" {
				t.Fatalf("seed %d, %v: %s", seed, v, d)
			}
		}
		events += want.result.Events
		drops += want.result.Drops.Total()
		violations += uint64(len(want.result.Violations))
		spans += uint64(len(want.result.Spans))
		for _, s := range want.result.Spans {
			if s.Verb == "byzantine" {
				liars += uint64(s.Nodes)
			}
		}
	}
	if events < 40_000 || drops < 2000 || violations < 2 || spans < 40 || liars < 100 {
		t.Errorf("%d events, %d drops, %d violations, %d faults, %d liars: the worlds have lost their teeth", events, drops, violations, spans, liars)
	}
}
