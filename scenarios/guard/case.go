package guard

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/scenarios"
	"meshsim/scenarios/strict"
	"meshsim/scenarios/sweep"
)

// Case is one scenario of a check, with what it is held against.
type Case struct {
	Scenario *scenarios.Scenario
	Base     *Baseline // nil if there is none
	Plan     *sweep.Plan
	Subject  string // digest of the scenario but for its seed
	Guarded  []Guarded
	Lost     []sweep.Column // of the baseline, that the scenario does not have any more

	// Of [Make]:
	Skipped  int // runs that were not begun, since they do not fit into the budget
	Failures []sweep.Failure
	Differ   []error // two results of one run, see [sweep.DiffersError]
	Wall     time.Duration

	// Of [Case.Collect]:
	Now      *Baseline // of the runs that finished
	Verdicts []scenarios.Verdict
	// Of [Judge]; without a baseline there are none.
	Prints  Prints
	Changes []Change
}

// Guarded is a metric that is compared.
type Guarded struct {
	sweep.Column
	Margin Margin
}

// Asked is what a user chooses for all scenarios of a check.
type Asked struct {
	Repeat  int // replications; 0 for as many as the baseline has, or else the scenario
	Metrics []string
	Margins Margins
}

// always is guarded in every scenario.
var always = []string{"net.messages", "net.bytes"}

// New plans a case: the scenario as it stands, without its sweep. Engine is the
// version that runs are kept under.
func New(s *scenarios.Scenario, base *Baseline, engine string, asked Asked) (*Case, error) {
	c := &Case{Scenario: s, Base: base}
	one := *s
	one.Sweep = nil
	repeat := asked.Repeat
	switch {
	case repeat > 0:
	case base != nil:
		repeat = len(base.Runs)
	default:
		repeat = s.Run.Repeat
	}
	var err error
	if c.Plan, err = sweep.NewPlan(&one, engine, repeat); err != nil {
		return nil, err
	}
	c.Subject = subject(one)
	c.guard(asked)
	return c, nil
}

// subject is the digest of a scenario with the seed 0: which seeds were run
// stands beside it.
func subject(s scenarios.Scenario) string {
	s.Run.Seed = 0
	p, err := sweep.NewPlan(&s, "", 1)
	if err != nil {
		panic("guard: " + err.Error()) // it was planned before
	}
	return p.Points[0].Runs[0].Subject
}

// guard lists what is compared: what the scenario expects something of, messages
// and bytes, what the user names, and what the baseline has.
func (c *Case) guard(asked Asked) {
	specs := c.Scenario.MetricSpecs()
	columns := sweep.Columns(c.Scenario)
	if s := c.Scenario.Sweep; s != nil && s.Objective != nil {
		columns[0].Better = map[string]string{"min": smaller, "max": larger}[s.Objective.Direction]
	}
	add := func(name string) error {
		column, err := Find(specs, name)
		there := slices.ContainsFunc(columns, func(c sweep.Column) bool { return c.Name() == column.Name() })
		if err == nil && !there {
			columns = append(columns, column)
		}
		return err
	}
	for _, name := range slices.Concat(always, asked.Metrics) {
		add(name) // a scenario need not have what is named for all
	}
	if c.Base != nil {
		for i := range c.Base.Metrics {
			m := &c.Base.Metrics[i]
			if add(m.Metric+" "+m.Statistic) != nil {
				c.Lost = append(c.Lost, m.Column())
			}
		}
	}
	for _, column := range columns {
		c.Guarded = append(c.Guarded, Guarded{column, asked.Margins.of(column.Metric, column.Name(), c.Base.find(column))})
	}
}

// Find reads the name of a metric, with a statistic within a run or without:
// net.messages, or net.latency p99.
func Find(specs []protocols.MetricSpec, name string) (sweep.Column, error) {
	metric, statistic, _ := strings.Cut(strings.TrimSpace(name), " ")
	var known []string
	for _, spec := range specs {
		if spec.Name != metric {
			known = append(known, spec.Name)
			continue
		}
		of := scenarios.Statistics(spec)
		switch {
		case statistic == "":
			statistic = of[0]
		case !slices.Contains(of, statistic):
			return sweep.Column{}, fmt.Errorf("%s has no statistic %.40q; it has %s", metric, statistic, strings.Join(of, ", "))
		}
		return sweep.Column{Metric: metric, Statistic: statistic, Unit: spec.Unit, Better: spec.Better.String()}, nil
	}
	hint := ""
	if w := strict.Nearest(metric, known); w != "" {
		hint = fmt.Sprintf("; did you mean %s?", w)
	}
	return sweep.Column{}, fmt.Errorf("no metric is called %.60q%s", metric, hint)
}

// Runs are those of the case.
func (c *Case) Runs() []sweep.Run { return c.Plan.Points[0].Runs }

// Missing is how many runs there are no results of.
func (c *Case) Missing() int { return len(c.Runs()) - len(c.Now.Runs) }

// Collect reads from the store what was measured, and holds the expectations
// against it.
func (c *Case) Collect(store *sweep.Store) error {
	results, err := c.Plan.Collect(store)
	if err != nil {
		return err
	}
	c.take(results[0].Records, results[0].Verdicts)
	return nil
}

// take takes what runs yielded; nil is one that did not finish.
func (c *Case) take(records []*sweep.Record, verdicts []scenarios.Verdict) {
	c.Verdicts = verdicts
	c.Now = &Baseline{Format: Format, Scenario: string(c.Scenario.Name), Subject: c.Subject, Engine: c.Plan.Engine}
	for _, rec := range records {
		if rec != nil {
			c.Now.Runs = append(c.Now.Runs, Run{rec.Seed, rec.Fingerprint})
		}
	}
	for _, g := range c.Guarded {
		if m := (Metric{Metric: g.Metric, Statistic: g.Statistic, Unit: g.Unit, Margin: g.Margin}); m.read(records) {
			c.Now.Metrics = append(c.Now.Metrics, m)
		}
	}
}

// Noisy lists the metrics whose margins are smaller than their noise now.
func (c *Case) Noisy() (list []*Metric) {
	for _, g := range c.Guarded {
		if m := c.Now.find(g.Column); m != nil && g.Directed() && m.Needs().Value > m.Margin.Value {
			list = append(list, m)
		}
	}
	return list
}

// read takes the values; false if no run has one.
func (m *Metric) read(records []*sweep.Record) (some bool) {
	for _, rec := range records {
		if rec == nil {
			continue
		}
		v, ok := rec.Statistic(m.Metric, m.Statistic)
		if some = some || ok; !ok {
			v = nan
		}
		m.Values = append(m.Values, sweep.Number(v))
	}
	return some
}
