package sweep

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"meshsim/sim"
)

// WriteBundle writes runs to one file, each as the line that its file in a store
// is; nil is left out.
func WriteBundle(w io.Writer, records []*Record) error {
	for _, rec := range records {
		if rec == nil {
			continue
		}
		b, err := encode(rec)
		if err == nil {
			_, err = w.Write(b)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadBundle reads the runs of a file, by their names.
func ReadBundle(path string) (map[string]*Record, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	runs := map[string]*Record{}
	for i, line := range bytes.Split(bytes.TrimRight(b, "\n"), []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		rec, why := decode(line)
		if why != "" {
			return nil, fmt.Errorf("%s:%d: %s", path, i+1, why)
		}
		runs[rec.ID] = rec
	}
	return runs, nil
}

// Records are what is kept of the results of the plan's first point, by
// replication; nil for one that did not finish.
func (p *Plan) Records(results []*sim.Result) ([]*Record, error) {
	at := &p.Points[0]
	s, err := at.Load()
	if err != nil {
		return nil, err
	}
	records := make([]*Record, len(results))
	for i, r := range results {
		if r != nil && r.Ending != sim.EndCancelled && i < len(at.Runs) {
			records[i] = newRecord(&at.Runs[i], s, r, p.Engine)
		}
	}
	return records, nil
}
