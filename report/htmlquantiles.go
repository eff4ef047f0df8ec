package report

import (
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/sim"
)

// A quantileRow is how long something took: quantiles within a run, over the
// replications.
type quantileRow struct {
	Name, Doc string
	Cells     []row // in the order of pageQuantiles
}

// pageQuantiles are those of the table of times, in thousandths.
var pageQuantiles = []struct {
	of       string
	thousand uint64
}{{"p50", 500}, {"p90", 900}, {"p99", 990}, {"p99.9", 999}, {ofMax, 1000}}

// quantileRows are the quantiles of all times that runs have several of: of the
// protocols, and of messages on their way.
func (s *Study) quantileRows() []quantileRow {
	var rows []quantileRow
	for _, spec := range s.Metrics {
		if spec.Form != protocols.Sample || spec.Unit != "s" {
			continue
		}
		f := &Figure{MetricSpec: spec}
		if f.countItems(s.finished()) <= 1 {
			continue
		}
		for _, r := range s.finished() {
			f.addQuantiles(r)
		}
		if len(f.Parts) == 0 {
			continue
		}
		out := quantileRow{Name: f.Name, Doc: f.Doc}
		for i := range f.Parts {
			out.Cells = append(out.Cells, rowOf(f, &f.Parts[i]))
		}
		rows = append(rows, out)
	}
	return rows
}

// addQuantiles adds those of one run; NaN for one that falls among the items
// that did not finish.
func (f *Figure) addQuantiles(r *sim.Result) {
	if f.Name == "net.latency" {
		for _, q := range pageQuantiles {
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
	var done []float64
	for _, it := range items {
		if !it.Censored {
			done = append(done, it.Value)
		}
	}
	slices.Sort(done)
	for _, q := range pageQuantiles {
		v := math.NaN()
		if rank := max((uint64(len(items))*q.thousand+999)/1000, 1); rank <= uint64(len(done)) {
			v = done[rank-1]
		}
		f.part(q.of).Add(v, false)
	}
}
