package sweep

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"meshsim/report/stats"
	"meshsim/scenarios"
)

// Results are what a store holds of a point.
type Results struct {
	*PlanPoint
	Runs     []Run      // those that count
	Records  []*Record  // of them; nil where there is none
	Stop     stats.Stop // why there are no more, of a sweep with precision
	Verdicts []scenarios.Verdict
}

// Collect reads the runs of a plan and holds the expectations of each point
// against them. Files that are not what they should be count as missing.
func (p *Plan) Collect(store *Store) ([]Results, error) {
	return p.collect(store, func(*Record) {})
}

// CollectOnly is Collect that keeps no metrics but those of some columns: a large
// sweep does not fit into memory otherwise.
func (p *Plan) CollectOnly(store *Store, columns []Column) ([]Results, error) {
	if p.target != nil {
		columns = append(slices.Clone(columns), p.target.column)
	}
	return p.collect(store, func(rec *Record) { rec.keep(columns) })
}

// keep drops all other metrics.
func (rec *Record) keep(columns []Column) {
	var kept []Metric
	for _, m := range rec.Metrics {
		if slices.ContainsFunc(columns, func(c Column) bool { return c.Metric == m.Name }) {
			kept = append(kept, m)
		}
	}
	rec.Metrics = kept
}

func (p *Plan) collect(store *Store, each func(*Record)) ([]Results, error) {
	out := make([]Results, len(p.Points))
	for i := range p.Points {
		at := &p.Points[i]
		records, err := at.read(store, each)
		if err != nil {
			return nil, err
		}
		n, stop := len(records), stats.GoOn
		if p.target != nil {
			n, stop = p.target.settle(records)
		}
		out[i] = Results{PlanPoint: at, Runs: at.Runs[:n], Records: records[:n], Stop: stop}
		evidence := make([]*scenarios.Evidence, n)
		for k, rec := range records[:n] {
			if rec != nil {
				evidence[k] = rec.Evidence
			}
		}
		s, err := at.Load()
		if err != nil {
			return nil, err
		}
		out[i].Verdicts = scenarios.Judge(s, evidence)
	}
	return out, nil
}

// read reads all runs of the point that the store holds.
func (at *PlanPoint) read(store *Store, each func(*Record)) ([]*Record, error) {
	records := make([]*Record, len(at.Runs))
	for k, r := range at.Runs {
		rec, err := store.Get(r.ID)
		var bad *BadFileError
		switch {
		case err == nil:
			each(rec)
			records[k] = rec
		case !errors.Is(err, fs.ErrNotExist) && !errors.As(err, &bad):
			return nil, err
		}
	}
	return records, nil
}

// Finished is how many runs of the point there are.
func (r *Results) Finished() (n int) {
	for _, rec := range r.Records {
		if rec != nil {
			n++
		}
	}
	return n
}

// Missing are the runs of a plan that are not there.
func Missing(results []Results) (runs []Run) {
	for _, r := range results {
		for k, rec := range r.Records {
			if rec == nil {
				runs = append(runs, r.Runs[k])
			}
		}
	}
	return runs
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
