package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"meshsim/report/plots"
	"meshsim/scenarios/sweep"
)

// plotEndings are the endings of files that plot writes.
var plotEndings = []string{".png", ".svg", ".pdf"}

// plotWriter writes a plot as the ending of a file says; nil if that is none.
func plotWriter(p *plots.Plot, file string) func(io.Writer) error {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".png":
		return p.PNG
	case ".svg":
		return p.SVG
	case ".pdf":
		return p.PDF
	}
	return nil
}

// checkOut refuses files of which nobody knows the format, before anything is
// computed.
func (o *plotOptions) checkOut() error {
	for _, file := range o.out {
		if plotWriter(&plots.Plot{}, file) == nil {
			base := strings.TrimSuffix(file, filepath.Ext(file))
			if base == "" {
				base = "figure"
			}
			return usage("--out: %q does not end in %s; write --out %s.png", file, orList(plotEndings), base)
		}
	}
	return nil
}

// files are those asked for, or one in the working directory that has the name
// of what it shows.
func (o *plotOptions) files(d *plots.Data, k plots.Kind) []string {
	if len(o.out) > 0 {
		return o.out
	}
	var words []string
	for i, m := range d.Measures {
		words = append(words, m.Metric)
		if i < len(o.statistics) {
			words = append(words, o.statistics[i])
		}
	}
	return []string{strings.Join(append(words, string(k)), ".") + ".png"}
}

// writePlot writes each file whole, or not at all.
func (a *app) writePlot(p *plots.Plot, files []string) ([]string, error) {
	for _, file := range files {
		var b bytes.Buffer
		if err := plotWriter(p, file)(&b); err != nil {
			return nil, err
		}
		temporary := file + ".tmp"
		err := os.WriteFile(temporary, b.Bytes(), 0o666)
		if err == nil {
			err = os.Rename(temporary, file)
		}
		if err != nil {
			os.Remove(temporary)
			return nil, fmt.Errorf("%s cannot be written: %w; choose another place with --out", file, err)
		}
	}
	return files, nil
}

// tellPlot says what was drawn, and what the figure does not show.
func (a *app) tellPlot(p *plots.Plot, files []string) {
	a.print("%s\n", strings.TrimSuffix(string(p.Kind)+": "+p.Title, ": "))
	for _, n := range p.Notes {
		a.print("note    %s\n", n)
	}
	for _, file := range files {
		a.print("plot    %s\n", file)
	}
}

// plotJSON is what plot prints with --json, version 1.
func (a *app) plotJSON(d *plots.Data, p *plots.Plot, files []string) error {
	type estimate struct {
		Value  sweep.Number `json:"value"` // the mean, or the median if a run is open
		Lo     sweep.Number `json:"lo"`    // of the 95% interval
		Hi     sweep.Number `json:"hi"`
		N      int          `json:"n"`
		Open   int          `json:"open"` // runs in which something had not finished
		Method string       `json:"method"`
	}
	type measure struct {
		Metric    string `json:"metric"`
		Statistic string `json:"statistic"`
		Unit      string `json:"unit"`
		Better    string `json:"better"`
	}
	type point struct {
		Name      string            `json:"name"`
		Settings  map[string]string `json:"settings"`
		Nodes     int               `json:"nodes"`
		Estimates []estimate        `json:"estimates"` // by metric
		Best      bool              `json:"best"`      // ties with the best, or is in the Pareto set
	}
	out := struct {
		Version int       `json:"meshsim_plot"`
		Kind    string    `json:"kind"`
		Title   string    `json:"title"`
		Files   []string  `json:"files"`
		Metrics []measure `json:"metrics"`
		Curves  []string  `json:"curves"` // as the legend names them
		Points  []point   `json:"points"`
		Notes   []string  `json:"notes"`
	}{Version: 1, Kind: string(p.Kind), Title: p.Title, Files: files, Notes: append([]string{}, p.Notes...), Curves: p.Legend()}
	for _, m := range d.Measures {
		out.Metrics = append(out.Metrics, measure{m.Metric, m.Statistic, m.Unit, m.Better})
	}
	for _, r := range p.Rows {
		row := point{Name: r.Name, Settings: map[string]string{}, Nodes: r.Nodes, Best: r.Best}
		for _, s := range r.Settings {
			row.Settings[s.Path] = s.Value
		}
		for _, e := range r.Estimates {
			row.Estimates = append(row.Estimates, estimate{rounded(e.Value), rounded(e.Lo), rounded(e.Hi), e.N, e.Open, string(e.Method)})
		}
		out.Points = append(out.Points, row)
	}
	e := json.NewEncoder(a.out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
