package report

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// pictures are studies of all sizes, and of nothing.
var pictures = map[string]synthetic{
	"one":     {nodes: 1000, runs: 1, faults: true, detail: true, rumors: 40},
	"thirty":  {nodes: 1000, runs: 30, faults: true, detail: true},
	"ten":     {nodes: 10, runs: 1, detail: true},
	"hub":     {nodes: 1000, runs: 5, detail: true, hub: true},
	"million": {nodes: 1000000, runs: 1, faults: true, detail: true},
}

// Every picture is drawn, twice to the same bytes. With PICTURES set they are
// left there to look at.
func TestPlots(t *testing.T) {
	dir := os.Getenv("PICTURES")
	for name, c := range pictures {
		if dir == "" && c.nodes > 1000 {
			continue
		}
		s := c.study()
		for _, p := range s.Plots() {
			var png, svg, again bytes.Buffer
			if err := p.SVG(&svg); err != nil {
				t.Fatal(err)
			}
			if err := p.SVG(&again); err != nil || !bytes.Equal(svg.Bytes(), again.Bytes()) {
				t.Errorf("%s/%s: other bytes the second time", name, p.Name)
			}
			if dir == "" {
				continue
			}
			p.PNG(&png)
			os.WriteFile(filepath.Join(dir, name+"."+p.Name+".png"), png.Bytes(), 0o644)
		}
	}
}
