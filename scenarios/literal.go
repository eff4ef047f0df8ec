package scenarios

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"meshsim/scenarios/strict"
)

// A literal is a number with its unit, in the units of metrics: seconds, bytes,
// per second, ratio.
type literal struct {
	text   string
	number float64
	unit   string // "s", "B", "1/s", "B/s", "%"; empty for a plain number
	at     int
}

var plainNumber = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,18})?(e-?[0-9]{1,2})?$`)

func parseLiteral(s string) (literal, error) {
	l := literal{text: s}
	if digits, ok := strings.CutSuffix(s, "%"); ok && plainNumber.MatchString(digits) {
		l.number, _ = strconv.ParseFloat(digits, 64)
		l.number, l.unit = l.number/100, "%"
		return l, nil
	}
	if plainNumber.MatchString(s) {
		l.number, _ = strconv.ParseFloat(s, 64)
		return l, nil
	}
	if d, err := strict.ParseDuration(s); err == nil {
		l.number, l.unit = seconds(d), "s"
		return l, nil
	}
	var size strict.Size
	perSecond, isRate := strings.CutSuffix(s, "/s")
	if err := size.UnmarshalText([]byte(perSecond)); err == nil {
		l.number, l.unit = float64(size), "B"
		if isRate {
			l.unit = "B/s"
		}
		return l, nil
	}
	var rate strict.Rate
	if err := rate.UnmarshalText([]byte(s)); err == nil {
		l.number, l.unit = float64(rate.Count)/seconds(rate.Per), "1/s"
		return l, nil
	}
	if s == "" {
		return l, fmt.Errorf("expected a value, such as 99%%, 20s, 12 or 64KiB")
	}
	return l, fmt.Errorf("%.40q is not a value; write one such as 99%%, 20s, 12, 64KiB or 5/s", s)
}

// fits says what to write instead if a value has not the unit of a metric.
func (l *literal) fits(metric, unit string) error {
	if l.unit == unit || l.unit == "" && l.number == 0 {
		return nil
	}
	if unit == "ratio" {
		if l.unit == "%" || l.unit == "" && l.text != "1" && l.number <= 1 && l.number >= -1 {
			return nil
		}
		if l.text == "1" {
			return fmt.Errorf("1 is ambiguous; write 1%% or 100%%")
		}
	}
	form, ok := valueForms[unit]
	switch {
	case !ok && l.unit == "":
		return nil
	case !ok:
		return fmt.Errorf("%s is a number without a unit, and %s has one", metric, l.text)
	case l.unit == "":
		return fmt.Errorf("%s is %s; write %s with a unit, such as %s", metric, form.what, l.text, form.example)
	}
	return fmt.Errorf("%s is %s, and %s is not; write a value such as %s", metric, form.what, l.text, form.example)
}

// valueForms are the units that values are written with, by that of the metric.
var valueForms = map[string]struct{ what, example string }{
	"ratio": {"a share", "99%"},
	"s":     {"a time", "20s or 250ms"},
	"B":     {"in bytes", "64B or 1KiB"},
	"1/s":   {"a rate", "5/s"},
	"B/s":   {"in bytes a second", "1MiB/s"},
}

// seconds is one division, so it is rounded once, the same everywhere.
func seconds(d time.Duration) float64 { return float64(d) / 1e9 }
