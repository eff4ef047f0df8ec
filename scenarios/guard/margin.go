package guard

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"meshsim/scenarios/strict"
)

// Margin is the largest change for the worse that does not matter.
type Margin struct {
	Value  float64
	OfBase bool // a part of the baseline's mean; else an amount in the metric's unit
}

// DefaultMargin is that of metrics for which nobody chose another.
var DefaultMargin = Margin{0.05, true}

// MarshalText writes 5% or 0.002.
func (m Margin) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

func (m Margin) String() string {
	if m.OfBase {
		percent := math.Round(float64(m.Value*1e8)) / 1e6
		return strconv.FormatFloat(percent, 'f', -1, 64) + "%"
	}
	return strconv.FormatFloat(m.Value, 'g', -1, 64)
}

// UnmarshalText reads 5%, 0.002, and of times 20ms, too.
func (m *Margin) UnmarshalText(text []byte) error {
	s := strings.TrimSpace(string(text))
	if d, err := strict.ParseDuration(s); err == nil && d >= 0 {
		*m = Margin{Value: d.Seconds()}
		return nil
	}
	number, part := strings.CutSuffix(s, "%")
	v, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil:
		return fmt.Errorf("%.60q is no margin; write 5%% of the baseline, or an amount in the metric's unit such as 0.002 or 20ms", s)
	case !(v >= 0) || math.IsInf(v, 0):
		return fmt.Errorf("the margin %.60q is negative or no number; write 0%% or more", s)
	case part && v > 1000:
		return fmt.Errorf("the margin %.60q is more than 1000%%", s)
	case part:
		v /= 100
	}
	*m = Margin{v, part}
	return nil
}

// Margins are those that a user asks for in place of the baseline's.
type Margins struct {
	All *Margin // of all metrics; nil if not asked for
	Of  []MarginOf
}

// MarginOf is the margin of a metric, or of one statistic of it.
type MarginOf struct {
	Name string // net.messages, or net.latency p99
	Margin
	Time bool // it was written as one, such as 20ms
}

// Add reads what follows --margin: 5%, or net.messages=10%.
func (m *Margins) Add(text string) error {
	name, value, named := strings.Cut(text, "=")
	if !named {
		value = text
	}
	var margin Margin
	if err := margin.UnmarshalText([]byte(value)); err != nil {
		return err
	}
	switch {
	case !named && !margin.OfBase:
		return fmt.Errorf("%q is an amount, which means nothing for all metrics; write %s=%s for one metric, or a part of the baseline such as 5%%", text, "net.bytes", value)
	case !named:
		m.All = &margin
	case strings.TrimSpace(name) == "":
		return fmt.Errorf("%q names no metric; write net.messages=10%%", text)
	default:
		_, err := strict.ParseDuration(strings.TrimSpace(value))
		m.Of = append(m.Of, MarginOf{strings.TrimSpace(name), margin, err == nil && margin.Value > 0})
	}
	return nil
}

// of chooses the margin of a column: what is asked for by its name, for all, what
// the baseline says, or the default.
func (m *Margins) of(metric, name string, base *Metric) Margin {
	for i := len(m.Of) - 1; i >= 0; i-- {
		if n := m.Of[i].Name; n == metric || n == name {
			return m.Of[i].Margin
		}
	}
	switch {
	case m.All != nil:
		return *m.All
	case base != nil:
		return base.Margin
	}
	return DefaultMargin
}
