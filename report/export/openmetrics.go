package export

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"meshsim/protocols"
	"meshsim/sim"
)

// An OpenMetrics says how the figures of a run are written as OpenMetrics text
// (1.0, openmetrics.io), with a time at each value: series as gauges with a value
// at each sampling instant, scalars as gauges with one at the end, samples as
// summaries of their quantiles, messages of each kind as counters.
//
//	promtool tsdb create-blocks-from openmetrics FILE DIR
//
// makes blocks of it that Prometheus serves and Grafana draws.
type OpenMetrics struct {
	Specs    []protocols.MetricSpec
	Labels   []Label // of every value
	From, To protocols.Time
	Epoch    int64 // Unix time at which the run begins, in nanoseconds
}

// A Label tells values apart.
type Label struct{ Name, Value string }

// Write writes the figures of a run. There are no values outside From <= t < To.
func (o *OpenMetrics) Write(w io.Writer, r *sim.Result) error {
	m := &metricsWriter{OpenMetrics: o, w: bufio.NewWriter(w), seen: map[string]bool{}}
	for _, spec := range o.Specs {
		switch spec.Form {
		case protocols.Series:
			m.family(spec, "gauge", r.Series(spec.Name))
		case protocols.Scalar:
			if v, ok := r.Scalar(spec.Name); ok {
				m.family(spec, "gauge", []protocols.Point{{At: protocols.Time(r.End), Value: v}})
			}
		case protocols.Sample:
			m.quantiles(spec, r)
		}
	}
	m.kinds(r)
	m.w.WriteString("# EOF\n")
	if err := m.w.Flush(); err != nil {
		return fmt.Errorf("writing the metrics: %w", err)
	}
	return nil
}

type metricsWriter struct {
	*OpenMetrics
	w    *bufio.Writer
	seen map[string]bool // names of families; looked up only
}

// familyName is a metric's name by the rules: letters, digits and _, and the unit
// at its end.
func familyName(name, unit string) string {
	clean := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
	if unit != "" && !strings.HasSuffix(clean, "_"+unit) {
		clean += "_" + unit
	}
	return "meshsim_" + clean
}

// unitName is a unit in words; empty for plain numbers.
func unitName(unit string) string {
	base, rate := strings.CutSuffix(unit, "/s")
	word := map[string]string{"s": "seconds", "B": "bytes", "1": "", "": ""}
	name, ok := word[base]
	if !ok {
		name = strings.TrimPrefix(familyName(base, ""), "meshsim_")
	}
	if rate {
		name = strings.TrimPrefix(name+"_per_second", "_")
	}
	return name
}

// begin writes what stands above a family's values, and returns its name; "" if
// there is such a family already.
func (m *metricsWriter) begin(name, unit, kind, doc string) string {
	unit = unitName(unit)
	name = familyName(name, unit)
	if m.seen[name] {
		return ""
	}
	m.seen[name] = true
	fmt.Fprintf(m.w, "# TYPE %s %s\n", name, kind)
	if unit != "" {
		fmt.Fprintf(m.w, "# UNIT %s %s\n", name, unit)
	}
	fmt.Fprintf(m.w, "# HELP %s %s\n", name, escaped(doc))
	return name
}

func (m *metricsWriter) family(spec protocols.MetricSpec, kind string, points []protocols.Point) {
	points = slices.DeleteFunc(points, func(x protocols.Point) bool { return x.At < m.From || x.At >= m.To || math.IsNaN(x.Value) })
	if len(points) == 0 {
		return
	}
	if name := m.begin(spec.Name, spec.Unit, kind, spec.Doc); name != "" {
		for _, x := range points {
			m.value(name, x.Value, x.At)
		}
	}
}

// quantilesWritten are those of a summary, in hundredths.
var quantilesWritten = []uint64{50, 90, 95, 99, 100}

// quantiles writes a sample; a quantile that falls among items that had not
// finished has no value.
func (m *metricsWriter) quantiles(spec protocols.MetricSpec, r *sim.Result) {
	at := protocols.Time(r.End)
	if _, ok := r.Quantile(spec.Name, 0, 100); !ok || at < m.From || at >= m.To {
		return
	}
	name := m.begin(spec.Name, spec.Unit, "summary", spec.Doc)
	for _, q := range quantilesWritten {
		if v, ok := r.Quantile(spec.Name, q, 100); ok && name != "" {
			m.value(name, v, at, Label{"quantile", strconv.FormatFloat(float64(q)/100, 'g', -1, 64)})
		}
	}
}

// kinds writes the messages of each kind.
func (m *metricsWriter) kinds(r *sim.Result) {
	at := protocols.Time(r.End)
	if len(r.Kinds) == 0 || at < m.From || at >= m.To {
		return
	}
	for _, c := range []struct {
		name, unit, doc string
		of              func(*sim.KindTotal) uint64
	}{
		{"message_kinds_sent", "1", "messages given to the network", func(k *sim.KindTotal) uint64 { return k.Sent }},
		{"message_kinds_sent", "B", "bytes given to the network", func(k *sim.KindTotal) uint64 { return k.Bytes }},
		{"message_kinds_delivered", "1", "messages handed to a node", func(k *sim.KindTotal) uint64 { return k.Delivered }},
		{"message_kinds_lost", "1", "messages that did not leave for a node", func(k *sim.KindTotal) uint64 { return k.Lost }},
	} {
		name := m.begin(c.name, c.unit, "counter", c.doc)
		for i := range r.Kinds {
			k := &r.Kinds[i]
			m.value(name+"_total", float64(c.of(k)), at, Label{"protocol", k.Protocol}, Label{"kind", k.Kind})
		}
	}
}

func (m *metricsWriter) value(name string, v float64, at protocols.Time, more ...Label) {
	m.w.WriteString(name)
	open := "{"
	for _, l := range slices.Concat(more, m.Labels) {
		fmt.Fprintf(m.w, `%s%s="%s"`, open, l.Name, escaped(l.Value))
		open = ","
	}
	if open == "," {
		m.w.WriteString("}")
	}
	fmt.Fprintf(m.w, " %s %s\n", floatText(v), m.time(at))
}

// floatText writes whole numbers with all digits, others with nine.
func floatText(v float64) string {
	const exact = 1 << 53
	if v == math.Trunc(v) && math.Abs(v) < exact {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	if math.IsInf(v, 0) {
		return map[bool]string{true: "+Inf", false: "-Inf"}[v > 0]
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}

// time is an instant as a Unix time, exactly.
func (m *metricsWriter) time(at protocols.Time) string {
	ns := m.Epoch + int64(at)
	sign := ""
	if ns < 0 {
		sign, ns = "-", -ns
	}
	text := fmt.Sprintf("%s%d.%09d", sign, ns/1e9, ns%1e9)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

var escapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`)

func escaped(s string) string { return escapes.Replace(s) }
