package scenarios

import (
	"encoding/binary"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/discovery"
	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Traffic is an entry of the workload: what enters the mesh, and when.
type Traffic struct {
	Start       time.Duration `key:"start" default:"0s" doc:"when the first one enters"`
	Stop        time.Duration `key:"stop" doc:"when no more enter; without it the end of the run"`
	Publish     *Publish      `key:"publish" one:"workload" doc:"rumors for gossip to spread"`
	Put         *Put          `key:"put" one:"workload" doc:"writes to the key-value state that gossip.anti_entropy keeps"`
	Set         *Set          `key:"set" one:"workload" doc:"numbers for gossip.aggregation to aggregate"`
	Propose     *Propose      `key:"propose" one:"workload" doc:"values for paxos to choose from"`
	Decide      *Decide       `key:"decide" one:"workload" doc:"proposals for the members of decision to vote on"`
	Leave       *Departure    `key:"leave" one:"workload" doc:"nodes that run discovery, or a dht without it, leave in order: they say so, and are silent from then on"`
	Enter       *Departure    `key:"enter" one:"workload" doc:"nodes join again that have left"`
	Submit      *Submission   `key:"submit" one:"workload" doc:"tasks for nodes that run task"`
	Lookup      *Lookup       `key:"lookup" one:"workload" doc:"keys for the nodes of a dht to locate, read or write"`
	Reconfigure *Reconfigure  `key:"reconfigure" one:"workload" doc:"an operator's orders to a cluster of raft replicas: who votes, and who leads"`
}

// Publish is a stream of rumors.
type Publish struct {
	From Selector    `key:"from" required:"true" example:"core-0" doc:"who publishes; of several nodes one is drawn for each rumor"`
	Size strict.Size `key:"size" default:"64B" min:"8B" max:"1MiB" doc:"of a rumor"`
	Flow `key:",inline"`
}

// Put is a stream of writes.
type Put struct {
	From   Selector         `key:"from" required:"true" example:"core" doc:"who writes; of several nodes one is drawn for each write"`
	Keys   int              `key:"keys" default:"100" min:"1" max:"1000000" doc:"keys that are written to, one drawn for each write"`
	Size   strict.Size      `key:"size" default:"64B" min:"8B" max:"1MiB" doc:"of a value"`
	Delete draw.Probability `key:"delete" default:"0%" doc:"writes that delete the key instead"`
	Flow   `key:",inline"`
}

// Set is a stream of numbers.
type Set struct {
	Nodes Selector `key:"nodes" required:"true" example:"all" doc:"who is given a number; with a rate, one drawn for each, without, all of them at start"`
	Low   int64    `key:"low" default:"0" min:"-1000000000" max:"1000000000" doc:"the smallest number"`
	High  int64    `key:"high" default:"1000000" min:"-1000000000" max:"1000000000" doc:"the largest number; each is drawn uniformly"`
	Flow  `key:",inline"`
}

// Flow says how many there are and when.
type Flow struct {
	Rate     strict.Rate `key:"rate" doc:"how often; without it a single one enters, at start"`
	Arrivals string      `key:"arrivals" default:"regular" enum:"regular,poisson" doc:"regular: at equal distances; poisson: independently, so that distances are exponential"`
	Count    int         `key:"count" default:"0" doc:"at most so many; 0 is no limit"`
}

// flow is that of the entry's verb.
func (l *Traffic) flow() *Flow {
	switch {
	case l.Publish != nil:
		return &l.Publish.Flow
	case l.Put != nil:
		return &l.Put.Flow
	case l.Set != nil:
		return &l.Set.Flow
	case l.Propose != nil:
		return &l.Propose.Flow
	case l.Decide != nil:
		return &l.Decide.Flow
	case l.Leave != nil:
		return &l.Leave.Flow
	case l.Enter != nil:
		return &l.Enter.Flow
	case l.Submit != nil:
		return &l.Submit.Flow
	case l.Lookup != nil:
		return &l.Lookup.Flow
	case l.Reconfigure != nil:
		return &l.Reconfigure.Flow
	}
	return &Flow{}
}

// maxItems bounds what one entry of the workload lets in.
const maxItems = 100_000_000

// A loadPlan starts an entry of the workload.
type loadPlan func() sim.Feed

// Start makes the feed of a run.
func (p loadPlan) Start() sim.Feed { return p() }

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
		if n := l.items(c.Run.Duration); n > maxItems {
			c.Report(path, "about %s messages would enter; the most is %s: write a lower rate, or a count", round(n), round(maxItems))
		}
		switch {
		case l.Publish != nil:
			c.compilePublish(l, path+".publish")
		case l.Put != nil:
			c.compilePut(l, path+".put")
		case l.Set != nil:
			c.compileSet(l, path+".set")
		case l.Propose != nil:
			c.compilePropose(l, path+".propose")
		case l.Decide != nil:
			c.compileDecide(l, path+".decide")
		case l.Leave != nil:
			if c.ringAlone() {
				c.compileDeparture(l, l.Leave, path+".leave", "dht", lacksDHT, dht.NewDepart())
				break
			}
			c.compileDeparture(l, l.Leave, path+".leave", "discovery", lacksDiscovery, discovery.NewLeave())
		case l.Enter != nil:
			c.compileDeparture(l, l.Enter, path+".enter", "discovery", lacksDiscovery, discovery.NewEnter())
		case l.Submit != nil:
			c.compileSubmit(l, i, path+".submit")
		case l.Lookup != nil:
			c.compileLookup(l, path+".lookup")
		case l.Reconfigure != nil:
			c.compileReconfigure(l, path+".reconfigure")
		}
	}
}

// load adds a workload: next makes a message for a node drawn of those.
func (c *compiler) load(l *Traffic, protocol string, to []protocols.NodeID, next func(r *draw.Rand) protocols.Message) {
	flow, start, stop := *l.flow(), l.Start, min(l.Stop, c.Run.Duration)
	c.loads = append(c.loads, func() sim.Feed {
		return &stream{Flow: flow, start: start, stop: stop, next: func(r *draw.Rand) sim.Injection {
			m := next(r)
			return sim.Injection{To: to[r.IntN(len(to))], Protocol: protocol, Message: m}
		}}
	})
}

// members finds nodes that must run something; lacks says what a node would have
// to be declared with to do so, "" if it does.
func (c *compiler) members(s Selector, path string, lacks func(*Protocols) string) ([]protocols.NodeID, bool) {
	p, ok := c.pickFixed(s, path)
	if !ok || c.Failed("protocols") {
		return nil, false
	}
	for i, g := range c.plan.groups {
		if len(p.from.intersect(newSet(g.span))) == 0 || c.Failed("nodes."+g.name+".protocols") {
			continue
		}
		if write := lacks(&c.Nodes[i].Value.Protocols.Value); write != "" {
			c.Report(path, "nodes of %s do not run it; write protocols: {%s}, or choose others", g.name, write)
			return nil, false
		}
	}
	return c.list(p.from), true
}

// payload is size bytes that differ from all others in the first eight.
func payload(size int, r *draw.Rand) []byte {
	b := make([]byte, size)
	binary.LittleEndian.PutUint64(b, r.Uint64())
	return b
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
	if s.at >= s.stop || s.at < 0 {
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
		return draw.Constant(int64(rate.Per)) // one in years: later than any run
	}
	return d
}
