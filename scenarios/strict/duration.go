package strict

import (
	"fmt"
	"math/big"
	"strings"
	"time"
)

// ParseDuration reads a duration with its unit, exactly to the nanosecond:
// 250ms, 1m30s, -5us, and 0.
func ParseDuration(s string) (time.Duration, error) {
	if s == "0" {
		return 0, nil
	}
	if err, is := unitless(s, "ms", "s"); is {
		return 0, err
	}
	bad := fmt.Errorf("%s is not a duration; write a number and ns, us, ms, s, m or h, as in 250ms or 1m30s", quote(s))
	rest, negative := strings.CutPrefix(s, "-")
	if rest == "" {
		return 0, bad
	}
	total := new(big.Int)
	for rest != "" {
		x, tail, ok := number(rest)
		if !ok {
			return 0, bad
		}
		end := strings.IndexAny(tail+"0", "0123456789")
		size, ok := find(durationUnits, tail[:end])
		if !ok {
			return 0, bad
		}
		v, ok := times(x, size)
		if !ok {
			return 0, fmt.Errorf("%s is not a whole number of nanoseconds that fits into 292 years", quote(s))
		}
		total.Add(total, big.NewInt(v))
		rest = tail[end:]
	}
	if !total.IsInt64() {
		return 0, fmt.Errorf("%s is longer than 292 years", quote(s))
	}
	if negative {
		total.Neg(total)
	}
	return time.Duration(total.Int64()), nil
}

// FormatDuration writes a duration as [ParseDuration] reads it: 24h, not 24h0m0s.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
