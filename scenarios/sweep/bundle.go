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

// ReadBundle reads the runs of a file, by their names. Two results of one run are
// a *DiffersError.
func ReadBundle(path string) (map[string]*Record, error) {
	runs := map[string]*Record{}
	at := map[string]string{}
	var wrong error
	err := scanBundle(path, func(place string, rec *Record, why string) {
		switch {
		case wrong != nil:
		case why != "":
			wrong = &BadFileError{place, why}
		case runs[rec.ID] != nil && !equal(runs[rec.ID], rec):
			wrong = &DiffersError{rec.ID, at[rec.ID], place}
		default:
			runs[rec.ID], at[rec.ID] = rec, place
		}
	})
	if err == nil {
		err = wrong
	}
	return runs, err
}

// equal reports whether two results of a run are the same bytes.
func equal(a, b *Record) bool {
	x, errX := encode(a)
	y, errY := encode(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// scanBundle calls f for each line of a bundle: with its place and the run, or
// with what is wrong with it.
func scanBundle(path string, f func(place string, rec *Record, why string)) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	for i, line := range bytes.Split(b, []byte("\n")) {
		if len(line) == 0 {
			continue
		}
		rec, why := decode(line)
		f(fmt.Sprintf("%s:%d", path, i+1), rec, why)
	}
	return nil
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
