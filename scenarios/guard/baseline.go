package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"meshsim/scenarios/sweep"
)

// Format is the version of the files of baselines.
const Format = 1

// Baseline is what a scenario measured. See the package comment for its file.
type Baseline struct {
	Format   int      `json:"meshsim_baseline"`
	Scenario string   `json:"scenario"`
	Subject  string   `json:"subject"`
	Engine   string   `json:"engine"`
	Runs     []Run    `json:"runs"`
	Metrics  []Metric `json:"metrics"`
}

// Run is one replication.
type Run struct {
	Seed        uint64 `json:"seed"`
	Fingerprint string `json:"fingerprint"` // 16 hexadecimal digits
}

// Metric is a guarded statistic of a metric, with its value in each run; NaN where
// something had not finished, or where the run had none.
type Metric struct {
	Metric    string         `json:"metric"`
	Statistic string         `json:"statistic"`
	Unit      string         `json:"unit"`
	Margin    Margin         `json:"margin"`
	Values    []sweep.Number `json:"values"`
}

// Column is the statistic without its values.
func (m *Metric) Column() sweep.Column {
	return sweep.Column{Metric: m.Metric, Statistic: m.Statistic, Unit: m.Unit}
}

// find is the metric of a column, nil if there is none.
func (b *Baseline) find(c sweep.Column) *Metric {
	if b == nil {
		return nil
	}
	i := slices.IndexFunc(b.Metrics, func(m Metric) bool { return m.Metric == c.Metric && m.Statistic == c.Statistic })
	if i < 0 {
		return nil
	}
	return &b.Metrics[i]
}

// A BadFileError is a baseline that cannot be used.
type BadFileError struct{ Path, Why string }

func (e *BadFileError) Error() string { return fmt.Sprintf("%s %s", e.Path, e.Why) }

// Read reads the baseline of a scenario; both results are nil if there is none. The
// error is a *[BadFileError] if the file is truncated, of another version, or
// another's.
func Read(path, scenario string) (*Baseline, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &BadFileError{path, fmt.Sprintf("cannot be read: %v", err)}
	}
	var version struct {
		Format int `json:"meshsim_baseline"`
	}
	if json.Unmarshal(text, &version) == nil && version.Format > 0 && version.Format != Format {
		return nil, &BadFileError{path, fmt.Sprintf("has version %d of the format, this meshsim reads %d", version.Format, Format)}
	}
	b := &Baseline{}
	if err := json.Unmarshal(text, b); err != nil {
		return nil, &BadFileError{path, fmt.Sprintf("is truncated, or no baseline: %v", err)}
	}
	if why := b.flaw(scenario); why != "" {
		return nil, &BadFileError{path, why}
	}
	return b, nil
}

// flaw says why it cannot be the baseline of a scenario, "" if it can.
func (b *Baseline) flaw(scenario string) string {
	switch {
	case b.Format != Format || len(b.Runs) == 0:
		return "is no baseline"
	case b.Scenario != scenario:
		return fmt.Sprintf("is the baseline of another scenario: of %q, not of %q", b.Scenario, scenario)
	}
	for _, m := range b.Metrics {
		if len(m.Values) != len(b.Runs) {
			return fmt.Sprintf("is damaged: %s has %d values for %d runs", m.Column().Name(), len(m.Values), len(b.Runs))
		}
	}
	return ""
}

// Write writes the file, whole or not at all, and makes its directory.
func (b *Baseline) Write(path string) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".baseline-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b.text())
	for _, then := range []func() error{func() error { return f.Chmod(0o644) }, f.Sync} {
		if err == nil {
			err = then()
		}
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// text is the file: a run or a metric a line, so that changes read well.
func (b *Baseline) text() []byte {
	var out bytes.Buffer
	field := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			panic("guard: " + err.Error()) // there is nothing in it that JSON has no form for
		}
		return string(text)
	}
	fmt.Fprintf(&out, "{\n  \"meshsim_baseline\": %d,\n  \"scenario\": %s,\n  \"subject\": %s,\n  \"engine\": %s",
		Format, field(b.Scenario), field(b.Subject), field(b.Engine))
	fmt.Fprint(&out, ",\n  \"runs\": [")
	for i, r := range b.Runs {
		fmt.Fprintf(&out, "%s\n    %s", comma(i), field(r))
	}
	fmt.Fprint(&out, "\n  ],\n  \"metrics\": [")
	for i, m := range b.Metrics {
		fmt.Fprintf(&out, "%s\n    %s", comma(i), field(m))
	}
	fmt.Fprint(&out, "\n  ]\n}\n")
	return out.Bytes()
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
}

// Equal reports whether two baselines say the same, whatever version of meshsim
// made them.
func (b *Baseline) Equal(other *Baseline) bool {
	one, two := *b, *other
	one.Engine, two.Engine = "", ""
	return bytes.Equal(one.text(), two.text())
}
