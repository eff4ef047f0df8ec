package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/report/unit"
	"meshsim/sim"
)

// A row is a line of a table of numbers, in words.
type row struct{ Name, Value, Bounds, Note, Doc string }

// rowOf writes one part of a figure.
func rowOf(f *Figure, p *Part) row {
	r := row{Name: f.Name, Doc: f.Doc}
	if p.Of != ofValue {
		r.Name += " " + p.Of
	}
	in, what := f.typical(p)
	r.Value = unit.Text(f.Unit, in.Value)
	if in.Bounded() && in.N > 1 {
		r.Value, r.Bounds = unit.Estimate(f.Unit, in.Value, in.Lo, in.Hi)
	}
	switch n, open := p.Sample.N(), p.Sample.Censored(); {
	case open == n && n > 0:
		r.Note = "did not finish"
	case open > 0:
		r.Note = fmt.Sprintf("%s; %d of %d did not finish", what, open, n)
	}
	return r
}

// kernelHeadline are the kernel's figures that everybody asks for first.
var kernelHeadline = []string{"net.messages", "net.bytes", "net.dropped",
	"net.mean_throughput", "net.latency_p50", "net.latency_p99", "run.events"}

// maxRows is how many numbers of protocols a terminal shows unless the study
// names them; the report has them all.
const maxRows = 24

// headline returns the numbers to show first: those that the study names, or
// the protocols' own and the most asked for of the kernel's. more is how many
// of the protocols' were left out.
func (s *Study) headline(figures []Figure) (rows []row, more int) {
	for i := range figures {
		f := &figures[i]
		if !s.isHeadline(f) || s.Headline == nil && !kernelMetric(f.Name) && quantileOf(f.Name, figures) {
			continue
		}
		if s.Headline == nil && !kernelMetric(f.Name) && len(rows) >= maxRows {
			more++
			continue
		}
		rows = append(rows, f.short())
	}
	return rows, more
}

// quantileOf reports whether a figure is in the line of another one, as
// latency_p99 is in that of latency.
func quantileOf(name string, figures []Figure) bool {
	for _, end := range []string{"_p50", "_p99", "_max"} {
		if of, ok := strings.CutSuffix(name, end); ok {
			return slices.ContainsFunc(figures, func(f Figure) bool { return f.Name == of && f.Form == protocols.Sample })
		}
	}
	return false
}

func (s *Study) isHeadline(f *Figure) bool {
	switch {
	case s.Headline != nil:
		return slices.Contains(s.Headline, f.Name)
	case kernelMetric(f.Name):
		return slices.Contains(kernelHeadline, f.Name)
	case f.Form == protocols.Series:
		return f.Goal
	}
	_, metric, _ := strings.Cut(f.Name, ".")
	return metric != "bytes" && metric != "messages"
}

// short is the one line of a figure: its value, the median of its items with
// the tail beside it, where a series ended if it has a goal, or else its mean.
func (f *Figure) short() row {
	switch {
	case f.find(ofValue) != nil:
		return rowOf(f, f.find(ofValue))
	case f.Form == protocols.Series && f.Goal:
		r := rowOf(f, f.find(ofLast))
		r.Name, r.Note = f.Name, "at the end"
		return r
	case f.Form == protocols.Series:
		r := rowOf(f, f.find(ofMean))
		r.Name, r.Note = f.Name, "mean over time"
		return r
	}
	r := rowOf(f, f.find("p50"))
	tail := []string{"median", "p99 " + rowOf(f, f.find("p99")).Value, "max " + f.largest()}
	if f.Censored > 0 {
		tail = append(tail, fmt.Sprintf("%s of %s did not finish", unit.Grouped(float64(f.Censored)), plural(uint64(f.Items), "item")))
	}
	r.Name, r.Note = f.Name, strings.Join(tail, ", ")
	return r
}

// largest is the largest item of all runs. The part "max" is another thing: an
// estimate of the largest in a run.
func (f *Figure) largest() string {
	sample := &f.find(ofMax).Sample
	if sample.Censored() > 0 || sample.N() == 0 {
		return unit.Text(f.Unit, math.NaN())
	}
	return unit.Text(f.Unit, slices.Max(sample.Done()))
}

// find returns the part with that name, nil if there is none.
func (f *Figure) find(of string) *Part {
	for i := range f.Parts {
		if f.Parts[i].Of == of {
			return &f.Parts[i]
		}
	}
	return nil
}

// A faultRow is a fault that was in force, however often it struck.
type faultRow struct {
	Name, When, Nodes string
	Felt              bool // it struck somebody
}

// faultRows groups the spans of the first replication by fault.
func (s *Study) faultRows() []faultRow {
	r := s.first()
	if r == nil {
		return nil
	}
	var groups [][]sim.FaultSpan
	for _, f := range r.Spans {
		same := func(g []sim.FaultSpan) bool { return g[0].Name == f.Name && g[0].Verb == f.Verb }
		if i := slices.IndexFunc(groups, same); i >= 0 {
			groups[i] = append(groups[i], f)
		} else {
			groups = append(groups, []sim.FaultSpan{f})
		}
	}
	var rows []faultRow
	for _, g := range groups {
		rows = append(rows, faultRowOf(g, r.Nodes))
	}
	return rows
}

func faultRowOf(g []sim.FaultSpan, nodes int) faultRow {
	from, to, most := g[0].From, g[0].To, 0
	for _, f := range g {
		from, to, most = min(from, f.From), max(to, f.To), max(most, f.Nodes)
	}
	row := faultRow{Name: faultName(g[0].Name, g[0].Verb), Felt: most > 0}
	row.When = fmt.Sprintf("%s to %s", exactTime(from), exactTime(to))
	if len(g) > 1 {
		row.When = fmt.Sprintf("%d times, %s", len(g), row.When)
	}
	switch {
	case most == 0:
		row.Nodes = "struck nobody"
	case most < nodes:
		row.Nodes = plural(uint64(most), "node")
	}
	return row
}

// A dropRow is a reason for which messages did not arrive.
type dropRow struct {
	Reason, Count string
}

// missed says how much of the workload never entered, "" if all did: what no
// node was handed is in no figure of what became of it.
func (s *Study) missed() string {
	var missed, all uint64
	for _, r := range s.finished() {
		missed += r.Missed
		all += r.Missed + r.Injected
	}
	if missed == 0 {
		return ""
	}
	return fmt.Sprintf("%s of %s of the workload reached no node; verdicts tell nothing of them",
		unit.Grouped(float64(missed)), plural(all, "message"))
}

// dropRows counts dropped messages by reason, as the mean over replications;
// reasons that never occurred are left out.
func (s *Study) dropRows() []dropRow {
	var rows []dropRow
	for _, d := range []struct{ metric, reason string }{
		{"net.lost", "lost by a link"}, {"net.dropped_partition", "cut by a partition"},
		{"net.dropped_down", "receiver down"}, {"net.dropped_queue", "queue full"},
		{"net.dropped_corrupt", "corrupt"}, {"net.dropped_protocol", "receiver does not run the protocol"},
		{"net.dropped_reset", "stream reset"}, {"net.dropped_crash", "held by a sender that crashed"},
	} {
		var sum stats.Sample
		total := 0.0
		for _, r := range s.finished() {
			v, _ := r.Scalar(d.metric)
			total += v
			sum.Add(v, false)
		}
		if total > 0 {
			rows = append(rows, dropRow{d.reason, unit.Text("1", sum.Mean(stats.Confidence).Value)})
		}
	}
	return rows
}
