package scenarios

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"meshsim/scenarios/strict"
)

// Plan is what a scenario will do, told before it is done.
type Plan struct {
	Nodes    int
	Groups   []GroupPlan
	Topology string
	Links    []string
	// Lookahead is the smallest latency that any message can have: the width of
	// the windows in which the kernel runs events side by side.
	Lookahead time.Duration
	Timeline  []Moment
	Points    int // of its sweep; 0 if it has none
	Runs      int
	Seed      uint64
	Duration  time.Duration
	Samples   int
	Events    uint64 // estimated, a run
	Bytes     uint64 // of memory, estimated, a run
	Notes     []string
}

// GroupPlan is a group of nodes.
type GroupPlan struct {
	Name      string
	Count     int
	Zones     []string
	Protocols []string
}

// Moment is something that the timeline holds.
type Moment struct {
	At, Until, Every time.Duration // Every is 0 if it happens once
	Name, Text       string
}

// Plan tells what the scenario will do. Events and memory are estimates, good
// to a small factor.
func (s *Scenario) Plan() *Plan {
	p := &Plan{Nodes: s.plan.nodes, Topology: s.topologyText(), Links: s.linkTexts(), Lookahead: s.lookahead(),
		Runs: s.Run.Repeat, Seed: s.Run.Seed, Duration: s.Run.Duration, Samples: int(s.Run.Duration/s.Metrics.Sample) + 1}
	for i, g := range s.base.Groups {
		var running []string
		for _, d := range g.Stack {
			running = append(running, d.Name)
		}
		p.Groups = append(p.Groups, GroupPlan{g.Name, g.Count, s.plan.groups[i].zones, running})
	}
	if s.Sweep != nil {
		points, _ := s.Points()
		p.Points = len(points)
	}
	p.Timeline = s.timeline()
	p.Events, p.Bytes = s.estimate()
	for _, w := range s.warnings {
		p.Notes = append(p.Notes, w.Error())
	}
	p.Notes = append(p.Notes, s.squareNotes()...)
	return p
}

// String prints the plan as validate shows it.
func (p *Plan) String() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-10s %s\n", name, fmt.Sprintf(format, args...))
	}
	name := "nodes"
	for _, g := range p.Groups {
		where := ""
		if len(g.Zones) > 0 {
			where = " in " + someOf(g.Zones)
		}
		line(name, "%s: %d%s, running %s", g.Name, g.Count, where, nonempty(strings.Join(g.Protocols, ", "), "nothing"))
		name = ""
	}
	line("topology", "%s", p.Topology)
	name = "links"
	for _, l := range p.Links {
		line(name, "%s", l)
		name = ""
	}
	line("lookahead", "%v, the smallest latency of all", p.Lookahead)
	name = "timeline"
	for _, m := range p.Timeline {
		line(name, "%s", m)
		name = ""
	}
	if p.Points > 0 {
		line("sweep", "%d points, which meshsim sweep runs; what follows is of the scenario as it stands", p.Points)
	}
	line("runs", "%d of %s, seed %d, %d samples each", p.Runs, strict.FormatDuration(p.Duration), p.Seed, p.Samples)
	line("estimate", "%s events and %s of memory a run", round(float64(p.Events)), bytesText(p.Bytes))
	for _, note := range p.Notes {
		line("note", "%s", note)
	}
	return b.String()
}

func nonempty(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// String tells when and what.
func (m Moment) String() string {
	when := strict.FormatDuration(m.At) + " … " + strict.FormatDuration(m.Until)
	if m.Until == m.At {
		when = strict.FormatDuration(m.At)
	}
	if m.Every > 0 {
		when += ", every " + strict.FormatDuration(m.Every)
	}
	return fmt.Sprintf("%-17s  %s: %s", when, m.Name, m.Text)
}

// round writes a number of things with three digits that count.
func round(x float64) string {
	switch {
	case x >= 1e9:
		return fmt.Sprintf("%.3g billion", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.3g million", x/1e6)
	}
	n, step := int64(x+0.5), int64(1)
	for n/step >= 1000 {
		step *= 10
	}
	return strconv.FormatInt((n+step/2)/step*step, 10)
}

func bytesText(n uint64) string {
	const mib = 1 << 20
	if n >= 1<<30 {
		return fmt.Sprintf("%.1f GiB", float64(n)/(1<<30))
	}
	return fmt.Sprintf("%d MiB", (n+mib-1)/mib)
}

func (s *Scenario) topologyText() string {
	g, ok := s.base.Topology.(interface {
		Nodes() int
		Edges() int
	})
	if !ok {
		return s.Topology.Kind
	}
	return fmt.Sprintf("%s, %d edges, mean degree %.3g", s.Topology.Kind, g.Edges(), 2*float64(g.Edges())/float64(max(g.Nodes(), 1)))
}

func (s *Scenario) linkTexts() []string {
	out := []string{"default: " + s.Network.Default.text(s.base.Network.Zones != nil)}
	for i := range s.Network.Links {
		r := &s.Network.Links[i]
		ends := selectorText(r.From) + " → " + selectorText(r.To)
		if len(r.Between) == 2 {
			ends = selectorText(r.Between[0]) + " ↔ " + selectorText(r.Between[1])
		}
		out = append(out, ends+": "+r.Link.Value.text(s.base.Network.Zones != nil))
	}
	return out
}

// text tells of a link what is not as in an ideal one.
func (l *Link) text(zones bool) string {
	var parts []string
	add := func(format string, args ...any) { parts = append(parts, fmt.Sprintf(format, args...)) }
	if zones && l.Zoned {
		add("latency by zones, else %v", l.Latency)
	} else {
		add("latency %v", l.Latency)
	}
	switch {
	case l.Distribution == "empirical":
		add("jitter from %s", l.Samples)
	case l.Jitter.Jitter > 0:
		add("jitter %v %s", l.Jitter.Jitter, l.Distribution)
	}
	switch {
	case l.Loss.GilbertElliott != nil:
		g := l.Loss.GilbertElliott
		add("loss in bursts (%s in, %s out, %s lost)", percent(g.P), percent(g.R), percent(g.LossBad))
	case l.Loss.Bernoulli != nil && l.Loss.Bernoulli.P > 0:
		add("loss %s", percent(l.Loss.Bernoulli.P))
	}
	if l.Duplicate > 0 {
		add("duplicate %s", percent(l.Duplicate))
	}
	if l.Reorder > 0 {
		add("reorder %s by %v", percent(l.Reorder), l.ReorderBy)
	}
	if l.Corrupt > 0 {
		add("corrupt %s", percent(l.Corrupt))
	}
	if l.Bandwidth > 0 {
		text, _ := l.Bandwidth.MarshalText()
		add("bandwidth %s", text)
	}
	if l.Transport == "stream" {
		add("stream")
	}
	add("floor %v", l.Floor)
	return strings.Join(parts, ", ")
}
