package sweep

import (
	"math"
	"testing"
)

// Quantiles are those of all items by rank, however many are kept.
func TestQuantiles(t *testing.T) {
	for _, n := range []int{1, 2, 3, 99, 200, 201, 202, 1000, 12345} {
		for _, open := range []int{0, 1, n / 3, n} {
			var done []float64
			for i := range n - open {
				done = append(done, float64(i*i))
			}
			it := &Items{Count: n, Censored: open, Sorted: condense(done, n)}
			if len(it.Sorted) > steps+1 {
				t.Fatalf("%d values are kept of %d", len(it.Sorted), n)
			}
			for _, percent := range []int{0, 50, 90, 95, 99, 100} {
				want := math.NaN()
				if r := max((n*percent+99)/100, 1); r <= len(done) {
					want = done[r-1]
				}
				if got := it.Quantile(percent); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
					t.Errorf("p%d of %d items, %d open: %v, want %v", percent, n, open, got, want)
				}
			}
		}
	}
}

// What had not finished leaves a bound.
func TestOpenItems(t *testing.T) {
	it := &Items{Count: 3, Censored: 1, Mean: none, Sorted: []Number{1, 2, none}, LeastMean: 4, Least: []Number{1, 2, 9}}
	for of, want := range map[string]float64{"mean": 4, "max": 9, "p99": 9} {
		if run, ok := it.run(of); !ok || !run.Open || run.Value != want {
			t.Errorf("%s: %+v, want at least %v", of, run, want)
		}
	}
	if run, ok := it.run("p50"); !ok || run.Open || run.Value != 2 {
		t.Errorf("p50: %+v, want 2", run)
	}
	if _, ok := it.run("sum"); ok {
		t.Error("a sum is no statistic")
	}
}
