package report

import "meshsim/protocols"

// A quantileRow is how long something took: quantiles within a run, over the
// replications.
type quantileRow struct {
	Name, Doc string
	Cells     []row // in the order of pageQuantiles
}

// pageQuantiles are those of the table of times.
var pageQuantiles = []quantile{{"p50", 500}, {"p90", 900}, {"p99", 990}, {"p99.9", 999}, {ofMax, 1000}}

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
			f.addQuantiles(r, pageQuantiles)
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
