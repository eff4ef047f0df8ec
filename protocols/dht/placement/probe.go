package placement

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

var metrics = []protocols.MetricSpec{
	{Name: "forwards_per_task", Form: protocols.Scalar, Unit: "1", Doc: "times that a task was handed on to who should be responsible, for each task that ran"},
	{Name: "copies_per_task", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "copies that other nodes held of a task, for each task that ran"},
	{Name: "taken_over", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "tasks of nodes taken for failed that the holder of a copy took up"},
	{Name: "handed_over", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "tasks that waited and were handed to a node that came, as they belong to it"},
	{Name: "merged", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "tasks that two nodes had, and that one of them handed to the other before it ran there"},
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
	count := func(kind protocols.ObservationKind) float64 { return float64(t.Observations[kind].Count) }
	if n := count(task.Ran); n > 0 {
		out.Scalar("forwards_per_task", t.At, count(Forwarded)/n)
		out.Scalar("copies_per_task", t.At, count(Copied)/n)
	}
	out.Scalar("taken_over", t.At, count(TookOver))
	out.Scalar("handed_over", t.At, count(HandedOver))
	out.Scalar("merged", t.At, count(Merged))
}
