package capability

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

var metrics = []protocols.MetricSpec{
	{Name: "match", Form: protocols.Scalar, Unit: "ratio", Doc: "how well tasks that need something match the nodes that run them, on average", Better: protocols.Larger},
	{Name: "routed_away", Form: protocols.Scalar, Unit: "ratio", Doc: "choices of another node than that where a task is, for each task that ran", Better: protocols.Neither},
	{Name: "refused", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the choices of another node that it refused"},
	{Name: "waits", Form: protocols.Scalar, Unit: "1", Doc: "times that no place was found, for each task that ran"},
	{Name: "relaxed", Form: protocols.Scalar, Unit: "1", Doc: "times that a threshold was lowered, for each task that ran"},
	{Name: "doubts", Form: protocols.Scalar, Unit: "1", Doc: "claims that were not kept, as routers noticed", Better: protocols.Neither},
}

// probe follows how well tasks match where they run.
type probe struct {
	away    uint64 // choices of another node
	matches map[holding]float64
	ran     int
	sum     float64
}

// Wants lists the kinds that are needed one by one.
func (*probe) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Routed, Offered, task.Matched}
}

// Observe counts choices, and notes the match of what begins to run.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		return
	}
	at := holding{o.Node, o.Key}
	switch o.Kind {
	case Routed:
		if protocols.NodeID(o.Value) != o.Node {
			p.away++
		}
	case Offered:
		if p.matches == nil {
			p.matches = map[holding]float64{}
		}
		p.matches[at] = float64(o.Value) / float64(draw.Always)
	case task.Matched:
		if m, known := p.matches[at]; known {
			p.ran++
			p.sum += m
			delete(p.matches, at)
		}
	}
}

// Sample adds nothing.
func (*probe) Sample(protocols.Time, *protocols.Figures) {}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	count := func(kind protocols.ObservationKind) uint64 { return t.Observations[kind].Count }
	share := func(name string, part, of uint64) {
		if of > 0 {
			out.Scalar(name, t.At, float64(part)/float64(of))
		}
	}
	if p.ran > 0 {
		out.Scalar("match", t.At, p.sum/float64(p.ran))
	}
	share("routed_away", p.away, count(task.Ran))
	share("refused", count(Refused), p.away)
	share("waits", count(Waits), count(task.Ran))
	share("relaxed", count(Relaxed), count(task.Ran))
	out.Scalar("doubts", t.At, float64(count(Doubted)))
}
