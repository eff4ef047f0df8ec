package report

import (
	"math"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/sim"
)

// A Figure is what the replications say of one metric. A replication is one
// value, whatever it holds of items or instants: each Part is one way to make a
// value of them.
type Figure struct {
	protocols.MetricSpec
	Items    int // of form Sample: items of all replications
	Censored int // … that had not finished
	Parts    []Part
}

// A Part is a statistic of a metric within a run, over the replications.
type Part struct {
	Of     string // value; of a series mean, min, max, last; of items mean, p50, p95, p99, max
	Sample stats.Sample
}

// The statistics within a run.
const (
	ofValue = "value"
	ofMean  = "mean"
	ofMin   = "min"
	ofMax   = "max"
	ofLast  = "last"
)

// Figures returns the study's figures in the order of its Metrics. Metrics of
// which no replication holds a value are left out.
func (s *Study) Figures() []Figure {
	var out []Figure
	results := s.finished()
	for _, spec := range s.Metrics {
		if f := newFigure(spec, results, s.Warmup); len(f.Parts) > 0 {
			out = append(out, f)
		}
	}
	return out
}

func newFigure(spec protocols.MetricSpec, results []*sim.Result, warmup time.Duration) Figure {
	f := Figure{MetricSpec: spec}
	single := spec.Form == protocols.Sample && f.countItems(results) <= 1
	for _, r := range results {
		switch {
		case spec.Form == protocols.Scalar:
			if v, ok := r.Scalar(spec.Name); ok && !math.IsNaN(v) {
				f.part(ofValue).Add(v, false)
			}
		case spec.Form == protocols.Series:
			f.addSeries(r.Series(spec.Name), warmup)
		case single:
			for _, it := range r.Items(spec.Name) {
				f.part(ofValue).Add(it.Value, it.Censored)
			}
		default:
			f.addItems(r)
		}
	}
	return f
}

// countItems counts the items of all replications and returns the most that one
// of them has.
func (f *Figure) countItems(results []*sim.Result) int {
	most := 0
	for _, r := range results {
		items := r.Items(f.Name)
		n := len(items)
		for _, it := range items {
			if it.Censored {
				f.Censored++
			}
		}
		if f.Name == "net.latency" && r.Latency != nil {
			n = int(min(r.Latency.N, math.MaxInt/2))
		}
		f.Items += n
		most = max(most, n)
	}
	return most
}

func (f *Figure) part(of string) *stats.Sample {
	i := slices.IndexFunc(f.Parts, func(p Part) bool { return p.Of == of })
	if i < 0 {
		i = len(f.Parts)
		f.Parts = append(f.Parts, Part{Of: of})
	}
	return &f.Parts[i].Sample
}

// addSeries takes the mean of a series, its extremes and its end, of the samples
// from the end of the warm-up on, as verdicts do.
func (f *Figure) addSeries(points []protocols.Point, warmup time.Duration) {
	sum, n := 0.0, 0
	lo, hi, last := math.Inf(1), math.Inf(-1), math.NaN()
	for _, p := range points {
		if v := p.Value; !math.IsNaN(v) && time.Duration(p.At) >= warmup {
			sum, n = sum+v, n+1
			lo, hi, last = min(lo, v), max(hi, v), v
		}
	}
	if n == 0 {
		return
	}
	f.part(ofMean).Add(sum/float64(n), false)
	f.part(ofMin).Add(lo, false)
	f.part(ofMax).Add(hi, false)
	f.part(ofLast).Add(last, false)
}

// A quantile is one within a run, in thousandths.
type quantile struct {
	of       string
	thousand uint64
}

// within are the quantiles that a figure has.
var within = []quantile{{"p50", 500}, {"p95", 950}, {"p99", 990}, {ofMax, 1000}}

// addItems takes the mean and quantiles of a run's items. The mean of a
// histogram is not known.
func (f *Figure) addItems(r *sim.Result) {
	if items := r.Items(f.Name); len(items) > 0 {
		sum, open := 0.0, false
		for _, it := range items {
			sum += it.Value
			open = open || it.Censored
		}
		f.part(ofMean).Add(sum/float64(len(items)), open)
	}
	f.addQuantiles(r, within)
}

// addQuantiles takes some quantiles of a run; NaN for one that falls among the
// items that did not finish.
func (f *Figure) addQuantiles(r *sim.Result, list []quantile) {
	if f.Name == "net.latency" {
		for _, q := range list {
			if v, ok := r.Quantile(f.Name, q.thousand, 1000); ok {
				f.part(q.of).Add(v, false)
			}
		}
		return
	}
	items := r.Items(f.Name)
	if len(items) == 0 {
		return
	}
	done := make([]float64, 0, len(items))
	for _, it := range items {
		if !it.Censored {
			done = append(done, it.Value)
		}
	}
	slices.Sort(done)
	for _, q := range list {
		v := math.NaN()
		if rank := max((uint64(len(items))*q.thousand+999)/1000, 1); rank <= uint64(len(done)) {
			v = done[rank-1]
		}
		f.part(q.of).Add(v, false)
	}
}

// typical is the value that one line has room for: the mean, or where some
// replications did not finish, the median.
func (f *Figure) typical(p *Part) (in stats.Interval, what string) {
	if p.Sample.Censored() == 0 {
		return f.possible(p.Sample.Mean(stats.Confidence)), "mean"
	}
	return f.possible(p.Sample.Quantile(0.5, stats.Confidence)), "median"
}

// possible keeps the bounds of a ratio's interval within [0, 1]. Copies can bring
// a ratio above 1.
func (f *Figure) possible(in stats.Interval) stats.Interval {
	if f.Unit == "ratio" && in.Bounded() && in.Value >= 0 {
		in.Lo = max(in.Lo, 0)
		if in.Value <= 1 {
			in.Hi = min(in.Hi, 1)
		}
	}
	return in
}

func seconds(t protocols.Time) float64 { return float64(t) / 1e9 }
