package report

import (
	"io"

	"meshsim/report/comparison"
)

// A SweepPage is what sweep.html shows of the points of a sweep, all in words. A
// comparison of other things is the same without points, and stands first.
type SweepPage struct {
	Name, Description string
	Size              string // points, runs, seed
	Missing           string // what was not run; may be empty
	Outcome           Outcome
	Expectations      []Verdict // over all points
	Head              []string
	Points            []SweepPoint
	Plots             []Plot
	Study             string             // at the end of the plots' titles, which the page leaves out
	Compared          []comparison.Block // with the baseline; nil: there is nothing to compare
	Notes             []string           // on the comparison
	Scenario          []byte             // resolved with all defaults, as YAML
	Command           string             // runs the same again
	Machine           string             // where, when and how fast; may be empty
}

// A SweepPoint is a row of the table of points.
type SweepPoint struct {
	Cells   []string
	Outcome Outcome
}

// sweepData is what the template shows.
type sweepData struct {
	frame
	*SweepPage
	Scenario string
}

// HTML writes sweep.html, under the same policy as report.html; see [Study.HTML].
func (p *SweepPage) HTML(w io.Writer) error {
	d := &sweepData{newFrame(p.Plots, ": "+p.Study), p, string(p.Scenario)}
	return pages.ExecuteTemplate(w, "sweep.html.tmpl", d)
}

// verdictClass is the class of a verdict of a comparison, whose colour tells it
// from others.
func verdictClass(verdict string) string {
	switch verdict {
	case "better":
		return "holds"
	case "worse":
		return "violated"
	case "inconclusive":
		return "undecided"
	}
	return ""
}
