package task

import "meshsim/protocols"

var choiceMetrics = []protocols.MetricSpec{
	{Name: "asked_per_task", Form: protocols.Scalar, Unit: "1", Doc: "nodes that were asked how much they have to do, for each task that ran"},
}

// choiceProbe counts who was asked.
type choiceProbe struct{}

// Wants lists nothing: counts are enough.
func (choiceProbe) Wants() []protocols.ObservationKind { return nil }

// Observe does nothing.
func (choiceProbe) Observe(protocols.Observed) {}

// Sample adds nothing.
func (choiceProbe) Sample(protocols.Time, *protocols.Figures) {}

// Finish adds the run's figure.
func (choiceProbe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	if n := t.Observations[Ran].Count; n > 0 {
		out.Scalar("asked_per_task", t.At, float64(t.Observations[Asked].Count)/float64(n))
	}
}
