package draw

// Dist is a distribution of int64 values, usually nanoseconds. Sampling uses
// integers only. Make one with a constructor; a Dist is immutable and may be
// shared.
type Dist struct {
	kind     uint8
	min, max int64
}

// Uniform is the uniform distribution on [lo, hi).
func Uniform(lo, hi int64) *Dist { return &Dist{min: lo, max: hi} }

// Sample draws a value.
func (d *Dist) Sample(r *Rand) int64 {
	return d.min + int64(r.IntN(int(d.max-d.min)))
}

// Min is the smallest value that Sample can return.
func (d *Dist) Min() int64 { return d.min }
