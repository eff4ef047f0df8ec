package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
)

// timeline lists the workload and the faults by time.
func (s *Scenario) timeline() []Moment {
	var out []Moment
	for i := range s.Workload {
		l := &s.Workload[i]
		m := Moment{At: l.Start, Until: l.Stop, Name: "workload", Text: l.text()}
		if l.flow().Rate.Count == 0 {
			m.Until = m.At
		}
		out = append(out, m)
	}
	for i := range s.Faults {
		f := &s.Faults[i]
		m := Moment{At: f.At, Until: s.Run.Duration, Every: f.Every, Name: string(f.Name), Text: f.text()}
		if f.For > 0 {
			m.Until = min(f.At+f.For, s.Run.Duration)
		}
		out = append(out, m)
	}
	slices.SortStableFunc(out, func(a, b Moment) int { return cmp.Compare(a.At, b.At) })
	return out
}

// text tells what enters.
func (l *Traffic) text() string {
	switch {
	case l.Publish != nil:
		return fmt.Sprintf("publish %s from %s, %s", sizeOf(l.Publish.Size), selectorText(l.Publish.From), l.Publish.Flow.text())
	case l.Put != nil:
		return fmt.Sprintf("put %s to %d keys from %s, %s", sizeOf(l.Put.Size), l.Put.Keys, selectorText(l.Put.From), l.Put.Flow.text())
	case l.Propose != nil:
		return fmt.Sprintf("propose values of %s from %s, %s", sizeOf(l.Propose.Size), selectorText(l.Propose.From), l.Propose.Flow.text())
	case l.Submit != nil:
		return l.Submit.text()
	case l.Lookup != nil:
		return l.Lookup.text()
	case l.Reconfigure != nil:
		return fmt.Sprintf("%s %s, %s", l.Reconfigure.Change, selectorText(l.Reconfigure.Node), l.Reconfigure.Flow.text())
	case l.Leave != nil:
		return fmt.Sprintf("%s leave in order, %s", selectorText(l.Leave.Nodes), l.Leave.Flow.text())
	case l.Enter != nil:
		return fmt.Sprintf("%s join again, %s", selectorText(l.Enter.Nodes), l.Enter.Flow.text())
	case l.Decide != nil:
		return fmt.Sprintf("propose decisions of %s from %s, %s", sizeOf(l.Decide.Size), selectorText(l.Decide.From), l.Decide.Flow.text())
	}
	return fmt.Sprintf("set %d … %d on %s, %s", l.Set.Low, l.Set.High, selectorText(l.Set.Nodes), l.Set.Flow.text())
}

func (f *Flow) text() string {
	if f.Rate.Count == 0 {
		return "once"
	}
	rate, _ := f.Rate.MarshalText()
	text := fmt.Sprintf("%s, %s", rate, f.Arrivals)
	if f.Count > 0 {
		text += fmt.Sprintf(", at most %d", f.Count)
	}
	return text
}

func sizeOf(z strict.Size) string {
	text, _ := z.MarshalText()
	return string(text)
}

func selectorText(s Selector) string {
	if len(s) == 0 {
		return "all"
	}
	var texts []string
	for _, p := range s {
		texts = append(texts, p.text)
	}
	return strings.Join(texts, ", ")
}

func percent(p draw.Probability) string { return strict.FormatProbability(p) }

// text tells what a fault does.
func (f *Fault) text() string {
	switch {
	case f.Crash != nil:
		return fmt.Sprintf("crash %s, disks %s", selectorText(f.Crash.Nodes), kept(f.Crash.Disk))
	case f.Pause != nil:
		return "pause " + selectorText(f.Pause.Nodes)
	case f.Partition != nil:
		return "partition, " + f.Partition.text()
	case f.Degrade != nil:
		return f.Degrade.text()
	case f.Clock != nil:
		return f.Clock.text()
	case f.Byzantine != nil:
		return f.Byzantine.text()
	case f.Disk != nil:
		return f.Disk.text()
	}
	c := f.Churn
	if c.Trace != "" {
		return fmt.Sprintf("churn of %s after %s, disks %s", selectorText(c.Nodes), c.Trace, kept(c.Disk))
	}
	return fmt.Sprintf("churn of %s, up %s, down %s, disks %s", selectorText(c.Nodes), c.Session.text(), c.Downtime.text(), kept(c.Disk))
}

func (p *Partition) text() string {
	var text string
	switch {
	case p.OneWay != nil && len(p.OneWay.To) == 0:
		text = fmt.Sprintf("nothing passes from %s", selectorText(p.OneWay.From))
	case p.OneWay != nil:
		text = fmt.Sprintf("nothing passes from %s to %s", selectorText(p.OneWay.From), selectorText(p.OneWay.To))
	case len(p.Isolate) > 0:
		text = selectorText(p.Isolate) + " | the rest"
	default:
		var sides []string
		for _, g := range p.Groups {
			sides = append(sides, selectorText(g))
		}
		text = strings.Join(sides, " | ")
	}
	if len(p.Bridge) > 0 {
		text += ", bridged by " + selectorText(p.Bridge)
	}
	if p.Flapping != nil {
		text += fmt.Sprintf(", %v cut and %v not", p.Flapping.Down, p.Flapping.Up)
	}
	return text
}

func (g *Degrade) text() string {
	var parts []string
	add := func(on bool, format string, args ...any) {
		if on {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(g.Latency > 0, "latency +%v", g.Latency)
	add(g.Jitter.Jitter > 0, "jitter +%v", g.Jitter.Jitter)
	add(g.Loss > 0, "loss +%s", percent(g.Loss))
	add(g.Duplicate > 0, "duplicate +%s", percent(g.Duplicate))
	add(g.Corrupt > 0, "corrupt +%s", percent(g.Corrupt))
	add(g.Bandwidth != draw.Always, "bandwidth × %s", percent(g.Bandwidth))
	ends := selectorText(g.From) + " → " + selectorText(g.To)
	if len(g.Between) == 2 {
		ends = selectorText(g.Between[0]) + " ↔ " + selectorText(g.Between[1])
	}
	return fmt.Sprintf("degrade %s: %s", ends, strings.Join(parts, ", "))
}

func (k *ClockFault) text() string {
	var parts []string
	add := func(name string, d time.Duration) {
		if d != 0 {
			parts = append(parts, fmt.Sprintf("%s %v", name, d))
		}
	}
	add("offset", k.Offset)
	add("step", k.Step)
	if k.Drift != 0 {
		drift, _ := k.Drift.MarshalText()
		parts = append(parts, "drift "+string(drift))
	}
	return fmt.Sprintf("clocks of %s: %s", selectorText(k.Nodes), strings.Join(parts, ", "))
}

func (s *Spell) text() string {
	switch {
	case s.Exponential != nil:
		return fmt.Sprintf("exponential with mean %s", strict.FormatDuration(s.Exponential.Mean))
	case s.Weibull != nil:
		return fmt.Sprintf("Weibull with %s and shape %v", sizeText("mean", s.Weibull.Mean, "scale", s.Weibull.Scale), s.Weibull.Shape)
	case s.Pareto != nil:
		return fmt.Sprintf("Pareto with %s and shape %v", sizeText("mean", s.Pareto.Mean, "minimum", s.Pareto.Minimum), s.Pareto.Shape)
	case s.Lognormal != nil:
		return fmt.Sprintf("lognormal with %s and sigma %v", sizeText("mean", s.Lognormal.Mean, "median", s.Lognormal.Median), s.Lognormal.Sigma)
	}
	return strict.FormatDuration(s.Constant.Value)
}

func sizeText(first string, a time.Duration, second string, b time.Duration) string {
	if a > 0 {
		return first + " " + strict.FormatDuration(a)
	}
	return second + " " + strict.FormatDuration(b)
}
