package sim

import "math"

func fused(x, y, z float64) float64 {
	r := x*y + z // want fused
	r += x * y   // want fused
	r *= x       // want fused
	t := x * y   // want fused
	f := func(p float64) float64 { return p + z }
	r = f(x * y)       // want fused
	r = -(x * y) + z   // want fused
	r = x + (y*z)*x    // want fused
	r = math.Log(x)    // want math
	r = math.Exp(x)    // want math
	r = math.Pow(x, y) // want math
	g := math.Sin      // want math
	n := uint64(x)     // want float
	return r + t + g(z) + float64(n)
}

// rounded is right.
func rounded(x, y, z float64, n int) float64 {
	r := float64(x*y) + z
	r += float64(x*y*z) + x*y/z
	r = float64(r * float64(n))
	if x*y < z {
		return math.Sqrt(x) + math.Floor(y) + 0.5*2
	}
	return r + math.FMA(x, y, z)
}
