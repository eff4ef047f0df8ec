package scenarios

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/discovery"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// Discovery is what nodes run that join a mesh.
type Discovery struct {
	discovery.Config `key:",inline"`
	Seeds            Selector `key:"seeds" required:"true" example:"core-0..core-2" doc:"through whom nodes join: named members that run discovery, too"`
}

// lacksDiscovery says what a node would have to run to join.
func lacksDiscovery(p *Protocols) string {
	if p.Discovery == nil {
		return "discovery: {seeds: core-0}"
	}
	return ""
}

// maxSeeds bounds the list that each node draws from.
const maxSeeds = 1000

// compileSeeds tells nodes through whom they join, and whether heartbeat watches their
// peers.
func (c *compiler) compileSeeds() {
	found := map[string][]protocols.NodeID{} // by where they are written; looked up only
	for i := range c.Nodes {
		p := &c.Nodes[i].Value.Protocols.Value
		d := p.Discovery
		if d == nil {
			continue
		}
		d.Detector = p.Heartbeat != nil
		path := "nodes." + c.Nodes[i].Key + ".protocols.discovery.seeds"
		if !c.Written(path) {
			path = "protocols.discovery.seeds"
		}
		if _, known := found[path]; !known {
			found[path] = c.seeds(d.Seeds, path)
		}
		d.Config.Seeds = found[path]
	}
}

// seeds finds the nodes that are named as seeds.
func (c *compiler) seeds(s Selector, path string) []protocols.NodeID {
	if c.Failed(path) {
		return nil
	}
	list, ok := c.members(s, path, lacksDiscovery)
	if ok && len(list) > maxSeeds {
		c.Report(path, "names %d nodes; the most is %d: a few are enough", len(list), maxSeeds)
	}
	return list
}

// Departure is a stream of nodes that leave in order, or come back.
type Departure struct {
	Nodes Selector `key:"nodes" short:"true" required:"true" example:"edge-0..edge-9" doc:"who; with a rate, one drawn each time, without, all of them at start"`
	Flow  `key:",inline"`
}

func (c *compiler) compileDeparture(l *Traffic, d *Departure, path, protocol string, lacks func(*Protocols) string, m protocols.Message) {
	to, ok := c.members(d.Nodes, path+".nodes", lacks)
	if !ok {
		return
	}
	next := func(*draw.Rand) protocols.Message { return m }
	if d.Rate.Count > 0 {
		c.load(l, protocol, to, next)
		return
	}
	start := l.Start
	c.loads = append(c.loads, func() sim.Feed { return &volley{at: start, to: to, protocol: protocol, next: next} })
}

// joiningCalls estimates how often a node that runs discovery is called.
func joiningCalls(d *discovery.Config, active time.Duration, members int) float64 {
	per := func(period time.Duration, calls float64) float64 {
		return float64(seconds(active) / seconds(period) * calls)
	}
	links := float64(d.DegreeMin+d.DegreeMax) / 2
	if d.View == "full" {
		links = float64(members)
	}
	calls := 60 + per(d.KeepAlive, 1+links) + per(d.Announce, 1+links) + per(d.Shuffle, 4+float64(d.ActiveWalk))
	if d.Optimise != nil {
		calls += per(d.Optimise.Interval, 8)
	}
	return calls
}
