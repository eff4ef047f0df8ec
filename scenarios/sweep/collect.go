package sweep

import (
	"errors"
	"io/fs"
	"strings"

	"meshsim/scenarios"
)

// Results are what a store holds of a point.
type Results struct {
	*PlanPoint
	Records  []*Record // by replication; nil where there is none
	Verdicts []scenarios.Verdict
}

// Collect reads the runs of a plan and holds the expectations of each point
// against them. Files that are not what they should be count as missing.
func (p *Plan) Collect(store *Store) ([]Results, error) {
	out := make([]Results, len(p.Points))
	for i := range p.Points {
		at := &p.Points[i]
		out[i] = Results{PlanPoint: at, Records: make([]*Record, len(at.Runs))}
		evidence := make([]*scenarios.Evidence, len(at.Runs))
		for k, r := range at.Runs {
			rec, err := store.Get(r.ID)
			var bad *BadFileError
			switch {
			case err == nil:
				out[i].Records[k], evidence[k] = rec, rec.Evidence
			case !errors.Is(err, fs.ErrNotExist) && !errors.As(err, &bad):
				return nil, err
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
