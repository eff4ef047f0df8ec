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
	power string // raised, behind the label; fonts lack a raised minus
}

// Step is the smallest of …, 0.5, 1, 2, 5, 10, … that is not below raw, 0 if that
// is not above 0.
func Step(raw float64) float64 {
	if raw <= 0 {
		return 0
	}
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
	step := Step((r.hi - r.lo) / s.Per / float64(n))
	first, last := math.Ceil(r.lo/s.Per/step-1e-9), math.Floor(r.hi/s.Per/step+1e-9)
	var out []tick
	for k := first; k <= last; k++ {
		at := k * step * s.Per
		out = append(out, tick{at: at, label: linearLabel(at, step, s, u)})
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

// givenTicks labels the ticks of the axis that lie in r, at most about n of them.
func givenTicks(a *Axis, r interval, n int) []tick {
	var out []tick
	s := unit.For(a.Unit, max(math.Abs(r.lo), math.Abs(r.hi)))
	for i := 0; i < len(a.Ticks); i += (len(a.Ticks) + n - 1) / n {
		switch at := a.Ticks[i]; {
		case at < r.lo || at > r.hi || a.Log && at <= 0:
		case a.Log:
			out = append(out, logTick(at, 0, a.Unit, false))
		case counts(a.Unit):
			out = append(out, tick{at: at, label: compact(at)})
		default:
			out = append(out, tick{at: at, label: strconv.FormatFloat(rounded(at/s.Per), 'g', -1, 64)})
		}
	}
	return out
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
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64)
	return r + 0
}

// decades that fit with a label each.
const maxDecades = 7

// logTicks labels powers of ten in [lo, hi], 0 < lo < hi, and 2 and 5 between
// them where n ticks leave room for it.
func logTicks(r interval, n int, u string) []tick {
	first, last := int(math.Floor(math.Log10(r.lo)+1e-9)), int(math.Ceil(math.Log10(r.hi)-1e-9))
	every, between := 1, []float64{1}
	switch decades := last - first; {
	case decades > min(n, maxDecades):
		every = (decades + min(n, maxDecades) - 1) / min(n, maxDecades)
	case math.Log10(r.hi/r.lo)*3 <= float64(n):
		between = []float64{1, 2, 5}
	}
	powers := (first < -4 || last > 9) && len(between) == 1
	var out []tick
	for e := first; e <= last; e++ {
		if e%every != 0 {
			continue
		}
		for _, m := range between {
			at := rounded(m * math.Pow(10, float64(e)))
			if at >= r.lo*(1-1e-9) && at <= r.hi*(1+1e-9) {
				out = append(out, logTick(at, e, u, powers))
			}
		}
	}
	return out
}

func logTick(at float64, exponent int, u string, powers bool) tick {
	switch base, _ := strings.CutSuffix(u, "/s"); {
	case base == "s" || base == "B":
		s := unit.For(u, at*(1+1e-9))
		return tick{at: at, label: compact(rounded(at/s.Per)) + s.Suffix}
	case powers:
		return tick{at: at, label: "10", power: strings.Replace(strconv.Itoa(exponent), "-", "\u2212", 1)}
	case base == "ratio":
		return tick{at: at, label: compact(rounded(at*100)) + "%"}
	}
	return tick{at: at, label: compact(at)}
}
