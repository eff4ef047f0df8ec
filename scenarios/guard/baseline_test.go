package guard

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meshsim/scenarios/sweep"
)

func example() *Baseline {
	return &Baseline{Format: Format, Scenario: "small", Subject: "ab", Engine: "v1 <dirty>", Runs: []Run{{1, "00ff"}, {1 << 60, "ff00"}},
		Metrics: []Metric{
			{"net.messages", "value", "1", Margin{0.05, true}, []sweep.Number{1, 2.0000000000000004}},
			{"gossip.convergence_time", "mean", "s", Margin{0.02, false}, []sweep.Number{0.1, sweep.Number(nan)}},
		}}
}

// What is written is read again, all digits of it, and reads well.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "small.baseline.json")
	b := example()
	if err := b.Write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), `
    {"metric":"net.messages","statistic":"value","unit":"1","margin":"5%","values":[1,2.0000000000000004]},
    {"metric":"gossip.convergence_time","statistic":"mean","unit":"s","margin":"0.02","values":[0.1,null]}
`) {
		t.Errorf("%v\n%s", err, text)
	}
	got, err := Read(path, "small")
	if err != nil || !got.Equal(b) || got.Engine != b.Engine {
		t.Errorf("%+v, %v", got, err)
	}
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left)+len(hidden) != 1 {
		t.Errorf("beside it are %v %v", left, hidden)
	}
}

// Equal asks for all but the version of meshsim.
func TestEqual(t *testing.T) {
	other := example()
	other.Engine = "v2"
	if !other.Equal(example()) {
		t.Error("another version of meshsim makes them differ")
	}
	for name, change := range map[string]func(b *Baseline){
		"subject": func(b *Baseline) { b.Subject = "x" }, "seed": func(b *Baseline) { b.Runs[0].Seed++ },
		"fingerprint": func(b *Baseline) { b.Runs[1].Fingerprint = "x" }, "margin": func(b *Baseline) { b.Metrics[0].Margin.Value *= 2 },
		"value": func(b *Baseline) { b.Metrics[0].Values[0] = 7 }, "metric": func(b *Baseline) { b.Metrics = b.Metrics[:1] },
	} {
		b := example()
		if change(b); b.Equal(example()) {
			t.Errorf("another %s makes no difference", name)
		}
	}
}

// Nothing that is no baseline is taken for one, wherever it was cut.
func TestBadFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.baseline.json")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := Read(path, "small"); b != nil || err != nil {
		t.Errorf("of a file that is not there: %v, %v", b, err)
	}
	whole := string(example().text())
	for n := range len(whole) - 2 {
		write(whole[:n])
		if _, err := Read(path, "small"); err == nil {
			t.Errorf("cut after %d bytes it is read", n)
		}
	}
	for _, c := range []struct{ from, to, want string }{
		{`"meshsim_baseline": 1`, `"meshsim_baseline": 7`, "has version 7 of the format, this meshsim reads 1"},
		{`"meshsim_baseline": 1`, `"other": 1`, "is no baseline"},
		{`"small"`, `"large"`, `is the baseline of another scenario: of "large", not of "small"`},
		{`[1,2.0000000000000004]`, `[1]`, "is damaged: net.messages has 1 values for 2 runs"},
		{`"5%"`, `"-5%"`, "is truncated, or no baseline: the margin \"-5%\" is negative"},
		{`[1,2.0000000000000004]`, `["a",2]`, "is truncated, or no baseline"},
	} {
		write(strings.Replace(whole, c.from, c.to, 1))
		if _, err := Read(path, "small"); err == nil || !strings.Contains(err.Error(), path+" "+c.want) {
			t.Errorf("%s: %v, want %s", c.to, err, c.want)
		}
	}
	if _, err := Read(filepath.Dir(path), "small"); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("of a directory: %v", err)
	}
}
