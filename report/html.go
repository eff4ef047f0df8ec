package report

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"meshsim/report/interactive"
)

//go:embed report.css
var reportCSS string

//go:embed *.html.tmpl
var templates embed.FS

// pages are the templates of pages, and the parts that they share.
var pages = template.Must(template.New("").Funcs(pageFunctions).ParseFS(templates, "*.html.tmpl"))

var pageFunctions = template.FuncMap{"mark": htmlMark, "verdict": verdictClass}

func htmlMark(o Outcome) string {
	switch o {
	case Holds:
		return "✓"
	case Violated:
		return "✗"
	}
	return "?"
}

// frame is what all pages have around their contents: the policy, and what it
// allows.
type frame struct {
	Policy string
	CSS    template.CSS
	JS     template.JS
	Figs   []figureHTML
	Charts *interactive.Page // nil: none that moves
}

// newFrame makes the frame of a page with those charts. styles are what else the
// page holds of style sheets.
func newFrame(plots []Plot, titleEnd string, styles ...string) frame {
	var f frame
	f.Figs, f.Charts = htmlFigures(plots, titleEnd)
	f.CSS = template.CSS(interactive.Style + reportCSS)
	var scripts []string
	if f.Charts != nil {
		f.JS, scripts = template.JS(interactive.Script), []string{interactive.Script}
	}
	f.Policy = contentPolicy(scripts, append(styles, string(f.CSS)))
	return f
}

// pageData is what the template shows, all in words.
type pageData struct {
	frame
	Name, Description, Size, Missing string
	Outcome                          Outcome
	Many                             bool // replications
	Verdicts                         []Verdict
	Violations, OtherViolations      []violationRow // the others are folded
	MoreViolations                   int
	Waits                            []waitRow
	MoreWaits, Stuck                 int
	Basis                            string
	Headline                         []row
	Faults                           []faultRow
	Kinds                            []kindRow
	Missed                           string
	Drops                            []dropRow
	Quantiles                        []quantileRow
	Diagrams                         []diagramHTML
	Figures                          []figureRow
	Runs                             []runRow
	Scenario, Command, Machine       string
}

// HTML writes report.html: one file that needs no other and no network, and
// follows the reader's choice of light or dark. Its charts move where scripts
// run; where they do not, and on paper, they are pictures. Its content policy
// forbids all else, by the hashes of what the page itself brings. plots are those
// of [Study.Plots], passed in since drawing them takes the most time.
func (s *Study) HTML(w io.Writer, plots []Plot) error {
	figures := s.Figures()
	d := &pageData{Name: clean(s.Name), Description: s.Description,
		Size: strings.TrimPrefix(s.size(), " · "), Outcome: Worst(s.Verdicts), Many: len(s.finished()) > 1,
		Verdicts: s.Verdicts, Basis: s.htmlBasis(), Faults: s.faultRows(), Kinds: s.kindRows(), Drops: s.dropRows(), Missed: s.missed(),
		Quantiles: s.quantileRows(), Runs: s.runRows(), Scenario: string(s.Scenario), Command: s.Command, Machine: s.machine()}
	if s.interrupted() {
		d.Missing = s.missing()
	}
	d.Violations, d.MoreViolations = s.violationRows()
	n := min(len(d.Violations), openViolations)
	d.Violations, d.OtherViolations = d.Violations[:n], d.Violations[n:]
	d.Waits, d.MoreWaits = s.waitRows()
	d.Stuck = s.Stuck
	for i := range figures {
		if f := &figures[i]; s.isHeadline(f) {
			d.Headline = append(d.Headline, f.short())
		}
		d.Figures = append(d.Figures, figures[i].rows()...)
	}
	diagrams, styles := s.htmlDiagrams()
	d.Diagrams = diagrams
	d.frame = newFrame(s.byInterest(plots), s.heading(""), styles...)
	return pages.ExecuteTemplate(w, "report.html.tmpl", d)
}

func (s *Study) htmlBasis() string {
	if n := len(s.finished()); n > 1 {
		return fmt.Sprintf("Mean of %d runs and its 95%% confidence interval; of what did not finish in every run, the median. A run is one value.", n)
	}
	return "One run. More of them (run.repeat) give intervals."
}

// machine says where, when and how fast.
func (s *Study) machine() string {
	p := &s.Provenance
	var parts []string
	if p.Version != "" {
		parts = append(parts, "meshsim "+p.Version)
	}
	if p.Go != "" {
		parts = append(parts, p.Go+" on "+p.Platform)
	}
	if !p.Started.IsZero() {
		parts = append(parts, p.Started.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if cost := s.CostText(); cost != "" {
		parts = append(parts, cost)
	}
	return strings.Join(parts, " · ")
}
