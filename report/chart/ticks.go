package chart

import (
	"math"
	"strconv"
	"strings"

	"meshsim/report/unit"
)

// A tick is a labelled place on an axis.
type tick struct {
	at    float64
	label string
}

// step125 is the smallest of …, 0.5, 1, 2, 5, 10, … that is not below raw > 0.
func step125(raw float64) float64 {
	magnitude := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*magnitude >= raw*(1-1e-9) {
			return m * magnitude
		}
	}
	return 10 * magnitude
}

// linearTicks puts at most about n ticks on [lo, hi], lo < hi, in the scale that
// one axis has for all of them.
func linearTicks(r interval, n int, u string) []tick {
	s := unit.For(u, max(math.Abs(r.lo), math.Abs(r.hi)))
	step := step125((r.hi - r.lo) / s.Per / float64(n))
	first, last := math.Ceil(r.lo/s.Per/step-1e-9), math.Floor(r.hi/s.Per/step+1e-9)
	var out []tick
	for k := first; k <= last; k++ {
		at := k * step * s.Per
		out = append(out, tick{at, linearLabel(at, step, s, u)})
	}
	return out
}

func linearLabel(at, step float64, s unit.Scale, u string) string {
	if counts(u) {
		return compact(at)
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	return s.Number(at, decimals)
}

// counts reports whether each tick of the unit carries its own k or M.
func counts(u string) bool {
	base, _ := strings.CutSuffix(u, "/s")
	return base != "s" && base != "ratio" && base != "B"
}

// compact writes 10000 as 10k and 0.25 as 0.25, without the noise of floats.
func compact(v float64) string {
	s := unit.For("1", v)
	if math.Abs(v) < 1000 {
		s = unit.Scale{Per: 1}
	}
	return strconv.FormatFloat(rounded(v/s.Per), 'g', -1, 64) + s.Suffix
}

func rounded(v float64) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 9, 64), 64)
	return r + 0
}

// decades that fit with a label each.
const maxDecades = 7

// logTicks labels powers of ten in [lo, hi], 0 < lo < hi, and 2 and 5 between
// them where there are few.
func logTicks(r interval, u string) []tick {
	first, last := int(math.Floor(math.Log10(r.lo)+1e-9)), int(math.Ceil(math.Log10(r.hi)-1e-9))
	every, between := 1, []float64{1}
	switch n := last - first; {
	case n > maxDecades:
		every = (n + maxDecades - 1) / maxDecades
	case n <= 2:
		between = []float64{1, 2, 5}
	}
	powers := first < -4 || last > 9
	var out []tick
	for e := first; e <= last; e++ {
		if (e-last)%every != 0 {
			continue
		}
		for _, m := range between {
			at := rounded(m * math.Pow(10, float64(e)))
			if at >= r.lo*(1-1e-9) && at <= r.hi*(1+1e-9) {
				out = append(out, tick{at, logLabel(at, e, u, powers)})
			}
		}
	}
	return out
}

func logLabel(at float64, exponent int, u string, powers bool) string {
	switch base, _ := strings.CutSuffix(u, "/s"); {
	case base == "s" || base == "B":
		s := unit.For(u, at*(1+1e-9))
		return compact(rounded(at/s.Per)) + s.Suffix
	case powers:
		return "10" + superscript(exponent)
	case base == "ratio":
		return compact(rounded(at*100)) + "%"
	}
	return compact(at)
}

func superscript(n int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
		"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(n))
}
