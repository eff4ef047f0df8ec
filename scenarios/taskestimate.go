package scenarios

import (
	"math"
	"math/bits"
	"time"
)

// tasksOf is what the first group that does work was told; nil if none does.
func (s *Scenario) tasksOf() *Task {
	for i := range s.Nodes {
		if t := s.Nodes[i].Value.Protocols.Value.Task; t != nil {
			return t
		}
	}
	return nil
}

// taskCalls is about how many calls tasks cause beyond that they enter: to be placed,
// and to run in slices.
func (s *Scenario) taskCalls() (calls float64) {
	t := s.tasksOf()
	if t == nil {
		return 0
	}
	for i := range s.Workload {
		l := &s.Workload[i]
		if l.Submit == nil {
			continue
		}
		parts := l.Submit.parts()
		calls += float64(l.submitted(s.Run.Duration) * parts * (t.sliceCalls(l.Submit.Size) + t.placeCalls(s.plan.nodes)))
	}
	return calls
}

// parts is how many tasks an entry's task stands for.
func (s *Submission) parts() float64 {
	switch d := s.DAG; {
	case d == nil:
		return 1
	case d.ForkJoin != nil:
		all, level := 1.0, 1.0
		for range d.ForkJoin.Depth {
			level = float64(level * float64(d.ForkJoin.Width))
			all += level
		}
		return all
	case d.Stages != nil:
		return float64(d.Stages.Stages * d.Stages.Width)
	default:
		return float64(len(d.Graph.Parts))
	}
}

// sliceCalls is how often a node is called while it runs a task of a size.
func (t *Task) sliceCalls(size time.Duration) float64 {
	if t.Slice == 0 || t.Spare {
		return 1
	}
	return math.Ceil(float64(seconds(t.Speed.Takes(size)) / seconds(t.Slice)))
}

// placeCalls is about how many calls it takes to place a task: a message is one, an
// answer another. Of strategies whose messages depend on the load it is a guess.
func (t *Task) placeCalls(nodes int) float64 {
	const handOver, guess = 2, 4
	told := 0.0 // the origin hears that it is done, and says so
	if t.Lease > 0 {
		told = 2
	}
	switch t.Strategy {
	case "local":
		return 0
	case "choices":
		return float64(2*t.Choices.Nodes) + handOver + told
	case "auction":
		asked := min(t.Auction.Sample, nodes-1)
		if t.Auction.Announce == "all" {
			asked = nodes - 1
		}
		return float64(2*asked) + handOver + told
	case "dht":
		return float64(bits.Len(uint(nodes)))/2 + handOver + told + float64(2*t.DHT.Copies)
	}
	return guess + told
}

// loadCalls is how often a node is called because peers tell of their load or of what
// they offer.
func (t *Task) loadCalls(active time.Duration) float64 {
	switch t.Strategy {
	case "stealing": // thieves that rest ask again now and then
		if t.Stealing.Retry > 0 {
			return float64(seconds(active) / seconds(t.Stealing.RetryMax) * float64(2*t.Stealing.Tries))
		}
	case "balance":
		return float64(seconds(active) / seconds(t.Balance.Interval) * (1 + float64(t.Balance.Fanout)))
	case "capability":
		return float64(seconds(active) / seconds(t.Capability.Interval) * (1 + float64(t.Capability.Fanout)))
	}
	return 0
}
