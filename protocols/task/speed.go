package task

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
	"time"
)

// Speed is how fast a core works, in thousandths of the speed for which sizes
// are given.
type Speed int64

// UnmarshalText reads a decimal number with up to three places: 2, or 0.75.
func (s *Speed) UnmarshalText(b []byte) error {
	whole, part, _ := strings.Cut(string(b), ".")
	if len(part) <= 3 {
		n, err := strconv.ParseUint(whole+(part + "000")[:3], 10, 31)
		if err == nil && n > 0 && n <= maxSpeed {
			*s = Speed(n)
			return nil
		}
	}
	return fmt.Errorf("%q is no speed; write 1, 2 or 0.75: from 0.001 to %d, with three places at most", b, maxSpeed/1000)
}

const maxSpeed = 1000_000

// MarshalText writes the number.
func (s Speed) MarshalText() ([]byte, error) {
	text := fmt.Sprintf("%d.%03d", s/1000, s%1000)
	return []byte(strings.TrimRight(strings.TrimRight(text, "0"), ".")), nil
}

// takes is how long a core of that speed is busy with a size, at least 1ns.
func (s Speed) takes(size time.Duration) time.Duration {
	hi, lo := bits.Mul64(uint64(size), 1000)
	if hi >= uint64(s) {
		return math.MaxInt64
	}
	q, _ := bits.Div64(hi, lo, uint64(s))
	return max(time.Duration(min(q, math.MaxInt64)), 1)
}
