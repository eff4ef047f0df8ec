// Package unit writes quantities for people: 0.0123 s as "12.30 ms", 0.998 as
// "99.80%", 12345678 bytes as "12.35 MB". Units are those of metrics: "s",
// "ratio", "B", "1" for plain numbers, any of them a second as in "1/s", or a
// word of the protocol's own such as "rounds".
package unit

import (
	"math"
	"strconv"
	"strings"
)

// A Scale is one way to write the values of a unit: divided by Per, followed by
// Suffix, which begins with a space where one belongs.
type Scale struct {
	Per    float64
	Suffix string
}

// The steps of a unit, largest first.
var (
	times  = []Scale{{3600, " h"}, {60, " min"}, {1, " s"}, {1e-3, " ms"}, {1e-6, " µs"}, {1e-9, " ns"}}
	sizes  = []Scale{{1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1e3, " kB"}, {1, " B"}}
	counts = []Scale{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}, {1, ""}}
)

// longSeconds and longMinutes keep "90 s" and "100 min" as people say them.
const longSeconds, longMinutes = 600, 3 * 3600

// For returns the scale in which a value of that magnitude reads best.
func For(unit string, magnitude float64) Scale {
	if magnitude = math.Abs(magnitude); math.IsInf(magnitude, 0) {
		magnitude = 0
	}
	base, rate := strings.CutSuffix(unit, "/s")
	var s Scale
	switch base {
	case "s":
		s = timeScale(magnitude)
	case "ratio":
		s = Scale{0.01, "%"}
	case "B":
		s = pick(sizes, magnitude)
	case "1", "":
		s = pick(counts, magnitude)
	default:
		s = pick(counts, magnitude)
		s.Suffix += " " + base
	}
	if rate {
		s.Suffix += "/s"
	}
	return s
}

func timeScale(magnitude float64) Scale {
	switch {
	case magnitude == 0 || magnitude >= 1 && magnitude < longSeconds:
		return Scale{1, " s"}
	case magnitude >= longSeconds && magnitude < longMinutes:
		return Scale{60, " min"}
	}
	return pick(times, magnitude)
}

// pick takes the largest step that leaves a value of 1 or more, else the
// smallest step.
func pick(steps []Scale, magnitude float64) Scale {
	for _, s := range steps {
		if magnitude >= s.Per {
			return s
		}
	}
	return steps[len(steps)-1]
}

// Number writes v in the scale with that many decimals, without the suffix.
func (s Scale) Number(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(v, 'g', -1, 64), "+"))
	}
	out := strconv.FormatFloat(v/s.Per, 'f', decimals, 64)
	if strings.Trim(out, "-0.") == "" {
		out = strings.TrimPrefix(out, "-")
	}
	return out
}

// digits is how many significant digits a number for people has.
const digits = 4

// decimals is how many of them stand behind the point.
func (s Scale) decimals(v float64) int {
	v = math.Abs(v / s.Per)
	if v == 0 {
		return 0
	}
	d := min(max(digits-1-int(math.Floor(math.Log10(v))), 0), digits)
	if s.Suffix == "%" {
		// 99.9996% must not read as all.
		for d < 6 && v < 100 && strings.HasPrefix(s.Number(v*s.Per, d), "100") {
			d++
		}
	}
	return d
}

// Text writes one value with 4 significant digits, whole numbers below a
// million in full: "12.30 ms", "1,234", "-" for one that does not exist.
func Text(unit string, v float64) string {
	value, _ := Estimate(unit, v, v, v)
	return value
}

// Estimate writes a value and, in the same scale and with as many decimals, the
// interval around it: "12.34 s" and "[11.93, 12.71]".
func Estimate(unit string, v, lo, hi float64) (value, bounds string) {
	if math.IsNaN(v) {
		return "-", "-"
	}
	s, write := For(unit, v), Scale.Number
	d := s.decimals(v)
	if whole(unit, v) && whole(unit, lo) && whole(unit, hi) {
		s, write = For(unit, 0), func(s Scale, v float64, _ int) string { return Grouped(v) }
	}
	return write(s, v, d) + s.Suffix, "[" + write(s, lo, d) + ", " + write(s, hi, d) + "]"
}

// whole reports whether v is a number of things that is written in full.
func whole(unit string, v float64) bool {
	base, _ := strings.CutSuffix(unit, "/s")
	return base != "s" && base != "ratio" && base != "B" && v == math.Trunc(v) && math.Abs(v) < 1e6
}

// Grouped writes v without decimals, with commas between thousands.
func Grouped(v float64) string {
	s := Scale{Per: 1}.Number(v, 0)
	digits := strings.TrimPrefix(s, "-")
	sign := s[:len(s)-len(digits)]
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
