package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report/chart"
	"meshsim/report/unit"
	"meshsim/sim"
)

// A Plot is a chart with the name of its files.
type Plot struct {
	Name string
	chart.Chart
}

// Plots returns the study's figures worth a picture, in the order of reports:
// each series and distribution of the protocols, then throughput, connectivity,
// nodes that are up, latency and messages a node. What holds no data, or
// nothing that changes, is left out.
func (s *Study) Plots() []Plot {
	var out []Plot
	add := func(name string, c chart.Chart) {
		if !c.Empty() {
			out = append(out, Plot{name, c})
		}
	}
	for _, m := range s.Metrics {
		switch {
		case kernelMetric(m.Name):
		case m.Form == protocols.Series:
			add(m.Name, s.seriesChart(m))
		case m.Form == protocols.Sample:
			add(m.Name, s.itemsChart(m))
		}
	}
	add("net.throughput", s.throughputChart())
	for _, m := range s.Metrics {
		if m.Name == "net.connectivity" || m.Name == "run.availability" || m.Name == "cpu.use" || m.Name == "disk.size" && s.fullestDisk() >= worthAPlot {
			add(m.Name, s.seriesChart(m))
		}
	}
	add("net.mean_latency", s.latencyOverTimeChart())
	add("net.latency", s.latencyChart())
	add("net.messages_per_node", s.perNodeChart())
	return out
}

// worthAPlot is how many bytes a disk must hold for its growth to be plotted.
const worthAPlot = 4096

// fullestDisk is how many bytes the fullest disk of all runs held at the end.
func (s *Study) fullestDisk() float64 {
	most := 0.0
	for _, r := range s.finished() {
		if v, ok := r.Scalar("disk.max_size"); ok {
			most = max(most, v)
		}
	}
	return most
}

func kernelMetric(name string) bool {
	protocol, _, _ := strings.Cut(name, ".")
	return protocol == "net" || protocol == "cpu" || protocol == "disk" || protocol == "run" || protocol == "cost"
}

// seriesChart shows a series over time; over decades, where it falls through
// three of them.
func (s *Study) seriesChart(m protocols.MetricSpec) chart.Chart {
	b := bandOf(m, s.finished())
	if len(b.at) == 0 || !m.Goal && b.constant() {
		return chart.Chart{}
	}
	c := s.timeChart(title(m.Name)+" over time", m.Doc)
	c.Y = chart.Axis{Label: label(m.Name), Unit: m.Unit}
	if m.Unit == "1/s" { // a number without a unit, and of what is in the subtitle
		c.Y.Label += " a second"
	}
	switch small := b.smallest(); {
	case m.Goal || m.Unit == "ratio" && (small*1000 >= b.largest() || b.returns()):
		c.Y.Lo, c.Y.Hi = 0, 1
		b.within(0, 1)
	case small*1000 < b.largest() && !b.returns():
		c.Y.Log = true
		b.within(small, math.Inf(1))
	case !negative(b.mean):
		b.within(0, math.Inf(1)) // an interval that reaches below is none of the values'
	}
	c.Curves = []chart.Curve{b.curve(s.basis(), rate(m.Unit))}
	if m.Goal {
		s.cutTail(&c)
	}
	return c
}

func negative(values []float64) bool {
	return slices.ContainsFunc(values, func(v float64) bool { return v < 0 })
}

// rate reports whether values hold for the time before their instant.
func rate(unit string) bool { return strings.HasSuffix(unit, "/s") }

// simulatedTime is the label of the axis that all charts over time share.
const simulatedTime = "simulated time"

// timeChart is an empty chart over simulated time with the faults in it.
func (s *Study) timeChart(title, doc string) chart.Chart {
	c := chart.Chart{Title: s.heading(title), Subtitle: doc, X: chart.Axis{Label: simulatedTime, Unit: "s"}}
	for _, r := range s.finished() {
		c.X.Hi = max(c.X.Hi, r.End.Seconds())
	}
	if s.Warmup > 0 {
		c.Spans = append(c.Spans, chart.Span{Name: "warm-up, in no statistic", To: s.Warmup.Seconds()})
	}
	if r := s.first(); r != nil {
		for _, f := range r.Spans {
			c.Spans = append(c.Spans, chart.Span{Name: spanName(f, r.Nodes), From: f.From.Seconds(), To: f.To.Seconds()})
		}
	}
	return c
}

// cutTail ends the time axis soon after the last thing that happens, if that
// leaves more room for it.
func (s *Study) cutTail(c *chart.Chart) {
	end := 0.0
	for _, cu := range c.Curves {
		for i := range cu.Y {
			if i > 0 && (cu.Y[i] != cu.Y[i-1] || cu.Lo != nil && cu.Lo[i] != cu.Lo[i-1]) {
				end = max(end, cu.X[i])
			}
		}
	}
	for _, sp := range c.Spans {
		if sp.To < c.X.Hi {
			end = max(end, sp.To)
		}
		end = max(end, sp.From)
	}
	if end *= 1.1; end > 0 && end < 0.7*c.X.Hi {
		c.X.Hi = end
	}
}

// throughputChart shows the messages that nodes sent and got.
func (s *Study) throughputChart() chart.Chart {
	c := s.timeChart("Throughput over time", "messages that all nodes together were handed, and sent, in a second of simulated time")
	c.Y = chart.Axis{Label: "messages a second", Unit: "1/s", Zero: true}
	return s.withCurves(c, named{"net.throughput", "delivered"}, named{"net.offered", "sent"})
}

func (s *Study) latencyOverTimeChart() chart.Chart {
	c := s.timeChart("Latency over time", "time on the way of the messages sent since the sample before that links did not lose")
	c.Y = chart.Axis{Label: "latency", Unit: "s", Zero: true}
	return s.withCurves(c, named{"net.mean_latency", "mean"}, named{"net.slow_latency", "99%"})
}

// named is a series and what its curve is called.
type named struct{ metric, curve string }

// withCurves adds a curve of each series; without data of one the chart is empty.
func (s *Study) withCurves(c chart.Chart, of ...named) chart.Chart {
	for _, m := range of {
		b := bandOf(protocols.MetricSpec{Name: m.metric}, s.finished())
		if len(b.at) == 0 || b.largest() <= 0 {
			return chart.Chart{}
		}
		b.within(0, math.Inf(1))
		c.Curves = append(c.Curves, b.curve(m.curve, true))
	}
	c.Note = s.basis()
	return c
}

// basis says what curves are made of.
func (s *Study) basis() string {
	results := s.finished()
	if len(results) == 1 {
		return fmt.Sprintf("1 run, seed %d", results[0].Seed)
	}
	return fmt.Sprintf("mean and 95%% confidence interval, n = %d", len(results))
}

// heading puts the study and its size behind what is seen.
func (s *Study) heading(what string) string {
	r := s.first()
	if r == nil {
		return what
	}
	return fmt.Sprintf("%s: %s, %s", what, clean(s.Name), plural(uint64(r.Nodes), "node"))
}

// faultName is the verb, and the name if a user gave one: "faults[2]" tells
// nothing to a reader.
func faultName(name, verb string) string {
	switch {
	case name == "" || strings.Contains(name, "["):
		name = verb
	case !strings.Contains(name, verb):
		name = verb + " " + name
	}
	return clean(name)
}

// spanName adds how many nodes a fault struck, unless it struck all.
func spanName(f sim.FaultSpan, nodes int) string {
	name := faultName(f.Name, f.Verb)
	if f.Nodes > 0 && f.Nodes < nodes {
		name += " (" + plural(uint64(f.Nodes), "node") + ")"
	}
	return name
}

// label is the name of a metric in words: "convergence time".
func label(name string) string {
	_, metric, _ := strings.Cut(name, ".")
	return strings.ReplaceAll(metric, "_", " ")
}

// title is the same as the beginning of a heading, with the protocol.
func title(name string) string {
	protocol, _, _ := strings.Cut(name, ".")
	words := label(name)
	if words != "" {
		words = strings.ToUpper(words[:1]) + words[1:]
	}
	switch {
	case protocol == "cpu":
		return "CPU " + label(name)
	case protocol == "disk":
		return "Disk " + label(name)
	case kernelMetric(name):
		return words
	}
	return words + " of " + protocol
}

func plural(n uint64, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return unit.Grouped(float64(n)) + " " + thing + "s"
}

func clean(s string) string { return chart.Clean(s) }
