package sweep

import (
	"context"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/report/stats"
	"meshsim/scenarios"
)

// A target is the precision up to which points are replicated.
type target struct {
	column Column
	stats.Precision
}

// newTarget is nil if the scenario asks for none.
func newTarget(s *scenarios.Scenario) *target {
	if s.Sweep == nil || s.Sweep.Precision == nil {
		return nil
	}
	p := s.Sweep.Precision
	specs := s.MetricSpecs()
	spec := specs[slices.IndexFunc(specs, func(m protocols.MetricSpec) bool { return m.Name == p.Metric })]
	statistic := p.Statistic
	if statistic == "" {
		statistic = scenarios.Statistics(spec)[0]
	}
	return &target{Column{p.Metric, statistic, spec.Unit, spec.Better.String()},
		stats.Precision{HalfWidth: share(p.HalfWidth), Relative: true, Max: p.Cap}}
}

// share is a probability as a number.
func share(p draw.Probability) float64 { return float64(p) / (1 << 64) }

// settle decides how many of a point's runs count, looking at 10, 14, 20, 28 …
// of them: up to the first look at which the interval is narrow enough, at which
// a run is missing, or the cap. So it depends on the results alone. stop is empty
// while it goes on.
func (t *target) settle(records []*Record) (n int, stop stats.Stop) {
	for stop == stats.GoOn {
		n = min(t.Next(n), len(records))
		if slices.Contains(records[:n], nil) {
			return n, stats.GoOn
		}
		stop = t.Stop(n, cell(records[:n], t.column).Interval)
	}
	return n, stop
}

// Make makes the runs of a shard that the store does not hold: all, or with
// precision as many of each point as it takes. Shards have whole points then.
func (p *Plan) Make(ctx context.Context, store *Store, shard Shard, o Options) (*Outcome, error) {
	if p.target == nil {
		return p.Execute(ctx, store, shard.Of(p.Runs()), o)
	}
	total := &Outcome{}
	failed := map[*scenarios.Point]bool{}
	for first := true; ; first = false {
		var todo []Run
		for i := range p.Points {
			at := &p.Points[i]
			if shard.Count > 1 && i%shard.Count != shard.Index-1 || failed[&at.Point] {
				continue
			}
			records, err := at.read(store, func(rec *Record) { rec.keep([]Column{p.target.column}) })
			if err != nil {
				return nil, err
			}
			n, _ := p.target.settle(records)
			for k, rec := range records[:n] {
				if rec == nil {
					todo = append(todo, at.Runs[k])
				} else if first {
					total.Found++
				}
			}
		}
		if len(todo) == 0 || ctx.Err() != nil {
			return total, nil
		}
		out, err := p.Execute(ctx, store, todo, o)
		if err != nil {
			return nil, err
		}
		total.add(out)
		for _, f := range out.Failures {
			failed[f.Run.Point] = true
		}
		if len(out.Differ) > 0 {
			return total, nil
		}
	}
}

// add counts what another round made.
func (out *Outcome) add(o *Outcome) {
	out.Made += o.Made
	out.Failures = append(out.Failures, o.Failures...)
	out.Differ = append(out.Differ, o.Differ...)
}
