package scenarios

import (
	"encoding/binary"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/gossip"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Traffic is an entry of the workload: what enters the mesh, and when.
type Traffic struct {
	Start   time.Duration `key:"start" default:"0s" doc:"when the first one enters"`
	Stop    time.Duration `key:"stop" doc:"when no more enter; without it the end of the run"`
	Publish *Publish      `key:"publish" one:"workload" doc:"rumors for gossip to spread"`
}

// Publish is a stream of rumors.
type Publish struct {
	From Selector    `key:"from" required:"true" example:"core-0" doc:"who publishes; of several nodes one is drawn for each rumor"`
	Size strict.Size `key:"size" default:"64B" min:"8B" max:"1MiB" doc:"of a rumor"`
	Flow `key:",inline"`
}

// Flow says how many there are and when.
type Flow struct {
	Rate     strict.Rate `key:"rate" doc:"how often; without it a single one enters, at start"`
	Arrivals string      `key:"arrivals" default:"regular" enum:"regular,poisson" doc:"regular: at equal distances; poisson: independently, so that distances are exponential"`
	Count    int         `key:"count" default:"0" doc:"at most so many; 0 is no limit"`
}

// A loadPlan makes the kernel's workload afresh for each run, because it has
// state.
type loadPlan func() sim.Workload

func (c *compiler) compileWorkload() {
	for i := range c.Workload {
		l := &c.Workload[i]
		path := indexed("workload", i)
		if l.Stop == 0 {
			l.Stop = c.Run.Duration
		}
		switch {
		case l.Start >= c.Run.Duration:
			c.Report(path+".start", "%v is not before the end of the run at %v, so nothing would enter", l.Start, c.Run.Duration)
		case l.Stop <= l.Start:
			c.Report(path+".stop", "%v is not after the start at %v", l.Stop, l.Start)
		}
		if l.Publish != nil {
			c.compilePublish(l, path)
		}
	}
}

func (c *compiler) compilePublish(l *Traffic, path string) {
	p := l.Publish
	path += ".publish"
	from, ok := c.pickFixed(p.From, path+".from")
	if !ok || !c.allRun(from.from, "gossip", path+".from") {
		return
	}
	if limit := c.smallestMessage(); int(p.Size) > limit {
		c.Report(path+".size", "%d bytes do not fit into a gossip message of protocols.gossip.max_message_bytes, %d", p.Size, limit)
	}
	start, stop, size := l.Start, min(l.Stop, c.Run.Duration), int(p.Size)
	ids := from.from.ids()
	c.loads = append(c.loads, func() sim.Workload {
		return &stream{Flow: p.Flow, start: start, stop: stop, next: func(r *draw.Rand) sim.Injection {
			payload := make([]byte, size)
			binary.LittleEndian.PutUint64(payload, r.Uint64())
			return sim.Injection{To: ids[r.IntN(len(ids))], Protocol: "gossip", Message: gossip.NewPublish(payload)}
		}}
	})
}

// smallestMessage is the least size that a node's gossip messages are bounded
// to, less room for their heads.
func (c *compiler) smallestMessage() int {
	const head = 64
	least := 1 << 30
	for i := range c.Nodes {
		if g := c.Nodes[i].Value.Protocols.Value.Gossip; g != nil {
			least = min(least, g.MaxMessageBytes)
		}
	}
	return least - head
}

// allRun reports nodes that do not run a protocol.
func (c *compiler) allRun(nodes set, protocol, path string) bool {
	if c.Failed("protocols") || c.Failed("nodes") {
		return false
	}
	for i, g := range c.plan.groups {
		if len(nodes.intersect(newSet(g.span))) > 0 && !c.runs(g.lo, protocol) {
			c.Report(path, "nodes of %s do not run %s; write protocols: {%s: {}}, or choose others", c.plan.groups[i].name, protocol, protocol)
			return false
		}
	}
	return true
}

// stream yields injections at a rate.
type stream struct {
	Flow
	start, stop time.Duration
	next        func(r *draw.Rand) sim.Injection

	gap  *draw.Dist
	at   time.Duration
	made int64
}

// Next returns the next message until the stream stops.
func (s *stream) Next(r *draw.Rand) (sim.Injection, bool) {
	if s.Count > 0 && s.made == int64(s.Count) || s.Rate.Count == 0 && s.made == 1 {
		return sim.Injection{}, false
	}
	s.at = s.time(r)
	if s.at >= s.stop {
		return sim.Injection{}, false
	}
	s.made++
	in := s.next(r)
	in.At = s.at
	return in, true
}

// time is when the next message enters.
func (s *stream) time(r *draw.Rand) time.Duration {
	switch {
	case s.Rate.Count == 0:
		return s.start
	case s.Arrivals == "regular":
		return s.start + spaced(s.made, s.Rate)
	case s.gap == nil:
		s.at, s.gap = s.start, gapOf(s.Rate)
	}
	return s.at + time.Duration(s.gap.Sample(r))
}

// spaced is i intervals of a rate, rounded down once.
func spaced(i int64, rate strict.Rate) time.Duration {
	whole, rest := i/rate.Count, i%rate.Count
	return time.Duration(whole)*rate.Per + time.Duration(mulDiv(rest, int64(rate.Per), rate.Count))
}

// gapOf is the distance between independent arrivals.
func gapOf(rate strict.Rate) *draw.Dist {
	d, err := draw.Exponential(0, max(int64(rate.Per)/rate.Count, 1))
	if err != nil {
		return draw.Constant(int64(rate.Per)) // once in years: later than any run
	}
	return d
}

var _ protocols.Message = (*gossip.Publish)(nil)
