// Package jobs holds a recorded day of a real cluster: when jobs came, and how
// large they were. Source, licence and what was changed are in data/SOURCE.md.
package jobs

import (
	"bufio"
	"compress/gzip"
	"embed"
	"fmt"
	"strings"
	"time"
)

//go:embed data
var files embed.FS

// Job is one of a trace.
type Job struct {
	At    time.Duration // since the start of the trace
	Bytes int64         // that it reads, moves and writes
}

// Names are the traces there are.
func Names() []string { return []string{"fb2009"} }

// Lookup returns a trace by its name, in the order of time.
func Lookup(name string) ([]Job, error) {
	f, err := files.Open("data/" + name + ".csv.gz")
	if err != nil {
		return nil, fmt.Errorf("there is no trace %q; write %s", name, strings.Join(Names(), " or "))
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var list []Job
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		var second, bytes int64
		if n, _ := fmt.Sscanf(lines.Text(), "%d,%d", &second, &bytes); n == 2 {
			list = append(list, Job{time.Duration(second) * time.Second, bytes})
		}
	}
	return list, lines.Err()
}
