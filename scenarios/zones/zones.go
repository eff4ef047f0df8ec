// Package zones holds measured matrices of network latency between regions and
// reads the user's own. Sources, licences and what was changed are in
// data/SOURCE.md.
package zones

import (
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
)

// Matrix gives latencies between zones, each way. All figures are made from
// round-trip times: the way there is taken to be half of the way there and
// back.
type Matrix struct {
	Names []string
	// OneWay is half the smallest round trip measured, row-major: from zone i to
	// zone j it is OneWay[i*len(Names)+j]. So it is what the path itself takes;
	// what queues add is jitter, which is never negative. A diagonal that was
	// not measured is 0.
	OneWay []time.Duration
	// Excess is half of what the mean round trip took beyond the smallest: the
	// mean of the jitter. Nil if it was not measured.
	Excess []time.Duration
	// Deviation is the standard deviation of the jitter if both ways vary alike
	// and independently: that of the round trip over √2. Nil if it was not
	// measured. (What ping prints as mdev is a standard deviation.)
	Deviation []time.Duration
}

// Index returns the place of a zone in Names.
func (m *Matrix) Index(name string) (int, bool) {
	i := slices.Index(m.Names, name)
	return i, i >= 0
}

//go:embed data/*.csv data/*.gz
var files embed.FS

// Shipped is a matrix that Lookup knows.
type Shipped struct {
	Name string
	Doc  string // what was measured, in a line
	file string
	read func(io.Reader) (*Matrix, error)
}

// List describes all matrices that are shipped.
func List() []Shipped {
	return []Shipped{
		{"aws19", "19 Amazon regions, ping for an hour, June 2020", "aws19_rtt_ms.csv", Read},
		{"gcp20", "20 Google Cloud regions, ping for an hour, June 2020", "gcp20_rtt_ms.csv", Read},
		{"planetlab490", "490 hosts of PlanetLab (Zhu et al. 2017), zones planetlab-0 to planetlab-489", "planetlab490_rtt_ms_lower.txt.gz", readLower},
	}
}

// Names lists the names that Lookup knows.
func Names() []string {
	var names []string
	for _, s := range List() {
		names = append(names, s.Name)
	}
	return names
}

// Lookup returns a shipped matrix by name. It is read anew each time.
func Lookup(name string) (*Matrix, error) {
	for _, s := range List() {
		if s.Name != name {
			continue
		}
		f, err := files.Open("data/" + s.file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return s.read(f)
	}
	return nil, fmt.Errorf("no matrix %q; there are %s, or write the path of a CSV file", name, strings.Join(Names(), ", "))
}

// readLower reads a compressed symmetric matrix of round trips in milliseconds
// that lists on line i what is before the diagonal in row i.
func readLower(r io.Reader) (*Matrix, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	n := len(lines) + 1
	m := &Matrix{Names: make([]string, n), OneWay: make([]time.Duration, n*n)}
	for i := range n {
		m.Names[i] = fmt.Sprintf("planetlab-%d", i)
		if i == 0 {
			continue
		}
		cells := strings.Split(lines[i-1], "\t")
		if len(cells) != i {
			return nil, fmt.Errorf("line %d: %d values, want %d", i, len(cells), i)
		}
		for j, cell := range cells {
			rtt, err := parseMillis(cell)
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", i, err)
			}
			m.OneWay[i*n+j], m.OneWay[j*n+i] = half(rtt), half(rtt)
		}
	}
	return m, nil
}

// half returns half of a time in milliseconds.
func half(millis float64) time.Duration {
	return time.Duration(math.Round(float64(millis*1e6) / 2))
}
