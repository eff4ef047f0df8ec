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
