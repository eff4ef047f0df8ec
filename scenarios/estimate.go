package scenarios

import (
	"time"

	"meshsim/sim"
)

// lookahead is the smallest latency that a message can have, as the kernel
// finds it.
func (s *Scenario) lookahead() time.Duration {
	n := &s.base.Network
	least := floorOf(&n.Default, n, s.usedZones())
	for i := range n.Links {
		least = min(least, floorOf(&n.Links[i].Link, n, s.usedZones()))
	}
	return least
}

func floorOf(l *sim.Link, n *sim.Network, used []int) time.Duration {
	jitter := time.Duration(0)
	if l.Latency.Jitter != nil {
		jitter = time.Duration(l.Latency.Jitter.Min())
	}
	least := l.Latency.Base + jitter
	if l.Latency.Zoned && n.Zones != nil {
		for _, a := range used {
			for _, b := range used {
				least = min(least, n.Zones.OneWay[a*len(n.Zones.Names)+b]+jitter)
			}
		}
	}
	return max(least, l.Latency.Floor)
}

// usedZones are the zones with nodes.
func (s *Scenario) usedZones() (used []int) {
	if s.base.Network.Zones == nil {
		return nil
	}
	seen := make([]bool, len(s.base.Network.Zones.Names))
	for _, g := range s.base.Groups {
		for _, z := range g.Zones[:min(len(g.Zones), g.Count)] {
			if !seen[z] {
				seen[z] = true
				used = append(used, z)
			}
		}
	}
	return used
}

// What a node costs in memory, from runs of the kernel: its state and protocol,
// what is in flight to it, and what is kept of each item. It is an estimate.
const (
	bytesPerNode  = 400
	bytesPerEdge  = 8
	bytesPerEntry = 24
)

// estimate is the number of events and the memory of a run.
func (s *Scenario) estimate() (events, bytes uint64) {
	var calls, items float64
	for i := range s.Workload {
		items += s.Workload[i].items(s.Run.Duration)
	}
	for i := range s.Nodes {
		g := &s.Nodes[i].Value
		calls += float64(float64(g.Count) * (1 + g.Protocols.Value.callsPerNode(s.active(), s.plan.nodes)))
		bytes += uint64(g.Count) * bytesPerNode
	}
	if g, ok := s.base.Topology.(interface{ Edges() int }); ok {
		bytes += uint64(g.Edges()) * bytesPerEdge
	}
	bytes += s.watchBytes()
	bytes += uint64(min(int64(items), 10_000)) * uint64(s.plan.nodes) * bytesPerEntry
	calls += s.clusterCalls() + s.partitionCalls() + s.watchCalls() + s.taskCalls()
	return uint64(int64(min(calls+items, 1e18))), bytes + 8<<20
}

// active is how long there is something to tell.
func (s *Scenario) active() time.Duration {
	first := s.Run.Duration
	for i := range s.Workload {
		first = min(first, s.Workload[i].Start)
	}
	return s.Run.Duration - first
}

// items is about how many enter.
func (l *Traffic) items(duration time.Duration) float64 {
	if l.Submit != nil {
		return l.submitted(duration)
	}
	flow := l.flow()
	if flow.Rate.Count == 0 {
		return 1
	}
	n := seconds(max(min(l.Stop, duration)-l.Start, 0)) * float64(flow.Rate.Count) / seconds(flow.Rate.Per)
	if flow.Count > 0 {
		n = min(n, float64(flow.Count))
	}
	return n
}
