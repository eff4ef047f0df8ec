package stats

import (
	"math"
	"strconv"
)

// Round6 rounds to 6 significant digits, which is what files that are compared
// between machines hold. Integers below 2^53 stay whole: they are exact
// everywhere.
func Round6(x float64) float64 {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return x + 0 // no negative zero
	}
	return roundTo(x, 6)
}

func roundTo(x float64, digits int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil { // out of range: it was the largest float
		return x
	}
	return r
}

// A Number is written in JSON with 6 digits, the same on all machines, and as null
// if it does not exist or is infinite.
type Number float64

// MarshalJSON writes the number.
func (n Number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		return []byte("null"), nil
	}
	return []byte(Plain(float64(n))), nil
}

// Cell is Plain for a table: empty if the number does not exist or is infinite.
func Cell(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return Plain(v)
}

// Plain writes 6 digits, and whole numbers without an exponent.
func Plain(v float64) string {
	v = Round6(v)
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
