package sim

import (
	"slices"
	"testing"

	"meshsim/protocols/draw"
)

// A quantile is at least the true one and off by less than 1/32 of it.
func TestHistogramQuantiles(t *testing.T) {
	for seed := range uint64(300) {
		r := draw.New(seed)
		var a, b, whole Histogram
		var values []int64
		for range 1 + r.IntN(200) {
			v := int64(r.Uint64() >> (1 + r.IntN(63)))
			values = append(values, v)
			whole.Add(v)
			if r.IntN(2) == 0 {
				a.Add(v)
			} else {
				b.Add(v)
			}
		}
		a.Merge(&b)
		if a != whole {
			t.Fatalf("seed %d: two halves merge into another histogram", seed)
		}
		slices.Sort(values)
		for _, q := range [][2]uint64{{0, 1}, {1, 2}, {9, 10}, {99, 100}, {999, 1000}, {1, 3}, {1, 1}} {
			rank := max((uint64(len(values))*q[0]+q[1]-1)/q[1], 1)
			want := values[rank-1]
			got := whole.Quantile(q[0], q[1])
			if got < want || got-want > want/32 || rank == uint64(len(values)) && got != want {
				t.Fatalf("seed %d: quantile %d/%d of %d values is %d, want %d up to 1/32 more", seed, q[0], q[1], len(values), got, want)
			}
		}
	}
}

// Where all values are the same, no quantile is above them.
func TestHistogramOfOneValue(t *testing.T) {
	var h Histogram
	for range 3 {
		h.Add(10_000_000)
	}
	for _, percent := range []uint64{0, 50, 99, 100} {
		if q := h.Quantile(percent, 100); q != 10_000_000 {
			t.Errorf("the quantile %d%% of 10ms is %dns", percent, q)
		}
	}
}

func TestHistogramOfNothing(t *testing.T) {
	var h Histogram
	if q := h.Quantile(1, 2); q != 0 {
		t.Errorf("the median of nothing is %d", q)
	}
	h.Add(-5)
	if q := h.Quantile(1, 1); q != 0 || h.N != 1 {
		t.Errorf("a negative duration counts as %d", q)
	}
}

// The sum of counts may be as large as 64 bits allow.
func TestHistogramOfManyValues(t *testing.T) {
	var h Histogram
	h.Counts[3], h.Counts[40] = 1<<62, 1<<62
	h.N = 1 << 63
	if q := h.Quantile(1, 2); q != 3 {
		t.Errorf("the median is %d, want 3", q)
	}
	if q := h.Quantile(500001, 1000000); q != 40 {
		t.Errorf("just above the median is %d, want 40", q)
	}
}

// What was counted since an earlier state is what was counted since.
func TestHistogramSince(t *testing.T) {
	r := draw.New(1)
	var all, later Histogram
	for range 1000 {
		all.Add(r.Int64N(1 << 40))
	}
	before := all
	for range 500 {
		v := r.Int64N(1 << 30)
		all.Add(v)
		later.Add(v)
	}
	got := all.Since(&before)
	if got.N != later.N || got.Sum != later.Sum || got.Counts != later.Counts {
		t.Errorf("%d values of sum %d since, want %d of %d", got.N, got.Sum, later.N, later.Sum)
	}
	for _, percent := range []uint64{50, 99} {
		if got, want := got.Quantile(percent, 100), later.Quantile(percent, 100); got < want || got-want > want/32 {
			t.Errorf("the quantile %d%% is %d, want %d up to 1/32 more", percent, got, want)
		}
	}
	if got.Max < later.Max || got.Max-later.Max > later.Max/32 {
		t.Errorf("the largest is %d, want %d up to 1/32 more", got.Max, later.Max)
	}
}
