package scenarios

import (
	"math"
	"time"

	"meshsim/sim"
)

// Evidence is what a replication says of the expectations of its scenario: all
// that verdicts are made of, and little enough to be kept where results are not.
// Lists are in the order of the scenario.
type Evidence struct {
	Seed       uint64           `json:"seed"`
	Ending     sim.Ending       `json:"ending"`
	Checks     []sim.CheckTotal `json:"checks,omitempty"`     // without their views
	Violations []sim.Violation  `json:"violations,omitempty"` // all of the run
	Eventually []Reaching       `json:"eventually,omitempty"`
	Sometimes  []bool           `json:"sometimes,omitempty"` // some sample showed it
	Thresholds []Bounded        `json:"thresholds,omitempty"`
}

// Reaching is what became of the things that were to reach a level in one run.
type Reaching struct {
	All     int           `json:"all"`               // there were
	In      int           `json:"in"`                // … that reached it in time
	Late    int           `json:"late,omitempty"`    // … that came too late, or had the time and did not
	Slowest time.Duration `json:"slowest,omitempty"` // of those in time
	Missed  []string      `json:"missed,omitempty"`  // of the others, told one by one; at most 100
}

// Bounded is the figure that a threshold bounds, of one run.
type Bounded struct {
	Known bool    `json:"known"`
	Value float64 `json:"value"`          // 0 unless known
	Open  bool    `json:"open,omitempty"` // Value is a lower bound: something had not finished
	Many  bool    `json:"many,omitempty"` // the run has more than one value of the metric
}

// Gather takes what a result says of the expectations; nil for one of a run
// that did not end by itself.
func Gather(s *Scenario, r *sim.Result) *Evidence {
	if r == nil || r.Ending == sim.EndCancelled {
		return nil
	}
	e := &Evidence{Seed: r.Seed, Ending: r.Ending, Violations: r.Violations}
	for _, c := range r.Checks {
		c.View = nil
		e.Checks = append(e.Checks, c)
	}
	for i := range s.Expect.Eventually {
		e.Eventually = append(e.Eventually, s.reaching(&s.Expect.Eventually[i], r))
	}
	for i := range s.Expect.Sometimes {
		e.Sometimes = append(e.Sometimes, shows(s.Expect.Sometimes[i].root, r))
	}
	for _, t := range s.Expect.Thresholds {
		spec := s.spec(t.Key)
		for i := range t.Value {
			f, ok := figureOf(spec, &t.Value[i], r, s.Run.Warmup)
			if ok = ok && !math.IsNaN(f.value); !ok {
				f.value = 0
			}
			e.Thresholds = append(e.Thresholds, Bounded{ok, f.value, f.open, len(r.Items(t.Key)) > 1})
		}
	}
	return e
}

// Evaluate holds the expectations against the results of the replications, in
// the order of their seeds; nil stands for one that did not finish. Verdicts are
// in the order of the scenario.
func Evaluate(s *Scenario, results []*sim.Result) []Verdict {
	evidence := make([]*Evidence, len(results))
	for i, r := range results {
		evidence[i] = Gather(s, r)
	}
	return Judge(s, evidence)
}
