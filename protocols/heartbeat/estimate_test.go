package heartbeat_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/heartbeat"
)

func TestLogarithm(t *testing.T) {
	for n := 1; n < 1<<27; n += 1 + n/7 {
		want := 1000 * math.Log10(float64(n))
		if got := heartbeat.Logarithm(n); math.Abs(float64(got)-want) > 0.55 {
			t.Errorf("logarithm of %d is %d thousandths, want %.1f", n, got, want)
		}
	}
	if heartbeat.Logarithm(0) != 0 {
		t.Error("logarithm of 0")
	}
}

func TestRoot(t *testing.T) {
	r := draw.New(1)
	for _, v := range []uint64{0, 1, 2, 3, 4, 15, 16, 17, 1<<56 - 1, 1 << 56, 1<<62 - 1} {
		for _, v := range []uint64{v, r.Uint64() >> (2 + r.IntN(60))} {
			if got := heartbeat.Root(v); got*got > v || (got+1)*(got+1) <= v {
				t.Errorf("root of %d is %d", v, got)
			}
		}
	}
}

// Normal variates exceed so many standard deviations with a chance of 10 to the minus
// threshold: erfc knows.
func TestDeviations(t *testing.T) {
	for threshold := 1; threshold <= 18; threshold++ {
		z := float64(heartbeat.Deviations(threshold)) / (1 << 20)
		if phi := -math.Log10(math.Erfc(z/math.Sqrt2) / 2); math.Abs(phi-float64(threshold)) > 0.02 {
			t.Errorf("threshold %d is %.4f deviations, where phi is %.4f", threshold, z, phi)
		}
	}
}

// The integer estimators against the papers' formulas in floating point.
func TestEstimators(t *testing.T) {
	r := draw.New(7)
	c := heartbeat.Default()
	c.Interval, c.Timeout, c.Window = time.Second, 3*time.Second, 20
	for range 50 {
		var arrivals []protocols.Time
		for i := range 40 {
			arrivals = append(arrivals, protocols.Time(i)*1e9+protocols.Time(r.IntN(400e6)))
		}
		slices.Sort(arrivals)
		last := arrivals[len(arrivals)-1]
		for detector, want := range map[string]float64{
			"fixed": float64(last + 3e9), "nfd-s": 39e9 + 3e9, "nfd-e": expectedArrival(arrivals, 20) + 2e9, "phi": float64(last) + phiPatience(arrivals, 20, 8),
		} {
			c.Detector = detector
			if got := heartbeat.Due(c, arrivals); math.Abs(float64(got)-want) > 50_000 {
				t.Errorf("%s: due at %d, want %.0f", detector, got, want)
			}
		}
	}
}

// expectedArrival is that of the next heartbeat: the mean of arrivals minus sending times.
func expectedArrival(arrivals []protocols.Time, window int) float64 {
	sum := 0.0
	for i := len(arrivals) - window; i < len(arrivals); i++ {
		sum += float64(arrivals[i]) - float64(i)*1e9
	}
	return sum/float64(window) + float64(len(arrivals))*1e9
}

// phiPatience is the mean gap and the deviations that belong to the threshold.
func phiPatience(arrivals []protocols.Time, window, threshold int) float64 {
	var sum, squares float64
	for i := len(arrivals) - window; i < len(arrivals); i++ {
		gap := float64(arrivals[i] - arrivals[i-1])
		sum += gap
		squares += gap * gap
	}
	mean := sum / float64(window)
	deviation := math.Max(math.Sqrt(squares/float64(window)-mean*mean), 100e6)
	low, high := 0.0, 10.0
	for range 60 { // bisect erfc
		z := (low + high) / 2
		if -math.Log10(math.Erfc(z/math.Sqrt2)/2) < float64(threshold) {
			low = z
		} else {
			high = z
		}
	}
	return mean + low*deviation
}

// With few arrivals phi falls back on the timeout.
func TestPhiBegins(t *testing.T) {
	c := heartbeat.Default()
	c.Detector = "phi"
	if got := heartbeat.Due(c, []protocols.Time{0, 3e9, 6e9}); got != 6e9+protocols.Time(c.Timeout) {
		t.Errorf("due at %d", got)
	}
}

func TestOrder(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 5, 16, 17, 100, 1000} {
		for key := range uint64(5) {
			list := heartbeat.Order(n, draw.Mix(key))
			slices.Sort(list)
			for i, v := range list {
				if i != v {
					t.Fatalf("order of %d is none", n)
				}
			}
		}
	}
	// Each element comes first about equally often.
	first := [5]int{}
	for key := range uint64(5000) {
		first[heartbeat.Order(5, draw.Mix(key))[0]]++
	}
	for i, n := range first {
		if n < 880 || n > 1120 {
			t.Errorf("%d comes first %d times of 5000", i, n)
		}
	}
}
