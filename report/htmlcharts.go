package report

import (
	"html/template"
	"regexp"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report/interactive"
)

// figureHTML is a chart: its picture, and where its data are.
type figureHTML struct {
	SVG   template.HTML
	Index int // in the data of the page; -1: it does not move
}

// htmlFigures are the charts in the order of the page, with the data of those
// that move.
func (s *Study) htmlFigures(plots []Plot) ([]figureHTML, *interactive.Page) {
	plots = s.byInterest(plots)
	curves := 0
	for i := range plots {
		if interactive.Suits(&plots[i].Chart) {
			curves += len(plots[i].Curves)
		}
	}
	var out []figureHTML
	var data *interactive.Page
	if curves > 0 {
		data = interactive.NewPage(curves)
	}
	for i := range plots {
		p := &plots[i]
		f := figureHTML{SVG: template.HTML(unstyled(p.Inline())), Index: -1}
		if interactive.Suits(&p.Chart) {
			f.Index = data.Add(&p.Chart, strings.TrimSuffix(p.Title, s.heading("")), p.X.Label == simulatedTime)
		}
		out = append(out, f)
	}
	return out, data
}

// byInterest puts first what the scenario expects something of, in the order of
// the verdicts, then what the protocols work towards and how much of it a
// second, then all other figures of theirs, and the kernel's last.
func (s *Study) byInterest(plots []Plot) []Plot {
	type ranked struct {
		Plot
		rank int
	}
	list := make([]ranked, len(plots))
	for i, p := range plots {
		list[i] = ranked{p, s.interest(p.Name)}
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return a.rank - b.rank })
	out := make([]Plot, len(list))
	for i := range list {
		out[i] = list[i].Plot
	}
	return out
}

// interest ranks a plot, the most interesting lowest.
func (s *Study) interest(name string) int {
	// A statistic of a metric, such as latency_p99 of latency, is of interest in it.
	mentioned := regexp.MustCompile(`(^|[^\w.-])` + regexp.QuoteMeta(name) + `(_\w+)?($|[^\w.-])`)
	for i, v := range s.Verdicts {
		if v.Part != "always" && mentioned.MatchString(v.Property) {
			return i
		}
	}
	others := len(s.Verdicts)
	if kernelMetric(name) {
		return others + 3
	}
	for _, m := range s.Metrics {
		switch {
		case m.Name != name:
		case m.Goal:
			return others
		case m.Form == protocols.Series && rate(m.Unit):
			return others + 1
		}
	}
	return others + 2
}

// diagramHTML is a picture of a window of a run.
type diagramHTML struct {
	Title string
	SVG   template.HTML
}

// htmlDiagrams are the study's diagrams; their style sheets join those that the
// policy allows.
func (s *Study) htmlDiagrams(styles []string) ([]diagramHTML, []string) {
	var out []diagramHTML
	for _, d := range s.Diagrams {
		svg := unstyled(d.SVG)
		for _, m := range styleElement.FindAllStringSubmatch(svg, -1) {
			styles = append(styles, m[1])
		}
		out = append(out, diagramHTML{clean(d.Title), template.HTML(svg)})
	}
	return out, styles
}
