package report

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

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
		// One file, no network, no script.
		for _, bad := range []string{"<script", "src=", "<link", "@import", "url(", "<iframe", "onload", "NaN", "%!"} {
			if strings.Contains(got, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		if hrefs := regexp.MustCompile(`https?://[^"<]*`).FindAllString(got, -1); len(hrefs) > 0 {
			for _, h := range hrefs {
				if h != "http://www.w3.org/2000/svg" {
					t.Errorf("%s refers to %s", name, h)
				}
			}
		}
		if len(got) > 400_000 {
			t.Errorf("%s has %d bytes", name, len(got))
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

func TestHTMLReportsAFullDisk(t *testing.T) {
	if err := violated().HTML(failing{}, nil); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}
