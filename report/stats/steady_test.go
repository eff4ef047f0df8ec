package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// autoregressive is a series around mean that begins away from it and forgets
// its past at the rate phi.
func autoregressive(r *rand.Rand, n int, mean, start, phi float64) []float64 {
	x, dev := make([]float64, n), start-mean
	for i := range x {
		dev = phi*dev + r.NormFloat64()
		x[i] = mean + dev
	}
	return x
}

// The definition of White, Cobb and Spratt (2000) word for word, in quadratic time.
func plainMSER5(x []float64) int {
	var batches []float64
	for i := 0; i+5 <= len(x); i += 5 {
		batches = append(batches, (x[i]+x[i+1]+x[i+2]+x[i+3]+x[i+4])/5)
	}
	best, at := math.Inf(1), 0
	for d := 0; d < len(batches)-5; d++ {
		rest := batches[d:]
		if e := secondMoment(rest) / float64(len(rest)*len(rest)); e < best {
			best, at = e, d
		}
	}
	return 5 * at
}

func TestMSER5AgainstItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for trial := range 200 {
		x := autoregressive(r, 60+trial*7, 10, float64(trial%40), 0.8)
		cut, ok := MSER5(x)
		if want := plainMSER5(x); cut != want || ok != (2*(want/5) <= len(x)/5) {
			t.Fatalf("series %d of %d values: cut %d, %v; want %d", trial, len(x), cut, ok, want)
		}
	}
}

func TestMSER5FindsTheWarmUp(t *testing.T) {
	step := ramp(1000, func(i int) float64 {
		if i < 103 {
			return 100
		}
		return 10 + float64(i%5)
	})
	if cut, ok := MSER5(step); cut != 105 || !ok {
		t.Errorf("a step at 103 is cut at %d, %v; want 105", cut, ok)
	}
	for name, x := range map[string][]float64{
		"still falling": ramp(500, func(i int) float64 { return math.Exp(-float64(i-490) / 20) }),
		"49 values":     ramp(49, func(int) float64 { return 1 }),
		"none":          nil,
		"late step":     ramp(500, func(i int) float64 { return float64(i / 300 * 100) }),
	} {
		if cut, ok := MSER5(x); ok {
			t.Errorf("%s: cut %d is accepted", name, cut)
		}
	}
	if cut, ok := MSER5(ramp(50, func(int) float64 { return 1 })); cut != 0 || !ok {
		t.Errorf("no warm-up: cut %d, %v", cut, ok)
	}
}

func TestCutBefore(t *testing.T) {
	times := []int64{0, 10, 20, 20, 30}
	for warmup, want := range map[int64]int{0: 0, 1: 1, 20: 2, 21: 4, 31: 5} {
		if got := CutBefore(times, warmup); got != want {
			t.Errorf("before %d: %d, want %d", warmup, got, want)
		}
	}
}

func TestBatchMeans(t *testing.T) {
	x := ramp(43, func(i int) float64 { return float64((i - 3) / 2 * 7 % 20) }) // 3 are left over; batch b has the mean 7b mod 20
	in, ok := BatchMeans(x, 0.95)
	closeTo(t, "mean", in.Value, 9.5)
	closeTo(t, "high end", in.Hi, 9.5+2.09302405441*math.Sqrt(35.0/20)) // variance of 0 … 19 is 35
	if !ok || in.N != 43 || in.Method != Batches {
		t.Errorf("%+v, %v", in, ok)
	}
	if in, ok := BatchMeans(ramp(200, func(i int) float64 { return float64(i) }), 0.95); ok {
		t.Errorf("a trend is no steady state: %+v", in)
	}
	if in, ok := BatchMeans(x[:39], 0.95); ok || in.Bounded() {
		t.Errorf("39 values: %+v", in)
	}
}

// Without batches, the t interval of a correlated series is far too narrow.
func TestBatchMeansCoverTheTruth(t *testing.T) {
	const trials, n = 1000, 2000
	r, hits, naive, refused := rand.New(rand.NewPCG(8, 9)), 0, 0, 0
	for range trials {
		x := autoregressive(r, n, 10, 40, 0.8)
		cut, _ := MSER5(x)
		in, ok := BatchMeans(x[cut:], 0.95)
		if in.Lo <= 10 && 10 <= in.Hi {
			hits++
		}
		if in := MeanT(x[cut:], 0.95); in.Lo <= 10 && 10 <= in.Hi {
			naive++
		}
		if !ok {
			refused++
		}
	}
	if hits < 930 || hits > 970 || naive > 700 || refused > 120 {
		t.Errorf("of %d: %d cover, %d without batches, %d refused", trials, hits, naive, refused)
	}
	t.Logf("%d of %d cover, %d without batches; %d refused", hits, trials, naive, refused)
	refused = 0
	for range 200 { // correlated over 50 values, in batches of 10
		if _, ok := BatchMeans(autoregressive(r, 200, 10, 10, 0.98), 0.95); !ok {
			refused++
		}
	}
	if refused < 160 {
		t.Errorf("of 200 runs that are too short, %d are refused", refused)
	}
}
