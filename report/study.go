package report

import (
	"fmt"
	"io"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// A Study is what a command ran and found. Everything that this package writes
// is made of it. It is read, never written.
type Study struct {
	Name        string
	Description string
	Scenario    []byte // resolved with all defaults, as YAML
	Command     string // runs the same again
	Next        string // the command to try next; may be empty

	// Results are the replications in the order of their seeds; nil for one
	// that did not finish. Planned is how many were asked for.
	Results []*sim.Result
	Planned int
	Warmup  time.Duration // statistics of series leave out what is earlier
	// Panicked is the replication, counted from 1, whose code panicked, so that
	// no further one began. 0: none; what is missing then was interrupted.
	Panicked int

	// Metrics are the figures that the results may hold, under their full
	// names, in the order of reports: see [sim.Metrics].
	Metrics []protocols.MetricSpec
	// Headline names the metrics that the terminal shows; nil: a choice.
	Headline []string

	Verdicts   []Verdict
	Violations []Violation // nil: those of the results, without what led to them
	// Stuck is the replication in which something was not reached, counted from
	// 1: what its nodes waited for is told. 0: none.
	Stuck int
	// Diagrams show windows of runs: those asked for, and what led to violations.
	Diagrams []Diagram

	// NodeName calls nodes as the scenario does; nil: by number.
	NodeName func(protocols.NodeID) string

	Provenance Provenance

	// Attachments are files that the study's directory gets besides its own.
	Attachments []Attachment
}

// An Attachment is a file that others than this package make.
type Attachment struct {
	Name    string // relative, with slashes
	Content func(io.Writer) error
}

// A Verdict is the answer to one expectation of the scenario, over all
// replications.
type Verdict struct {
	Part     string // of the scenario: always, violated, eventually, sometimes, thresholds
	Property string // as the scenario writes it
	Outcome  Outcome
	Text     string // why, in a few words: "in 30 of 30 runs"
	Detail   string // more, in lines; shown unless the property holds
}

// Outcome is what became of an expectation.
type Outcome string

// The outcomes. Undecided is never taken for a pass.
const (
	Holds     Outcome = "holds"
	Violated  Outcome = "violated"
	Undecided Outcome = "undecided"
)

// Worst is the outcome of all verdicts together: violated if one is, else
// undecided if one is.
func Worst(verdicts []Verdict) Outcome {
	worst := Holds
	for _, v := range verdicts {
		if v.Outcome == Violated {
			return Violated
		}
		if v.Outcome == Undecided {
			worst = Undecided
		}
	}
	return worst
}

// A Violation is a broken safety property with what led to it.
type Violation struct {
	Replication int // index in Results
	Seed        uint64
	sim.Violation
	Events  []string // what caused it, the first cause first; see [Causes]
	Command string   // runs this replication again with a trace; may be empty
}

// Provenance is where and when a study ran. It differs from run to run, so it
// has a file of its own.
type Provenance struct {
	Version  string    `json:"version"`  // of meshsim
	Go       string    `json:"go"`       // of the compiler
	Platform string    `json:"platform"` // linux/amd64
	Workers  int       `json:"workers"`
	Started  time.Time `json:"started"`
}

// finished returns the replications that count: all that ran to their end, or,
// if none did, what there is of those that were interrupted.
func (s *Study) finished() []*sim.Result {
	var whole, cut []*sim.Result
	for _, r := range s.Results {
		switch {
		case r == nil:
		case r.Ending == sim.EndCancelled:
			cut = append(cut, r)
		default:
			whole = append(whole, r)
		}
	}
	if len(whole) == 0 {
		return cut
	}
	return whole
}

// interrupted reports whether replications are missing or cut short.
func (s *Study) interrupted() bool {
	whole := 0
	for _, r := range s.Results {
		if r != nil && r.Ending != sim.EndCancelled {
			whole++
		}
	}
	return whole < max(s.Planned, len(s.Results))
}

// first is the first replication there is, nil if there is none.
func (s *Study) first() *sim.Result {
	for _, r := range s.finished() {
		return r
	}
	return nil
}

// violations are those given, or else all that the results hold.
func (s *Study) violations() []Violation {
	if s.Violations != nil {
		return s.Violations
	}
	var out []Violation
	for i, r := range s.Results {
		if r == nil {
			continue
		}
		for _, v := range r.Violations {
			out = append(out, Violation{Replication: i, Seed: r.Seed, Violation: v})
		}
	}
	return out
}

// culprit names the node of a violation.
func (s *Study) culprit(id protocols.NodeID) string {
	if id == protocols.External {
		return "the whole run"
	}
	return s.nodeName(id)
}

func (s *Study) nodeName(id protocols.NodeID) string {
	switch {
	case id == protocols.External:
		return "external"
	case s.NodeName != nil:
		return s.NodeName(id)
	}
	return fmt.Sprintf("node %d", id)
}
