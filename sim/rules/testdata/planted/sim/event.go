package sim

import (
	"math"
	"time"
)

// half is computed by the compiler, exactly.
const half = time.Duration(0.5 * float64(time.Second))

func computes(a, b float64, n int, d time.Duration) int {
	c := a * b                    // want float
	c += a                        // want float
	c++                           // want float
	n = int(c)                    // want float
	c = -a                        // want float
	c = math.Sqrt(a)              // want float
	c = d.Seconds()               // want float
	if a < b || a == float64(n) { // want float
		return n
	}
	return int(half)
}

func computesGeneric[F ~float32 | ~float64](a, b F) F {
	return a + b // want float
}

// passes is right: it hands floats on.
func passes(a float64, m map[string][]float64) []float64 {
	m["a"] = append(m["a"], a, 0.5, math.NaN(), 1.5*2)
	return m["a"]
}
