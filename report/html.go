package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"meshsim/report/interactive"
)

//go:embed report.css
var reportCSS string

//go:embed report.html.tmpl
var reportTemplate string

var page = template.Must(template.New("report").Funcs(template.FuncMap{"mark": htmlMark}).Parse(reportTemplate))

func htmlMark(o Outcome) string {
	switch o {
	case Holds:
		return "✓"
	case Violated:
		return "✗"
	}
	return "?"
}

// pageData is what the template shows, all in words.
type pageData struct {
	Name, Description, Size, Missing string
	Policy                           string
	CSS                              template.CSS
	JS                               template.JS
	Outcome                          Outcome
	Many                             bool // replications
	Verdicts                         []Verdict
	Violations, OtherViolations      []violationRow // the others are folded
	MoreViolations                   int
	Waits                            []waitRow
	MoreWaits, Stuck                 int
	Basis                            string
	Headline                         []row
	Figs                             []figureHTML
	Charts                           *interactive.Page // nil: none that moves
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
	d := &pageData{Name: clean(s.Name), Description: s.Description, CSS: template.CSS(interactive.Style + reportCSS),
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
	styles := []string{string(d.CSS)}
	d.Figs, d.Charts = s.htmlFigures(plots)
	d.Diagrams, styles = s.htmlDiagrams(styles)
	var scripts []string
	if d.Charts != nil {
		d.JS, scripts = template.JS(interactive.Script), []string{interactive.Script}
	}
	d.Policy = contentPolicy(scripts, styles)
	return page.Execute(w, d)
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
