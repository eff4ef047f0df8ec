package report

import (
	"fmt"
	"math"

	"meshsim/report/stats"
	"meshsim/report/unit"
)

type violationRow struct {
	Property, At, Node, Text, Command string
	Run                               int
	Seed                              uint64
	Events                            []string
}

type kindRow struct{ Name, Sent, Share, Bytes, Delivered, Lost, Duplicated string }

type figureRow struct {
	Name, Of, Doc, Mean, Bounds, Min, Median, P95, Max string
	N                                                  int
}

type runRow struct {
	Run, Violations     int
	Seed                uint64
	End, Ending, Events string
	Fingerprint         string
}

// pageViolations is how many the page writes out, openViolations how many of
// these are seen at once.
const pageViolations, openViolations = 20, 2

func (s *Study) violationRows() (rows []violationRow, more int) {
	for i, v := range s.violations() {
		if i >= pageViolations {
			more++
			continue
		}
		rows = append(rows, violationRow{Property: v.Protocol + "." + v.Check, At: exactSeconds(v.At), Node: s.culprit(v.Node),
			Text: v.Text, Command: v.Command, Run: v.Replication + 1, Seed: v.Seed, Events: v.Events})
	}
	return rows, more
}

// kindRows are the messages of each kind that there was, summed over the
// replications.
func (s *Study) kindRows() []kindRow {
	kinds := s.kinds()
	var all uint64
	for _, k := range kinds {
		all += k.Sent
	}
	count := func(n uint64) string { return unit.Text("1", float64(n)) }
	var rows []kindRow
	for _, k := range kinds {
		if k.Sent == 0 && k.Delivered == 0 {
			continue // nothing of this kind was ever under way
		}
		share := "-"
		if all > 0 {
			share = unit.For("ratio", 1).Number(float64(k.Sent)/float64(all), 1) + "%"
		}
		rows = append(rows, kindRow{k.Protocol + " " + k.Kind, count(k.Sent), share, unit.Text("B", float64(k.Bytes)),
			count(k.Delivered), count(k.Lost), count(k.Duplicated)})
	}
	return rows
}

// rows are all parts of a figure, with their distribution over the replications.
func (f *Figure) rows() []figureRow {
	var out []figureRow
	for i := range f.Parts {
		p := &f.Parts[i]
		mean := f.possible(p.Sample.Mean(stats.Confidence))
		at := func(q float64) string {
			v := p.Sample.Quantile(q, stats.Confidence).Value
			if math.IsNaN(v) {
				return "not finished"
			}
			return unit.Text(f.Unit, v)
		}
		r := figureRow{Name: f.Name, Of: p.Of, Doc: f.Doc, Mean: unit.Text(f.Unit, mean.Value), N: p.Sample.N(),
			Min: at(0), Median: at(0.5), P95: at(0.95), Max: at(1)}
		if mean.Bounded() {
			r.Mean, r.Bounds = unit.Estimate(f.Unit, mean.Value, mean.Lo, mean.Hi)
		}
		if r.Of == ofValue {
			r.Of = ""
		}
		out = append(out, r)
	}
	return out
}

func (s *Study) runRows() []runRow {
	var rows []runRow
	for i, r := range s.Results {
		if r != nil {
			rows = append(rows, runRow{Run: i + 1, Seed: r.Seed, End: exactSeconds(r.End), Ending: string(r.Ending),
				Events: unit.Grouped(float64(r.Events)), Violations: len(r.Violations), Fingerprint: fmt.Sprintf("%016x", r.Fingerprint)})
		}
	}
	return rows
}
