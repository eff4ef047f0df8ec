package sweep

import (
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/scenarios"
)

// A Column is a statistic of a metric within a run.
type Column struct {
	Metric    string `json:"metric"`
	Statistic string `json:"statistic"`
	Unit      string `json:"unit"`
	Better    string `json:"better"` // which values are good ones: smaller, larger, neither
}

// Name is the metric, and the statistic unless it goes without saying.
func (c Column) Name() string {
	if c.Statistic == "value" {
		return c.Metric
	}
	return c.Metric + " " + c.Statistic
}

// A Row is what is known of a point.
type Row struct {
	*Results
	Outcome scenarios.Outcome
	Cells   []Cell // by column
}

// A Cell is a figure over the runs of a point: the mean with its interval, or the
// median where something had not finished in some runs.
type Cell struct {
	stats.Interval
	Open int // runs in which it does not exist because something had not finished
}

// Columns are what a table of a sweep shows: what the scenario expects something
// of, its objective, and what its precision looks at.
func Columns(s *scenarios.Scenario) []Column {
	var out []Column
	specs := s.MetricSpecs()
	add := func(metric, statistic string) {
		i := slices.IndexFunc(specs, func(m protocols.MetricSpec) bool { return m.Name == metric })
		if i < 0 {
			return
		}
		if of := scenarios.Statistics(specs[i]); !slices.Contains(of, statistic) {
			statistic = of[0]
		}
		if c := (Column{metric, statistic, specs[i].Unit, specs[i].Better.String()}); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	if s.Sweep != nil && s.Sweep.Objective != nil {
		add(s.Sweep.Objective.Metric, s.Sweep.Objective.Statistic)
	}
	if s.Sweep != nil && s.Sweep.Precision != nil {
		add(s.Sweep.Precision.Metric, s.Sweep.Precision.Statistic)
	}
	for _, e := range s.Expect.Eventually {
		add(firstWord(e.MarshalText()), "")
	}
	for _, t := range s.Expect.Thresholds {
		for _, b := range t.Value {
			word := firstWord(b.MarshalText())
			add(t.Key, strings.NewReplacer("final", "last", "median", "p50").Replace(word))
		}
	}
	if out == nil {
		add("net.messages", "")
		add("run.events", "")
	}
	return out
}

func firstWord(text []byte, _ error) string {
	word, _, _ := strings.Cut(string(text), " ")
	return word
}

// Table is what results say in the columns.
func Table(results []Results, columns []Column) []Row {
	rows := make([]Row, len(results))
	for i := range results {
		r := &results[i]
		rows[i] = Row{Results: r, Outcome: scenarios.Worst(r.Verdicts)}
		for _, c := range columns {
			rows[i].Cells = append(rows[i].Cells, cell(r.Records, c))
		}
	}
	return rows
}

func cell(records []*Record, c Column) Cell {
	var sample stats.Sample
	for _, rec := range records {
		if rec == nil {
			continue
		}
		if run, ok := rec.Run(c.Metric, c.Statistic, rec.Warmup); ok {
			sample.Add(run.Value, run.Open)
		}
	}
	in := sample.Mean(stats.Confidence)
	if sample.Censored() > 0 {
		in = sample.Quantile(0.5, stats.Confidence)
	}
	return Cell{in, sample.Censored()}
}
