package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"meshsim/sim"
)

// An output is a file of a study's results.
type output struct {
	name    string
	content func(io.Writer) error
}

// Save writes all files of the study into d and points latest to it: the small
// and precious ones first. A file that cannot be written does not keep the
// others from it. What could not be written goes to the system's directory for
// temporary files, and the error says where; so nothing computed is lost.
func (s *Study) Save(d *Dir) error {
	plots := s.Plots()
	outputs := append([]output{
		{"summary.json", s.Summary},
		{"scenario.yaml", bytesTo(s.Scenario)},
		{"command.txt", bytesTo([]byte(s.Command + "\n"))},
		{"provenance.json", s.provenance},
		{"metrics.csv", s.CSV},
		{"report.html", func(w io.Writer) error { return s.HTML(w, plots) }},
	}, draw(plots)...)
	outputs = append(outputs, s.views()...)
	for _, a := range s.Attachments {
		outputs = append(outputs, output{a.Name, a.Content})
	}
	failed, err := d.writeAll(outputs)
	if err != nil {
		err = rescue(failed, len(outputs), d, err)
	}
	return errors.Join(err, d.Link())
}

// views are the pages on which checkers show what broke their properties.
func (s *Study) views() (list []output) {
	for i, r := range s.Results {
		if r == nil {
			continue
		}
		for _, c := range r.Checks {
			if c.View != nil {
				list = append(list, output{viewFile(c.Protocol, c.Check, i), bytesTo(c.View)})
			}
		}
	}
	return list
}

func viewFile(protocol, check string, replication int) string {
	return fmt.Sprintf("violations/%s.%s-run%d.html", protocol, check, replication+1)
}

// hasView reports whether a violation has a page of its own.
func (s *Study) hasView(v *Violation) bool {
	return slices.ContainsFunc(s.Results[v.Replication].Checks, func(c sim.CheckTotal) bool {
		return c.Protocol == v.Protocol && c.Check == v.Check && c.View != nil
	})
}

func bytesTo(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

// draw makes the files of all plots, on all cores.
func draw(plots []Plot) []output {
	outputs := make([]output, 2*len(plots))
	var work sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range plots {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			p := &plots[i]
			outputs[2*i] = drawn("plots/"+p.Name+".svg", p.SVG)
			outputs[2*i+1] = drawn("plots/"+p.Name+".png", p.PNG)
		})
	}
	work.Wait()
	return outputs
}

func drawn(name string, how func(io.Writer) error) output {
	var b bytes.Buffer
	if err := how(&b); err != nil {
		return output{name, func(io.Writer) error { return err }}
	}
	return output{name, bytesTo(b.Bytes())}
}

// writeAll writes what it can, and returns what it could not with the first
// reason.
func (d *Dir) writeAll(outputs []output) (failed []output, first error) {
	for _, o := range outputs {
		if err := d.Write(o.name, o.content); err != nil {
			failed = append(failed, o)
			if first == nil {
				first = err
			}
		}
	}
	return failed, first
}

// namedFiles is how many files an error names.
const namedFiles = 4

// rescue writes elsewhere what could not be written to d.
func rescue(failed []output, all int, d *Dir, cause error) error {
	var names []string
	for i, o := range failed {
		if i == namedFiles {
			names = append(names, fmt.Sprintf("%d more", len(failed)-i))
			break
		}
		names = append(names, o.name)
	}
	text := fmt.Sprintf("%d of %d files could not be written to %s (%s)", len(failed), all, d.Path, strings.Join(names, ", "))
	path, err := os.MkdirTemp("", "meshsim-rescued-")
	if err == nil {
		_, err = (&Dir{Path: path, create: createFile}).writeAll(failed)
	}
	if err != nil {
		return fmt.Errorf("%s: %w; nor elsewhere: %w", text, cause, err)
	}
	return fmt.Errorf("%s: %w; they are in %s", text, cause, path)
}
