package guard

import (
	"cmp"
	"context"
	"slices"
	"time"

	"meshsim/scenarios/sweep"
)

// Making says how cases are run.
type Making struct {
	Store   *sweep.Store
	Workers int
	// Budget is the wall time in which runs are begun; 0 is no limit. A run that is
	// unlikely to end in it is not begun.
	Budget   time.Duration
	Now      func() time.Time
	Warn     func(error)
	Progress func(share float64, done, runs int) // may be nil
}

// eventsPerSecond is what a core does of an ordinary protocol, before anything
// was measured.
const eventsPerSecond = 1e6

// Make makes the runs of cases that the store does not hold: with a budget the
// cheap ones first, so that as many scenarios as possible are whole. When ctx is
// done, runs that have not finished are dropped. The error is that of a store that
// cannot be written.
func Make(ctx context.Context, cases []*Case, o Making) error {
	m := &maker{Making: o, begin: o.Now(), perEvent: 1 / eventsPerSecond}
	for _, c := range cases {
		m.runs += len(c.Runs())
		m.total += c.Plan.Events() + 1
	}
	order := slices.Clone(cases)
	if o.Budget > 0 {
		slices.SortStableFunc(order, func(a, b *Case) int { return cmp.Compare(a.Plan.Events(), b.Plan.Events()) })
	}
	for _, c := range order {
		if ctx.Err() != nil {
			return nil
		}
		start := o.Now()
		if err := m.make(ctx, c); err != nil {
			return err
		}
		c.Wall = o.Now().Sub(start)
	}
	return nil
}

// A maker makes cases, one after another.
type maker struct {
	Making
	begin    time.Time
	perEvent float64 // seconds on one core, as measured so far
	measured bool

	runs, done   int
	total, share float64 // of the work
}

// make makes the runs of a case, as many at a time as fit.
func (m *maker) make(ctx context.Context, c *Case) error {
	for runs := c.Runs(); len(runs) > 0 && ctx.Err() == nil; {
		n := m.fitting(runs)
		if n == 0 {
			c.Skipped = len(runs)
			m.pass(c, len(runs))
			return nil
		}
		if err := m.execute(ctx, c, runs[:n]); err != nil {
			return err
		}
		runs = runs[n:]
	}
	return nil
}

// fitting is how many of some equal runs fit into what is left: first one a core,
// to measure, then by what was measured.
func (m *maker) fitting(runs []sweep.Run) int {
	if m.Budget == 0 {
		return len(runs)
	}
	side := min(max(m.Workers, 1), len(runs))
	left := (m.Budget - m.Now().Sub(m.begin)).Seconds()
	waves := int(min(left/(m.perEvent*(float64(runs[0].Events)+1)), float64(len(runs))))
	switch {
	case left <= 0 || waves <= 0:
		return 0
	case !m.measured:
		return side
	}
	return min(waves*side, len(runs))
}

func (m *maker) execute(ctx context.Context, c *Case, runs []sweep.Run) error {
	start := m.Now()
	out, err := c.Plan.Execute(ctx, m.Store, runs, sweep.Options{Workers: m.Workers, Warn: m.Warn, Progress: func(p sweep.Progress) {
		if m.Progress != nil {
			m.Progress(m.share+float64(p.Share*m.part(c, len(runs))), m.done+p.Done, m.runs)
		}
	}})
	if err != nil {
		return err
	}
	m.pass(c, len(runs))
	c.Failures, c.Differ = append(c.Failures, out.Failures...), append(c.Differ, out.Differ...)
	if side := min(max(m.Workers, 1), len(runs)); out.Made > 0 {
		waves := float64((out.Made + side - 1) / side)
		m.perEvent = m.Now().Sub(start).Seconds() / (waves * (float64(runs[0].Events) + 1))
		m.measured = true
	}
	return nil
}

// part is the share of the work that some runs of a case are.
func (m *maker) part(c *Case, runs int) float64 {
	return (c.Plan.Events() + 1) / m.total * float64(runs) / float64(len(c.Runs()))
}

// pass notes that runs are behind it.
func (m *maker) pass(c *Case, runs int) {
	m.done, m.share = m.done+runs, m.share+m.part(c, runs)
}

// Shard is the part of the cases that falls to one of several checks: each n-th,
// the most expensive ones first, so that the parts take about as long. The order
// of the cases is kept.
func Shard(cases []*Case, shard sweep.Shard) []*Case {
	if shard.Count < 2 {
		return cases
	}
	order := slices.Clone(cases)
	slices.SortStableFunc(order, func(a, b *Case) int { return cmp.Compare(b.Plan.Events(), a.Plan.Events()) })
	part := map[*Case]bool{}
	for i := shard.Index - 1; i < len(order); i += shard.Count {
		part[order[i]] = true
	}
	return slices.DeleteFunc(slices.Clone(cases), func(c *Case) bool { return !part[c] })
}
