package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"meshsim/scenarios"
	"meshsim/scenarios/strict"
)

// A Plan is all runs of a sweep.
type Plan struct {
	Scenario *scenarios.Scenario
	Engine   string // version of meshsim
	Points   []PlanPoint

	target *target // nil: each point has all of its runs
}

// Sequential reports whether points end when they are known well enough, so that
// their runs are the most that there can be.
func (p *Plan) Sequential() bool { return p.target != nil }

// PlanPoint is a point with its runs.
type PlanPoint struct {
	scenarios.Point
	Runs   []Run
	Events uint64 // estimated, a run
	Bytes  uint64 // of memory, estimated, a run
}

// A Run is one replication of one point.
type Run struct {
	ID          string // digest of the engine and the subject
	Subject     string // digest of what is run
	Point       *scenarios.Point
	Replication int
	Seed        uint64
	Events      uint64 // estimated
}

// NewPlan lists the runs. All that is wrong with the points is told at once.
// repeat is the number of replications, 0 for what the scenario says. Cost: it
// reads the scenario once for each point.
func NewPlan(s *scenarios.Scenario, engine string, repeat int) (*Plan, error) {
	points, err := s.Points()
	if err != nil {
		return nil, err
	}
	var goal *target
	if repeat == 0 {
		repeat = s.Run.Repeat
		if goal = newTarget(s); goal != nil {
			repeat = goal.Max
		} else if s.Sweep != nil && s.Sweep.Repeat > 0 {
			repeat = s.Sweep.Repeat
		}
	}
	p := &Plan{Scenario: s, Engine: engine, Points: make([]PlanPoint, len(points)), target: goal}
	var problems strict.Problems
	named := map[string]string{} // points by what they run
	for i := range points {
		at := &p.Points[i]
		at.Point = points[i]
		loaded, err := at.Load()
		var found *strict.Problems
		if errors.As(err, &found) {
			problems.Merge(found)
			continue
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", at.Name, err)
		}
		at.plan(loaded, engine, repeat)
		if first, ok := named[at.Runs[0].Subject]; ok {
			return nil, fmt.Errorf("the points %s and %s are the same; leave one out", first, at.Name)
		}
		named[at.Runs[0].Subject] = at.Name
	}
	if problems.Count > 0 {
		return nil, &problems
	}
	return p, nil
}

// plan lists the runs of the point.
func (at *PlanPoint) plan(s *scenarios.Scenario, engine string, repeat int) {
	cost := s.Plan()
	at.Events, at.Bytes = cost.Events, cost.Bytes
	one := *s
	one.Run.Repeat, one.Run.Seed = 1, 0
	h := sha256.New()
	h.Write(one.Resolved())
	for _, file := range s.Inputs() {
		fmt.Fprintf(h, "\n%s", file)
	}
	whatever := h.Sum(nil) // the seed
	for k := range repeat {
		seed := s.Seed(k)
		subject := sha256.Sum256(fmt.Appendf(nil, "%x\nseed %d", whatever, seed))
		id := sha256.Sum256(fmt.Appendf(nil, "meshsim run %d\n%s\n%x", Version, engine, subject))
		at.Runs = append(at.Runs, Run{hex.EncodeToString(id[:]), hex.EncodeToString(subject[:]), &at.Point, k, seed, at.Events})
	}
}

// Runs lists all runs, those of the most expensive points first: what is begun
// last should not take long. Points of the same cost keep their order.
func (p *Plan) Runs() []Run {
	points := slices.Clone(p.Points)
	slices.SortStableFunc(points, func(a, b PlanPoint) int {
		switch {
		case a.Events > b.Events:
			return -1
		case a.Events < b.Events:
			return 1
		}
		return 0
	})
	var out []Run
	for _, at := range points {
		out = append(out, at.Runs...)
	}
	return out
}

// Events is the estimate for all runs.
func (p *Plan) Events() (sum float64) {
	for _, at := range p.Points {
		sum += float64(float64(at.Events) * float64(len(at.Runs)))
	}
	return sum
}

// A Shard is a part of a plan: the Index-th of Count, from 1.
type Shard struct{ Index, Count int }

// Of are the runs of the shard: each Count-th, so that every shard has its share
// of the expensive ones. The zero Shard has all.
func (s Shard) Of(runs []Run) []Run {
	if s.Count < 2 {
		return runs
	}
	var out []Run
	for i := s.Index - 1; i < len(runs); i += s.Count {
		out = append(out, runs[i])
	}
	return out
}
