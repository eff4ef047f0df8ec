package plots

import (
	"fmt"
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/report/chart"
	"meshsim/report/stats"
)

// Data is what a plot shows.
type Data struct {
	Study    string    // behind the title
	Measures []Measure // one; two for pareto: of the y axis, then of the x axis
	Points   []Point
	OfItems  bool // a cdf is of the items within runs, not of a statistic of each run
}

// A Measure is a statistic of a metric within a run.
type Measure struct {
	Metric    string // with its protocol: gossip.coverage
	Form      string // scalar, series, sample
	Statistic string // value; of a series last, mean …; of a sample mean, p95 …
	Unit      string // see package unit
	Better    string // which values are good: smaller, larger, neither
	Doc       string // what it means; may be empty
}

// A Point is the runs of one point of a sweep, or of one directory of results.
// What lists replications has one entry for each, in the same order at all
// points.
type Point struct {
	Name     string
	Settings []Setting
	Baseline bool
	Nodes    int
	Values   [][]Value // by measure
	Series   []Series  // of the first measure
	Items    []Items   // of the first measure
	Faults   []chart.Span
}

// A Setting is a field of a sweep and its value, as they are written.
type Setting struct {
	Path  string // protocols.gossip.fanout
	Name  string // as short as tells it from the others: fanout
	Value string
}

// A Value is that of one replication. It is open if something had not finished,
// and missing if there is no such run or the run has no value.
type Value struct {
	stats.Run
	Missing bool
}

// A Series is the values of one replication, in the order of time.
type Series = []protocols.Point

// Items are the values of the items of one replication, ascending: all of them,
// or if there are more, as many quantiles at even steps from 0 to 1. NaN stands
// for those that had not finished, at the end.
type Items struct {
	Count  int
	Sorted []float64
}

// An Estimate is what the replications of a point say of a measure.
type Estimate struct {
	stats.Interval
	Open int // runs in which something had not finished
}

// estimate is the mean, or the median if something had not finished. Bounds stay
// where values can be: not below 0 unless a value is, and ratios not above 1.
func (p *Point) estimate(d *Data, measure int) Estimate {
	var s stats.Sample
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range p.Values[measure] {
		if !v.Missing {
			s.Add(v.Value, v.Open)
			low, high = min(low, v.Value), max(high, v.Value)
		}
	}
	in := s.Mean(stats.Confidence)
	if s.Censored() > 0 {
		in = s.Quantile(0.5, stats.Confidence)
	}
	if low >= 0 {
		in.Lo = max(in.Lo, 0)
	}
	if d.Measures[measure].Unit == "ratio" && high <= 1 {
		in.Hi = min(in.Hi, 1)
	}
	if in.N < 2 {
		in.Lo, in.Hi = math.NaN(), math.NaN()
	}
	return Estimate{in, s.Censored()}
}

// finished are the values of a measure that exist, by replication.
func (p *Point) finished(measure int) (values []float64, open int) {
	for _, v := range p.Values[measure] {
		switch {
		case v.Missing:
		case v.Open || math.IsNaN(v.Value):
			open++
		default:
			values = append(values, v.Value)
		}
	}
	return values, open
}

// runs is how many replications have a value of the first measure, finished or
// not.
func (p *Point) runs() int {
	done, open := p.finished(0)
	return len(done) + open
}

// paired are the values of a measure at each point, in those replications of
// which every point has one.
func (d *Data) paired(measure int) [][]stats.Run {
	out := make([][]stats.Run, len(d.Points))
	for r := 0; ; r++ {
		var row []stats.Run
		for i := range d.Points {
			values := d.Points[i].Values[measure]
			if r >= len(values) {
				return out
			}
			if !values[r].Missing {
				row = append(row, values[r].Run)
			}
		}
		for i := range row {
			if len(row) == len(d.Points) {
				out[i] = append(out[i], row[i])
			}
		}
	}
}

// Only keeps the points that have one of some values of a field.
func (d *Data) Only(field string, values []string) error {
	dim, err := d.find(field, "only")
	if err != nil {
		return err
	}
	for _, v := range values {
		if !slices.Contains(dim.values, v) {
			return fmt.Errorf("--only: no point has %s=%s; write %s", field, v, orList(dim.values))
		}
	}
	d.Points = slices.DeleteFunc(d.Points, func(p Point) bool { return !slices.Contains(values, dim.of(&p)) })
	return nil
}

// direction says which values are better; those of which nobody says it are
// taken as costs.
func (m *Measure) direction() stats.Direction {
	if m.Better == "larger" {
		return stats.LargerIsBetter
	}
	return stats.SmallerIsBetter
}
