package comparison

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"meshsim/report/stats"
)

// side has a run for each value, with the seeds 1, 2, 3 …; NaN is an open run.
func side(name string, base int, metrics ...[]float64) Side {
	s := Side{Name: name, Base: base}
	for _, values := range metrics {
		var list []Value
		for i, v := range values {
			list = append(list, Value{Seed: uint64(i + 1), Known: true, Run: stats.Run{Value: v, Open: math.IsNaN(v)}})
		}
		s.Values = append(s.Values, list)
	}
	return s
}

// around is n values near a mean, with a spread that pairs share.
func around(mean float64, n int) (out []float64) {
	for i := range n {
		out = append(out, mean+float64(i%5)/10+float64(i%3)/100*mean/10)
	}
	return out
}

var speed = []Metric{{Name: "a.time", Statistic: "mean", Unit: "s", Better: "smaller", Margin: Margin{0.05, true}},
	{Name: "net.messages", Statistic: "value", Unit: "1", Better: "smaller", Cost: true, Margin: Margin{0.05, true}}}

func compared(t *testing.T, metrics []Metric, sides ...Side) *Table {
	t.Helper()
	table, err := New(metrics, sides, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestVerdicts(t *testing.T) {
	got := compared(t, speed, side("a", 0, around(10, 20), around(100, 20)), side("b", 0, around(8, 20), around(150, 20)),
		side("c", 0, around(10.01, 20), around(100, 20)), side("d", 0, around(12, 20), around(300, 20)))
	for m, want := range [][]string{{"", "better", "equivalent", "worse"}, {"", "worse", "equivalent", "worse"}} {
		for i, verdict := range want {
			if v := got.Verdict(m, i); v != verdict {
				t.Errorf("metric %d of %s: %q, want %q", m, got.Sides[i].Name, v, verdict)
			}
		}
	}
	if got.Family != 6 {
		t.Errorf("a family of %d, want 6: each metric of each side but the base", got.Family)
	}
	if f := got.Front; f == nil || !slices.Equal(f.Sides, []int{0, 1}) && !slices.Equal(f.Sides, []int{0, 1, 2}) {
		t.Errorf("front %+v, want a and b: c is slower for as many messages, d is beaten in both", got.Front)
	}
	if c := got.Cells[0]; !c[1].Best || c[0].Tie || c[3].Tie {
		t.Errorf("b is the best alone, got %+v", c)
	}
}

// The difference of a pair is what counts, whatever varies between pairs.
func TestPairs(t *testing.T) {
	var a, b []float64
	for i := range 12 {
		noise := float64(i * i)
		a, b = append(a, 100+noise), append(b, 90+noise+float64(i%2)/10)
	}
	got := compared(t, speed[:1], side("a", 0, a), side("b", 0, b)).Cells[0][1]
	if d := got.Against.Difference; math.Abs(d.Value+9.95) > 1e-9 || d.Hi-d.Lo > 0.1 {
		t.Errorf("difference %+v, want -9.95 within 0.1", d)
	}
	if got.Against.Wins != 12 {
		t.Errorf("%d wins, want 12", got.Against.Wins)
	}
}

// Sides with other seeds are not paired by their place.
func TestSeeds(t *testing.T) {
	a, b := side("a", 0, around(10, 12)), side("b", 0, around(8, 12))
	for i := range b.Values[0] {
		b.Values[0][i].Seed += 4
	}
	got := compared(t, speed[:1], a, b)
	if c := got.Cells[0][1]; c.Against.N != 8 || c.Unpaired != 4 || len(got.Seeds) != 8 {
		t.Errorf("%d pairs, %d unpaired, %d common seeds, want 8, 4 and 8", c.Against.N, c.Unpaired, len(got.Seeds))
	}
	for i := range b.Values[0] {
		b.Values[0][i].Seed += 100
	}
	_, err := New(speed[:1], []Side{a, b}, Options{})
	if err == nil || !strings.Contains(err.Error(), "a and b have no seed in common") || !strings.Contains(err.Error(), "--seed") {
		t.Errorf("%v, want what to write", err)
	}
}

// Runs that did not finish count as worse, and those without a value are told.
func TestOpenAndMissing(t *testing.T) {
	open := around(8, 20)
	for i := range 17 {
		open[i] = math.NaN()
	}
	b := side("b", 0, open)
	for i := range 17 { // the run ended after 30 s
		b.Values[0][i].Value = 30
	}
	b.Values[0][19].Known = false
	got := compared(t, speed[:1], side("a", 0, around(10, 20)), b)
	c := got.Cells[0][1]
	if got.Verdict(0, 1) != "worse" || c.Open != 17 || c.Missing != 1 || c.Against.N != 19 {
		t.Errorf("%s, %d open, %d missing, %d pairs; want worse, 17, 1, 19", got.Verdict(0, 1), c.Open, c.Missing, c.Against.N)
	}
	if text := c.valueText("s"); !strings.Contains(text, "17 open") || !strings.Contains(text, "1 runs without") {
		t.Errorf("%q does not tell", text)
	}
}

// Of a metric without a direction no side is better.
func TestNeutral(t *testing.T) {
	m := []Metric{{Name: "raft.term", Statistic: "last", Unit: "1", Better: "neither"}}
	got := compared(t, m, side("a", 0, around(10, 20)), side("b", 0, around(20, 20)), side("c", 0, around(5, 20)))
	if got.Verdict(0, 1) != "larger" || got.Verdict(0, 2) != "smaller" || got.Front != nil || got.bestText(0) != "" {
		t.Errorf("%s, %s, %v, %q", got.Verdict(0, 1), got.Verdict(0, 2), got.Front, got.bestText(0))
	}
}

// Points of two sweeps are each compared with their like: no best, no front.
func TestManyBases(t *testing.T) {
	got := compared(t, speed[:1], side("1 f=2", 0, around(10, 20)), side("1 f=3", 1, around(5, 20)),
		side("2 f=2", 0, around(10, 20)), side("2 f=3", 1, around(6, 20)))
	if got.Verdict(0, 2) != "equivalent" || got.Verdict(0, 3) != "worse" || got.Cells[0][1].Best {
		t.Errorf("%s, %s, best %v", got.Verdict(0, 2), got.Verdict(0, 3), got.Cells[0][1].Best)
	}
}

// A single run has no verdict, and the text says what to write.
func TestOneRun(t *testing.T) {
	got := compared(t, speed[:1], side("a", 0, []float64{1}), side("b", 0, []float64{2}))
	if text := got.row(0, 1)[6]; text != "inconclusive; write --repeat 30" {
		t.Errorf("%q", text)
	}
}

// All forms stand numbers that do not exist; JSON has null for them.
func TestForms(t *testing.T) {
	nothing := side("b|c", 0, []float64{math.NaN(), math.NaN()}, []float64{math.Inf(1), 2})
	nothing.Values[1][0].Known = false
	got := compared(t, speed, side("a", 0, []float64{1, 1}, []float64{3, 3}), nothing)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"json":      func(b *bytes.Buffer) error { return got.JSON(b) },
		"csv":       func(b *bytes.Buffer) error { return got.CSV(b) },
		"markdown":  func(b *bytes.Buffer) error { return got.Markdown(b) },
		"benchstat": func(b *bytes.Buffer) error { return got.Benchstat(b) },
		"text":      func(b *bytes.Buffer) error { return got.Text(b, TextOptions{Color: true}) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil || b.Len() == 0 {
			t.Errorf("%s: %v, %d bytes", name, err, b.Len())
		}
		if text := b.String(); name != "text" && (strings.Contains(text, "NaN") || strings.Contains(text, "Inf")) {
			t.Errorf("%s holds what is no number:\n%s", name, text)
		}
		if name == "json" && !json.Valid(b.Bytes()) {
			t.Errorf("no JSON:\n%s", b.String())
		}
		if name == "markdown" && !strings.Contains(b.String(), `b\|c`) {
			t.Errorf("a bar in a name ends its cell:\n%s", b.String())
		}
	}
}

func TestBenchstat(t *testing.T) {
	var b strings.Builder
	compared(t, speed, side("fanout=2 interval=1s", 0, []float64{1.5}, []float64{3}), side("x/y.yaml", 0, []float64{2}, []float64{4})).Benchstat(&b)
	want := `Unit sim-s/a.time-mean better=lower
Unit net.messages better=lower
BenchmarkRun/fanout=2/interval=1s/seed=1 1 1.5 sim-s/a.time-mean 3 net.messages
BenchmarkRun/side=x-y.yaml/seed=1 1 2 sim-s/a.time-mean 4 net.messages
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}
