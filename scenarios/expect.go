package scenarios

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Expect says what must hold.
type Expect struct {
	Always     []string                           `key:"always" doc:"safety: properties of protocols, watched at every event of every run"`
	Violated   []string                           `key:"violated" doc:"properties that at least one run must violate: the faults are worse than the protocol is made for, and the checker notices"`
	Eventually []Eventually                       `key:"eventually" doc:"liveness, as in gossip.coverage >= 99% within 20s: counted for each item from when it began; of metrics without items, from the start of the run"`
	Sometimes  []Condition                        `key:"sometimes" doc:"what at least one sample of one run must show, as in partitioned and gossip.coverage > 50%: else a fault was never felt, and the runs prove nothing"`
	Thresholds strict.Map[strict.List[Threshold]] `key:"thresholds" doc:"bounds on metrics over all runs, as in p95 < 20s; a bound holds only if the confidence interval is on its right side"`
}

// Eventually is a level that is to be reached in time.
type Eventually struct {
	text string
	comparison
	within time.Duration
	timely bool // within was written
}

// UnmarshalText reads "metric >= value within duration".
func (e *Eventually) UnmarshalText(b []byte) error {
	p := &parser{tokens: tokens(string(b))}
	*e = Eventually{text: string(b)}
	name := p.next()
	if !metricForm.MatchString(name.text) {
		p.fail(name, "expected a metric such as gossip.coverage")
	}
	e.comparison = p.against(name)
	if p.err == nil && p.peek().text == "within" {
		p.next()
		t := p.next()
		d, err := strict.ParseDuration(t.text)
		if err == nil && d <= 0 {
			err = fmt.Errorf("%q is no time to reach anything in; write a duration above 0s", t.text)
		}
		if err != nil {
			p.fail(t, "%v", err)
		}
		e.within, e.timely = d, true
	}
	return p.end("the expectation")
}

// TypeName says what it is, for help.
func (Eventually) TypeName() string { return "expectation, as gossip.coverage >= 99% within 20s" }

// MarshalText writes the expectation as it was read.
func (e Eventually) MarshalText() ([]byte, error) { return []byte(e.text), nil }

// Condition is what some sample must show.
type Condition struct {
	text string
	root *clause
}

// UnmarshalText reads comparisons and states joined by and, or and not.
func (c *Condition) UnmarshalText(b []byte) error {
	p := &parser{tokens: tokens(string(b))}
	root := p.condition()
	*c = Condition{string(b), root}
	return p.end("the condition")
}

// TypeName says what it is, for help.
func (Condition) TypeName() string { return "condition, as partitioned and gossip.coverage > 50%" }

// MarshalText writes the condition as it was read.
func (c Condition) MarshalText() ([]byte, error) { return []byte(c.text), nil }

// Threshold is a bound on a statistic.
type Threshold struct {
	text string
	comparison
	num, den uint64 // of a quantile; den is 0 for other statistics
}

var quantileForm = regexp.MustCompile(`^p([0-9]{1,2}(\.[0-9]{1,6})?)$`)

// UnmarshalText reads "statistic < value".
func (b *Threshold) UnmarshalText(text []byte) error {
	p := &parser{tokens: tokens(string(text))}
	*b = Threshold{text: string(text)}
	name := p.next()
	if name.text == "median" {
		name.text = "p50"
	}
	if m := quantileForm.FindStringSubmatch(name.text); m != nil {
		q, _ := new(big.Rat).SetString(m[1])
		q.Quo(q, big.NewRat(100, 1))
		b.num, b.den = q.Num().Uint64(), q.Denom().Uint64()
	} else if !slices.Contains([]string{"mean", "min", "max", "final"}, name.text) {
		p.fail(name, "expected mean, min, max, final, or a percentile such as p50 or p99, and then a bound, as in p95 < 20s")
	}
	b.comparison = p.against(name)
	return p.end("the threshold")
}

// TypeName says what it is, for help.
func (Threshold) TypeName() string { return "threshold, as p95 < 20s" }

// MarshalText writes the threshold as it was read.
func (b Threshold) MarshalText() ([]byte, error) { return []byte(b.text), nil }

// quantile says whether the statistic is one.
func (b *Threshold) quantile() bool { return b.den != 0 }

// compileExpect finds the metrics and properties that are named.
func (c *compiler) compileExpect() {
	if len(c.descriptors()) == 0 {
		return // was reported
	}
	c.metrics = sim.Metrics(c.base.Groups)
	c.base.Detail.Waits = len(c.Expect.Eventually) > 0
	for i, name := range c.Expect.Always {
		c.compileProperty(name, indexed("expect.always", i))
	}
	c.always = len(c.base.Checks)
	for i, name := range c.Expect.Violated {
		c.compileProperty(name, indexed("expect.violated", i))
	}
	for i := range c.Expect.Eventually {
		c.compileEventually(&c.Expect.Eventually[i], indexed("expect.eventually", i))
	}
	for i := range c.Expect.Sometimes {
		path := indexed("expect.sometimes", i)
		if root := c.Expect.Sometimes[i].root; root != nil {
			for _, cmp := range root.comparisons() {
				if m := c.metric(cmp, path); m != nil && m.Form != protocols.Series {
					c.ReportAt(path, cmp.name.at, "%s has no value at an instant; write it under thresholds", m.Name)
				}
			}
		}
	}
	for _, t := range c.Expect.Thresholds {
		c.compileThresholds(t.Key, t.Value)
	}
	if c.base.Stop.Reached && len(c.base.Goals) == 0 {
		c.Report("run.stop", "reached needs something to be reached; write expect: {eventually: [gossip.coverage >= 99%% within 20s]}")
	}
}

func (c *compiler) compileProperty(name, path string) {
	var found []sim.Check
	var known []string
	for _, p := range c.descriptors() {
		for _, spec := range p.Checkers {
			full := p.Name + "." + spec.Name
			known = append(known, full)
			if name == full || name == spec.Name {
				found = append(found, sim.Check{Protocol: p.Name, Spec: spec})
			}
		}
	}
	same := func(k sim.Check) bool { return k.Protocol == found[0].Protocol && k.Spec.Name == found[0].Spec.Name }
	switch {
	case len(found) == 1 && slices.ContainsFunc(c.base.Checks, same):
		c.Report(path, "%s is expected already; a property is either to hold always or to be violated", name)
	case len(found) == 1:
		c.base.Checks = append(c.base.Checks, found[0])
	case len(found) > 1:
		c.Report(path, "%s is a property of several protocols; write %s.%s", name, found[0].Protocol, name)
	case len(known) == 0:
		c.Report(path, "no property is called %q; the protocols that run have none", name)
	default:
		c.Report(path, "no property is called %q%s", name, suggest(name, known))
	}
}

// descriptors lists the protocols that run, each once.
func (c *compiler) descriptors() []*protocols.Protocol {
	var list []*protocols.Protocol
	for _, g := range c.base.Groups {
		for _, p := range g.Stack {
			if !slices.ContainsFunc(list, func(q *protocols.Protocol) bool { return q.Name == p.Name }) {
				list = append(list, p)
			}
		}
	}
	return list
}

// suggest proposes a word, with or without what stands before its first dot.
func suggest(s string, known []string) string {
	if w := strict.Nearest(s, known); w != "" {
		return fmt.Sprintf("; did you mean %q?", w)
	}
	for _, k := range known {
		if _, short, _ := strings.Cut(k, "."); short != "" && strict.Nearest(s, []string{short}) != "" {
			return fmt.Sprintf("; did you mean %q?", k)
		}
	}
	return "; there are " + someOf(known)
}

// metric finds what a comparison speaks of, and reports what does not fit it.
func (c *compiler) metric(cmp *comparison, path string) *protocols.MetricSpec {
	m, err := c.findMetric(cmp.name.text)
	if err != nil {
		c.ReportAt(path, cmp.name.at, "%v", err)
		return nil
	}
	if err := cmp.value.fits(m.Name, m.Unit); err != nil {
		c.ReportAt(path, cmp.value.at, "%v", err)
	}
	return m
}

func (c *compiler) findMetric(name string) (*protocols.MetricSpec, error) {
	var known []string
	for i := range c.metrics {
		if c.metrics[i].Name == name {
			return &c.metrics[i], c.recorded(name)
		}
		known = append(known, c.metrics[i].Name)
	}
	for _, m := range sim.CostMetrics() {
		if m.Name == name {
			return nil, fmt.Errorf("%s differs from machine to machine, so nothing can be expected of it", name)
		}
	}
	return nil, fmt.Errorf("no metric is called %.60q%s", name, suggest(name, known))
}

// recorded is an error if a metric needs what metrics.record does not ask for.
func (c *compiler) recorded(metric string) error {
	need := ""
	switch {
	case metric == "net.connectivity":
		need = "connectivity"
	case strings.HasPrefix(metric, "net.latency"):
		need = "latency"
	case strings.HasPrefix(metric, "net.") && strings.HasSuffix(metric, "_per_node") && !strings.Contains(metric, "mean"):
		need = "per-node"
	}
	if need == "" || slices.Contains(c.Metrics.Record, need) {
		return nil
	}
	return fmt.Errorf("%s is not recorded; write metrics: {record: [%s]}", metric, strings.Join(append(slices.Clone(c.Metrics.Record), need), ", "))
}

func (c *compiler) compileEventually(e *Eventually, path string) {
	if e.op == "" {
		return // was reported
	}
	m := c.metric(&e.comparison, path)
	if m == nil {
		return
	}
	if e.timely && e.within > c.Run.Duration {
		c.Report(path, "within %v is longer than the run of %v, so it could never be decided", e.within, c.Run.Duration)
	}
	switch {
	case m.Form != protocols.Series:
		c.ReportAt(path, e.name.at, "%s has no value at an instant; write it under thresholds", m.Name)
	case !m.Goal:
	case e.op != ">=":
		c.ReportAt(path, e.name.at, "%s climbs towards 100%%; write %s >= %s", m.Name, m.Name, e.value.text)
	case e.value.number <= 0 || e.value.number > 1:
		c.ReportAt(path, e.value.at, "%s is outside 0%%…100%%", e.value.text)
	default:
		c.goal(m.Name, e.value.number)
	}
}

// goal asks the kernel to time a level.
func (c *compiler) goal(metric string, level float64) {
	if c.base.Goals == nil {
		c.base.Goals = map[string][]float64{}
	}
	if levels := c.base.Goals[metric]; !slices.Contains(levels, level) {
		c.base.Goals[metric] = append(levels, level)
		slices.Sort(c.base.Goals[metric])
	}
}

func (c *compiler) compileThresholds(name string, bounds strict.List[Threshold]) {
	path := "expect.thresholds." + name
	m, err := c.findMetric(name)
	if err != nil {
		c.Report(path, "%v", err)
		return
	}
	for i := range bounds {
		b := &bounds[i]
		where := path
		if len(bounds) > 1 || !c.Written(path) {
			where = indexed(path, i)
		}
		switch {
		case b.op == "":
			continue
		case b.name.text == "final" && m.Form != protocols.Series:
			c.ReportAt(where, b.name.at, "%s is no series, so it has no final value; write mean", name)
		case name == "net.latency" && (b.name.text == "mean" || b.name.text == "min"):
			c.ReportAt(where, b.name.at, "net.latency is kept as a histogram; write max or a percentile such as p50")
		}
		if err := b.value.fits(name, m.Unit); err != nil {
			c.ReportAt(where, b.value.at, "%v", err)
		}
	}
}
