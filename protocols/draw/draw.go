// Package draw makes random variates with integer arithmetic alone, so that the
// same key gives the same bits on every architecture. It has no state of its
// own: a [Rand] is a counter behind a key, and every key is derived from
// another by [Mix] (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014).
package draw

import "math/bits"

// gamma is the odd constant nearest to 2^64 over the golden ratio: the step of
// the counter.
const gamma = 0x9e3779b97f4a7c15

// Mix is the finalizer of SplitMix64: a bijection of 64 bits in which each
// input bit flips each output bit with a probability near one half.
func Mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// Derive returns the key of a child of key under a label. Different labels give
// unrelated keys; the same pair always gives the same key.
func Derive(key, label uint64) uint64 { return Mix(key ^ Mix(label+gamma)) }

// DeriveString is Derive with a name as label (FNV-1a over its bytes).
func DeriveString(key uint64, name string) uint64 {
	h := uint64(0xcbf29ce484222325)
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return Derive(key, h)
}

// Rand is a counter-based stream of random words. The zero value is a valid
// stream with key 0. Copying a Rand copies its place in the stream.
type Rand struct{ key, count uint64 }

// New returns the stream that belongs to key.
func New(key uint64) Rand { return Rand{key: key} }

// Uint64 returns the next word of the stream.
func (r *Rand) Uint64() uint64 {
	r.count += gamma
	return Mix(r.key + r.count)
}

// IntN returns a number in [0, n), n > 0. The bias is below n/2^64.
func (r *Rand) IntN(n int) int {
	if n <= 0 {
		panic("draw: IntN needs n > 0")
	}
	hi, _ := bits.Mul64(r.Uint64(), uint64(n))
	return int(hi)
}

// Hit reports whether an event of probability p happens.
func (r *Rand) Hit(p Probability) bool { return p.Hit(r.Uint64()) }

// Shuffle permutes n elements (Fisher and Yates).
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, r.IntN(i+1))
	}
}

// Probability is a chance in units of 2^-64; [Always] is one.
type Probability uint64

// Always is the probability 1.
const Always Probability = 1<<64 - 1

// Ratio returns num/den as a Probability, den > 0 and num <= den.
func Ratio(num, den uint64) Probability {
	if den == 0 || num > den {
		panic("draw: Ratio needs 0 <= num <= den and den > 0")
	}
	if num == den {
		return Always
	}
	q, _ := bits.Div64(num, 0, den)
	return Probability(q)
}

// Hit reports whether the uniform word u falls under p.
func (p Probability) Hit(u uint64) bool { return u < uint64(p) || p == Always }
