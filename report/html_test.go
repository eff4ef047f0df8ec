package report

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/report/comparison"
	"meshsim/report/stats"
	"meshsim/sim"
)

func htmlOf(t *testing.T, s *Study) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.HTML(&b, s.Plots()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// With PICTURES set, pages are left there to look at.
func TestHTML(t *testing.T) {
	for name, s := range map[string]*Study{
		"thirty": synthetic{nodes: 1000, runs: 30, faults: true, detail: true}.study(),
		"one":    synthetic{nodes: 1000, runs: 1, faults: true, detail: true, rumors: 40}.study(),
		"odd":    odd(), "nothing": {},
	} {
		got := htmlOf(t, s)
		if got != htmlOf(t, s) {
			t.Errorf("%s: other bytes the second time", name)
		}
		if dir := os.Getenv("PICTURES"); dir != "" {
			os.WriteFile(filepath.Join(dir, name+".html"), []byte(got), 0o644)
		}
		isClosed(t, name, got)
		if len(got) > 900_000 {
			t.Errorf("%s has %d bytes", name, len(got))
		}
	}
}

var (
	elements = regexp.MustCompile(`(?s)<(script|style)([^>]*)>(.*?)</(?:script|style)>`)
	policies = regexp.MustCompile(`Content-Security-Policy" content="([^"]*)"`)
)

// isClosed checks that a page runs, and is styled by, nothing but what its policy
// knows by its hash, and refers to nothing.
func isClosed(t *testing.T, name, page string) {
	t.Helper()
	policy := html.UnescapeString(policies.FindStringSubmatch(page)[1])
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
		t.Errorf("%s: the policy is %s", name, policy)
	}
	for _, m := range elements.FindAllStringSubmatch(page, -1) {
		sum := sha256.Sum256([]byte(m[3]))
		hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		if data := strings.Contains(m[2], "application/json"); !data && !strings.Contains(policy, hash) {
			t.Errorf("%s: the policy does not know a %s of %d bytes", name, m[1], len(m[3]))
		} else if data && !json.Valid([]byte(m[3])) {
			t.Errorf("%s: the data of the charts are not JSON", name)
		}
	}
	rest := elements.ReplaceAllString(page, "")
	for _, bad := range []string{"<script", "<style", "style=", "src=", "<link", "@import", "url(", "<iframe", "onload", "NaN", "%!"} {
		if strings.Contains(rest, bad) {
			t.Errorf("%s holds %q", name, bad)
		}
	}
	for _, ref := range regexp.MustCompile(`https?://[^"<]*`).FindAllString(rest, -1) {
		if ref != "http://www.w3.org/2000/svg" {
			t.Errorf("%s refers to %s", name, ref)
		}
	}
}

// Diagrams keep their looks under the policy.
func TestHTMLShowsDiagrams(t *testing.T) {
	s := synthetic{nodes: 10, runs: 1}.study()
	s.Diagrams = []Diagram{{Title: "run 1, 5 s to <6> s", SVG: `<svg xmlns="http://www.w3.org/2000/svg"><style>.x{fill:red}</style><path style="fill:var(--c0,#0072B2);font-family:'A',B"/></svg>`}}
	got := htmlOf(t, s)
	isClosed(t, "diagrams", got)
	for _, want := range []string{"<h3>run 1, 5 s to &lt;6&gt; s</h3>", `<path fill="var(--c0,#0072B2)" font-family="&#39;A&#39;,B"/>`} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

// What the scenario expects something of stands first, then goals, rates, all
// else of the protocols, and the kernel's.
func TestHTMLOrdersCharts(t *testing.T) {
	s := &Study{
		Metrics: []protocols.MetricSpec{{Name: "raft.election", Form: protocols.Sample, Unit: "s"}, {Name: "raft.goodput", Form: protocols.Series, Unit: "1/s"},
			{Name: "raft.completed", Form: protocols.Series, Goal: true}, {Name: "raft.latency", Form: protocols.Sample, Unit: "s"}, {Name: "raft.term", Form: protocols.Series}},
		Verdicts: []Verdict{{Part: "always", Property: "raft.election"}, {Part: "sometimes", Property: "run.live < 3 and raft.term > 5"},
			{Part: "thresholds", Property: "raft.latency_p99 mean < 1s"}, {Part: "thresholds", Property: "raft.goodputs > 1"}},
	}
	var names []string
	plots := []Plot{{Name: "net.latency"}}
	for _, m := range s.Metrics {
		plots = append(plots, Plot{Name: m.Name})
	}
	for _, p := range s.byInterest(plots) {
		names = append(names, p.Name)
	}
	if got, want := strings.Join(names, " "), "raft.term raft.latency raft.completed raft.goodput raft.election net.latency"; got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
}

// Times have the quantiles of each run; one that falls among what did not finish
// is not told as a number.
func TestHTMLQuantiles(t *testing.T) {
	s := &Study{Metrics: []protocols.MetricSpec{{Name: "p.wait", Form: protocols.Sample, Unit: "s"}, {Name: "p.hops", Form: protocols.Sample, Unit: "1"}}}
	for run := range 3 {
		var f protocols.Figures
		for k := range 100 {
			f.Items = append(f.Items, protocols.Item{Metric: "wait", Value: float64(k + 1 + run), Censored: k == 99 && run == 0},
				protocols.Item{Metric: "hops", Value: 1})
		}
		s.Results = append(s.Results, &sim.Result{Figures: map[string]protocols.Figures{"p": f}})
	}
	rows := s.quantileRows()
	if len(rows) != 1 || len(rows[0].Cells) != len(pageQuantiles) {
		t.Fatalf("rows %v", rows)
	}
	for i, want := range []string{"51.00 s", "91.00 s", "100.0 s", "102.0 s", "102.0 s"} {
		if got := rows[0].Cells[i]; got.Value != want || (i >= 3) != (got.Note == "median; 1 of 3 did not finish") {
			t.Errorf("%s is %v, want %s", pageQuantiles[i].of, got, want)
		}
	}
}

// Whatever a scenario calls its things, it stays text.
func TestHTMLEscapes(t *testing.T) {
	const evil = `<img src=x onerror=alert(1)>"'&`
	s := violated()
	s.Name, s.Description, s.Command, s.Scenario = evil, evil, evil, []byte(evil)
	for i := range s.Verdicts {
		s.Verdicts[i] = Verdict{evil, evil, Violated, evil, evil}
	}
	s.Violations[0].Text, s.Violations[0].Events, s.Violations[0].Check = evil, []string{evil}, evil
	for i := range s.Metrics {
		s.Metrics[i].Doc = evil
	}
	for _, r := range s.Results {
		r.Spans[0].Name, r.Kinds[0].Kind = evil, evil
	}
	if got := htmlOf(t, s); strings.Contains(got, "<img") {
		i := strings.Index(got, "<img")
		t.Errorf("not escaped: …%s…", got[max(0, i-80):i+40])
	}
}

// Kinds that nobody sent fill no page; what only entered from outside is told.
func TestHTMLShowsTheKindsThatThereWere(t *testing.T) {
	s := synthetic{nodes: 10, runs: 2}.study()
	for _, r := range s.Results {
		r.Kinds = append(r.Kinds, sim.KindTotal{Protocol: "gossip", Kind: "swap"}, sim.KindTotal{Protocol: "gossip", Kind: "publish", Delivered: 3})
	}
	got := htmlOf(t, s)
	if strings.Contains(got, "<td>gossip swap</td>") || !strings.Contains(got, "<td>gossip publish</td>") {
		t.Error("the table of messages has the wrong kinds")
	}
	if !strings.Contains(got, "Sums over all runs.") {
		t.Error("the table of messages does not say what it sums over")
	}
}

// A panic is no interruption.
func TestHTMLTellsOfAPanic(t *testing.T) {
	s := synthetic{nodes: 10, runs: 5}.study()
	s.Results[1], s.Results[4] = nil, nil
	for panicked, want := range map[int]string{0: "interrupted: 3 of 5 runs finished", 2: "ended by an internal error in run 2: 3 of 5 runs finished"} {
		if s.Panicked = panicked; !strings.Contains(htmlOf(t, s), ">"+want+"<") {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// The page of a sweep keeps the same rules.
func TestSweepHTML(t *testing.T) {
	const evil = `<img src=x onerror=alert(1)>"'&`
	side := func(name string, value float64) comparison.Side {
		s := comparison.Side{Name: name, Values: [][]comparison.Value{nil}}
		for i := range 10 {
			s.Values[0] = append(s.Values[0], comparison.Value{Seed: uint64(i), Known: true, Run: stats.Run{Value: value + float64(i%3)*value/100}})
		}
		return s
	}
	table, err := comparison.New([]comparison.Metric{{Name: evil, Unit: "s", Better: "smaller"}}, []comparison.Side{side(evil, 2), side("b", 1)}, comparison.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := &SweepPage{Name: evil, Description: evil, Size: evil, Missing: evil, Outcome: Violated, Expectations: []Verdict{{evil, evil, Violated, evil, evil}},
		Head: []string{evil}, Points: []SweepPoint{{[]string{evil}, Violated}}, Plots: violated().Plots(), Compared: table.Blocks(), Notes: []string{evil},
		Scenario: []byte(evil), Command: evil, Machine: evil}
	var b bytes.Buffer
	if err := p.HTML(&b); err != nil {
		t.Fatal(err)
	}
	isClosed(t, "sweep", strings.ReplaceAll(b.String(), "src=x", ""))
	if strings.Contains(b.String(), "<img") || !strings.Contains(b.String(), `<td class="verdict holds">better</td>`) {
		t.Error("not escaped, or a verdict without its colour")
	}
}

func TestHTMLReportsAFullDisk(t *testing.T) {
	if err := violated().HTML(failing{}, nil); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}
