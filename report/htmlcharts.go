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

// htmlFigures are charts for a page, with the data of those that move; these lose
// the end of their title, which the page says once. data is nil if none moves.
func htmlFigures(plots []Plot, titleEnd string) (figures []figureHTML, data *interactive.Page) {
	curves := 0
	for i := range plots {
		if interactive.Suits(&plots[i].Chart) {
			curves += len(plots[i].Curves)
		}
	}
	if curves > 0 {
		data = interactive.NewPage(curves)
	}
	for i := range plots {
		p := &plots[i]
		f := figureHTML{SVG: template.HTML(unstyled(p.Inline())), Index: -1}
		if interactive.Suits(&p.Chart) {
			f.Index = data.Add(&p.Chart, strings.TrimSuffix(p.Title, titleEnd), p.X.Label == simulatedTime)
		}
		figures = append(figures, f)
	}
	return figures, data
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

// htmlDiagrams are the study's diagrams, with the style sheets in them.
func (s *Study) htmlDiagrams() (out []diagramHTML, styles []string) {
	for _, d := range s.Diagrams {
		svg := unstyled(d.SVG)
		for _, m := range styleElement.FindAllStringSubmatch(svg, -1) {
			styles = append(styles, m[1])
		}
		out = append(out, diagramHTML{clean(d.Title), template.HTML(svg)})
	}
	return out, styles
}
