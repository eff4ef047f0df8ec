package scenarios

import (
	"time"

	"meshsim/protocols/client"
)

// clusterCalls estimates how often the nodes of clusters are called: replicas
// for what clients ask, and to keep in touch.
func (s *Scenario) clusterCalls() float64 {
	calls := 0.0
	for i := range s.Nodes {
		g := &s.Nodes[i].Value
		count := float64(g.Count)
		if r := g.Protocols.Value.Raft; r != nil {
			n := float64(len(r.Replicas))
			if r.Client != nil {
				calls += float64(count * s.operations(r.Client, 4) * 2 * (n + 1)) // an entry and its answer for each follower
			} else {
				calls += float64(seconds(s.Run.Duration) / seconds(r.Heartbeat) * 2 * n)
			}
		}
		if p := g.Protocols.Value.PBFT; p != nil && p.Client != nil {
			n := float64(len(p.Replicas))
			calls += float64(count * s.operations(p.Client, 5) * 2 * n * n)
		}
	}
	return calls
}

// operations estimates how many a client asks for, each of which takes so many
// message delays.
func (s *Scenario) operations(c *client.Config, delays int64) float64 {
	stop := s.Run.Duration
	if c.Stop > 0 {
		stop = min(stop, c.Stop)
	}
	lasting := seconds(max(stop-c.Start, 0))
	takes := seconds(max(time.Duration(delays)*s.typicalLatency(), time.Microsecond))
	n := 0.0
	switch {
	case c.Closed != nil:
		n = lasting * float64(c.Closed.Concurrency) / (seconds(c.Closed.Think) + takes)
	case c.Constant != nil:
		n = lasting * float64(c.Constant.Rate.Count) / seconds(c.Constant.Rate.Per)
	case c.Poisson != nil:
		n = lasting * float64(c.Poisson.Rate.Count) / seconds(c.Poisson.Rate.Per)
	case c.Bursts != nil:
		n = lasting * float64(c.Bursts.Size) / seconds(c.Bursts.Every)
	case c.Trace != nil:
		n = float64(len(c.Trace.Instants))
	}
	if c.Ramp != nil {
		n /= 2
	}
	if c.Operations > 0 {
		n = min(n, float64(c.Operations))
	}
	return n
}

// typicalLatency is about how long a message takes.
func (s *Scenario) typicalLatency() time.Duration {
	l := &s.base.Network.Default.Latency
	if l.Zoned && s.base.Network.Zones != nil {
		return 70 * time.Millisecond // between two regions of the world
	}
	return max(l.Base, l.Floor)
}
