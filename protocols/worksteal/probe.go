package worksteal

import (
	"meshsim/protocols"
	"meshsim/protocols/task"
)

var metrics = []protocols.MetricSpec{
	{Name: "requests_per_task", Form: protocols.Scalar, Unit: "1", Doc: "victims asked, for each task that ran"},
	{Name: "steal_success", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the requests that were answered with tasks", Better: protocols.Larger},
	{Name: "stolen", Form: protocols.Scalar, Unit: "ratio", Doc: "hand-overs to thieves, for each task that ran", Better: protocols.Neither},
	{Name: "tasks_per_steal", Form: protocols.Scalar, Unit: "1", Doc: "tasks that a victim gave at a time", Better: protocols.Neither},
	{Name: "pushed", Form: protocols.Scalar, Unit: "ratio", Doc: "hand-overs by overloaded nodes, for each task that ran", Better: protocols.Neither},
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
	share := func(name string, part, of protocols.ObservationKind) {
		if n := t.Observations[of].Count; n > 0 {
			out.Scalar(name, t.At, float64(t.Observations[part].Count)/float64(n))
		}
	}
	share("requests_per_task", Asked, task.Ran)
	share("steal_success", Stole, Asked)
	share("stolen", Yielded, task.Ran)
	share("tasks_per_steal", Yielded, Stole)
	share("pushed", Pushed, task.Ran)
}
