package balance

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

var metrics = []protocols.MetricSpec{
	{Name: "migrations_per_task", Form: protocols.Scalar, Unit: "1", Doc: "hand-overs by heavy nodes, for each task that ran"},
	{Name: "migrations_failed", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the hand-overs by heavy nodes that were refused or not answered"},
	{Name: "overloads", Form: protocols.Scalar, Unit: "1", Doc: "times that a node's load went above the high threshold"},
	{Name: "reports_per_task", Form: protocols.Scalar, Unit: "1", Doc: "reports of load, for each task that ran"},
}

// probe makes figures of counts.
type probe struct{}

// Wants lists nothing: counts are enough.
func (probe) Wants() []protocols.ObservationKind { return nil }

// Observe does nothing.
func (probe) Observe(protocols.Observed) {}

// Sample adds nothing.
func (probe) Sample(protocols.Time, *protocols.Figures) {}

// Finish adds the run's figures.
func (probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	share := func(name string, part, of uint64) {
		if of > 0 {
			out.Scalar(name, t.At, float64(part)/float64(of))
		}
	}
	ran, moved := t.Observations[task.Ran].Count, t.Observations[Migrating].Count
	share("migrations_per_task", moved, ran)
	share("migrations_failed", t.Observations[Kept].Count, moved)
	share("reports_per_task", t.Messages[KindReport].Count, ran)
	out.Scalar("overloads", t.At, float64(t.Observations[Heavy].Count))
}
