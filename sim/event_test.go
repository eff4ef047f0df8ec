package sim

import (
	"slices"
	"testing"

	"meshsim/protocols/draw"
)

// randomEvents makes distinct events of few times and origins, so that ties
// are common.
func randomEvents(r *draw.Rand, n int) []event {
	origins := [...]uint32{0, 1, 2, 3, 1 << 20, external, scripted}
	seen := map[event]bool{}
	var out []event
	for len(out) < n {
		e := event{at: r.Int64N(3), from: origins[r.IntN(len(origins))], seq: 1 + r.Uint64()%4}
		e.seq = e.seq<<8 | uint64(e.from&3) // the counter alone makes an origin's events distinct
		if !seen[e] {
			seen[e] = true
			out = append(out, e)
		}
	}
	return out
}

// The laws of a strict total order.
func TestOrderLaws(t *testing.T) {
	for seed := range uint64(300) {
		r := draw.New(seed)
		o := order{tieKey: seed}
		es := randomEvents(&r, 24)
		for i := range es {
			for j := range es {
				a, b := &es[i], &es[j]
				if o.less(a, b) == o.less(b, a) && i != j {
					t.Fatalf("seed %d: %+v and %+v are not ordered one way", seed, a, b)
				}
				if i == j && o.less(a, b) {
					t.Fatalf("seed %d: %+v is before itself", seed, a)
				}
				if o.less(a, b) && (a.at > b.at || a.from == b.from && a.at == b.at && a.seq > b.seq) {
					t.Fatalf("seed %d: %+v is before %+v", seed, a, b)
				}
				if a.at == b.at && a.from == scripted && b.from != scripted && !o.less(a, b) {
					t.Fatalf("seed %d: a fault is not first at its instant", seed)
				}
				pa, pb := place{a.at, a.seq, a.from, 0}, place{b.at, b.seq, b.from, 0}
				if o.less(a, b) != o.lessPlace(&pa, &pb) {
					t.Fatalf("seed %d: events and records are ordered differently: %+v, %+v", seed, a, b)
				}
				for k := range es {
					if c := &es[k]; o.less(a, b) && o.less(b, c) && !o.less(a, c) {
						t.Fatalf("seed %d: not transitive: %+v, %+v, %+v", seed, a, b, c)
					}
				}
			}
		}
	}
}

// Records of one event keep their order.
func TestPlaceOrderWithinEvent(t *testing.T) {
	o := order{}
	a, b := place{5, 7, 3, 0}, place{5, 7, 3, 1}
	if !o.lessPlace(&a, &b) || o.lessPlace(&b, &a) || o.comparePlace(&a, &a) != 0 {
		t.Error("the records of an event are not in the order in which they were made")
	}
}

// What sorts events gives the same sequence however they were inserted.
func TestSortAndHeapForgetInsertion(t *testing.T) {
	for seed := range uint64(300) {
		r := draw.New(seed)
		o := order{tieKey: seed}
		es := randomEvents(&r, 1+r.IntN(60))
		want := slices.Clone(es)
		for i := range want { // selection: the dumbest sort there is
			for j := i + 1; j < len(want); j++ {
				if o.less(&want[j], &want[i]) {
					want[i], want[j] = want[j], want[i]
				}
			}
		}
		for range 3 {
			r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
			sorted := slices.Clone(es)
			o.sort(sorted)
			var h eventHeap
			for i := range es {
				h.push(o, &es[i])
			}
			for i := range want {
				if got := h.pop(o); sorted[i] != want[i] || got != want[i] {
					t.Fatalf("seed %d: place %d is %+v sorted and %+v from the heap, want %+v", seed, i, sorted[i], got, want[i])
				}
			}
		}
	}
}

// A heap to which events are added while it is emptied keeps the order.
func TestHeapInterleaved(t *testing.T) {
	for seed := range uint64(300) {
		r := draw.New(seed)
		o := order{tieKey: seed}
		var h eventHeap
		var model []event
		for i := range uint64(200) {
			if r.IntN(5) < 3 || len(model) == 0 {
				e := event{at: r.Int64N(20), from: uint32(r.IntN(4)), seq: i << 8}
				h.push(o, &e)
				model = append(model, e)
				continue
			}
			least := 0
			for j := range model {
				if o.less(&model[j], &model[least]) {
					least = j
				}
			}
			if got := h.pop(o); got != model[least] {
				t.Fatalf("seed %d, step %d: popped %+v, want %+v", seed, i, got, model[least])
			}
			model = slices.Delete(model, least, least+1)
		}
	}
}

// No origin wins ties more often than another, neither overall nor again at the
// next instant, whatever the distance of instants is.
func TestTiesFavourNobody(t *testing.T) {
	const origins, instants = 8, 20000
	for _, step := range []int64{1, 1 << 10, 1_000_000, 1 << 32, 1_000_000_000} {
		for _, spread := range []uint32{1, 16, 1 << 20} {
			o := order{tieKey: draw.Mix(uint64(step))}
			var first [origins]int
			var again [2]int
			last := -1
			for i := range int64(instants) {
				winner := 0
				for x := range origins {
					if o.tie(uint32(x)*spread, i*step) < o.tie(uint32(winner)*spread, i*step) {
						winner = x
					}
				}
				first[winner]++
				if winner == last {
					again[0]++
				} else {
					again[1]++
				}
				last = winner
			}
			// Critical values at 1e-5 with 7 and 1 degrees of freedom.
			if x := chiSquare(first[:], instants/origins); x > 36 {
				t.Errorf("step %d, spread %d: wins are uneven: %v (chi-square %.1f)", step, spread, first, x)
			}
			want := float64(instants) / origins
			if d := float64(again[0]) - want; d*d/want*origins/(origins-1) > 20 {
				t.Errorf("step %d, spread %d: the winner wins again %d times, want %.0f", step, spread, again[0], want)
			}
		}
	}
}

// chiSquare is Pearson's statistic of counts that should all be want.
func chiSquare(counts []int, want float64) float64 {
	sum := 0.0
	for _, n := range counts {
		d := float64(n) - want
		sum += d * d / want
	}
	return sum
}
