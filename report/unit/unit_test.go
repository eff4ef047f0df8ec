package unit

import (
	"math"
	"testing"
)

func TestText(t *testing.T) {
	for _, c := range []struct {
		unit string
		v    float64
		want string
	}{
		{"s", 0, "0 s"}, {"s", 12.3, "12.30 s"}, {"s", 0.0123, "12.30 ms"}, {"s", 33e-6, "33.00 µs"}, {"s", 5e-9, "5.000 ns"},
		{"s", 1e-10, "0.1000 ns"}, {"s", 90, "90.00 s"}, {"s", 1200, "20.00 min"}, {"s", 7200, "120.0 min"}, {"s", 86400, "24.00 h"},
		{"ratio", 0.998, "99.80%"}, {"ratio", 1, "100.0%"}, {"ratio", 0.999996, "99.9996%"}, {"ratio", 1e-4, "0.0100%"}, {"ratio", 0, "0%"},
		{"1", 7, "7"}, {"1", 1234, "1,234"}, {"1", 999999, "999,999"}, {"1", 1234567, "1.235M"}, {"1", 12.345, "12.35"}, {"1", 0.5, "0.5000"},
		{"1", -1234, "-1,234"}, {"1", 12345.6, "12.35k"}, {"B", 512, "512.0 B"}, {"B", 12345678, "12.35 MB"}, {"1/s", 12345.6, "12.35k/s"},
		{"B/s", 1500.5, "1.500 kB/s"}, {"rounds", 5, "5 rounds"}, {"keys", 12345.6, "12.35k keys"}, {"1", math.NaN(), "-"},
		{"s", math.Inf(1), "inf s"}, {"1", -0.00001, "0.0000"},
	} {
		if got := Text(c.unit, c.v); got != c.want {
			t.Errorf("Text(%q, %v) = %q, want %q", c.unit, c.v, got, c.want)
		}
	}
}

func TestEstimate(t *testing.T) {
	for _, c := range []struct {
		unit          string
		v, lo, hi     float64
		value, bounds string
	}{
		{"s", 12.3, 11.931, 12.7, "12.30 s", "[11.93, 12.70]"},
		{"s", 0.95, 0.941, 1.2, "950.0 ms", "[941.0, 1200.0]"},
		{"1", 1234, 1200, 1268, "1,234", "[1,200, 1,268]"},
		{"1", 1234, 1200.25, 1267.75, "1.234k", "[1.200, 1.268]"},
		{"s", 3, math.Inf(-1), math.Inf(1), "3.000 s", "[-inf, inf]"},
		{"ratio", 0.99, 0.98, 1, "99.00%", "[98.00, 100.00]"},
		{"s", math.NaN(), 0, 0, "-", "-"},
	} {
		if value, bounds := Estimate(c.unit, c.v, c.lo, c.hi); value != c.value || bounds != c.bounds {
			t.Errorf("Estimate(%q, %v, %v, %v) = %q %q, want %q %q", c.unit, c.v, c.lo, c.hi, value, bounds, c.value, c.bounds)
		}
	}
}
