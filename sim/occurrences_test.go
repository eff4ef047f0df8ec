package sim

import (
	"testing"

	"meshsim/protocols/draw"
)

// Equal sends of a call are numbered 0, 1, 2 …, in short calls and in long ones,
// one after the other from the same table.
func TestOccurrencesAgainstMap(t *testing.T) {
	for seed := range uint64(300) {
		r := draw.New(seed)
		var o occurrences
		for call := range 20 {
			n := [...]int{1, shortCall, shortCall + 1, 1 + r.IntN(200)}[r.IntN(4)]
			targets := 1 + r.IntN(n)
			seen := map[[2]uint32]int{}
			o.begin(n)
			for i := range n {
				to, kind := uint32(r.IntN(targets))*0x10001, uint8(r.IntN(3))
				what := [2]uint32{to, uint32(kind)}
				if got := o.count(uint64(to)<<8 | uint64(kind)); got != seen[what] {
					t.Fatalf("seed %d, call %d of %d sends, send %d to %d of kind %d: occurrence %d, want %d",
						seed, call, n, i, to, kind, got, seen[what])
				}
				seen[what]++
			}
		}
	}
}
