package heartbeat

import (
	"math/bits"

	"meshsim/protocols/draw"
)

// permutation is an order of 0 … n-1 that takes no memory: a Feistel network of four
// rounds over the next power of four, whose results outside are put in again (Black
// and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002).
type permutation struct {
	n    int
	key  uint64
	half uint   // bits of each half
	mask uint64 // of half
}

func newPermutation(n int, key uint64) permutation {
	half := uint(bits.Len(uint(max(n-1, 1)))+1) / 2
	return permutation{n, key, half, 1<<half - 1}
}

// at is the i-th in the order. Cost: constant on average.
func (p permutation) at(i int) int {
	v := uint64(i)
	for {
		left, right := v>>p.half, v&p.mask
		for round := range uint64(4) {
			left, right = right, left^draw.Derive(p.key+round, right)&p.mask
		}
		v = left<<p.half | right
		if v < uint64(p.n) {
			return int(v)
		}
	}
}
