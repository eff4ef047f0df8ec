package dht

import (
	"slices"

	"meshsim/protocols"
)

// New describes a distributed hash table with this configuration. It panics if
// Validate finds a problem in it.
func New(c Config) *protocols.Protocol {
	if p := c.Validate(); p != nil {
		panic("dht: " + p[0].Error())
	}
	return &protocols.Protocol{
		Name:         "dht",
		Kinds:        kindNames,
		Timers:       timerNames,
		Observations: observationNames,
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			return newNodes(c, w, ids)
		},
		Decode:   decode,
		Lies:     lies,
		Alter:    alter,
		Checkers: checkersOf(c),
		Probe:    func(p protocols.ProbeConfig) protocols.Probe { return newProbe(c, p) },
		Metrics:  metrics,
	}
}

// defaultSeeds is how many members are seeds if none are named.
const defaultSeeds = 8

// newNodes makes the states side by side.
func newNodes(c Config, w protocols.World, ids []protocols.NodeID) protocols.Nodes {
	s := &shared{Config: c, nodes: w.Nodes, seeds: c.Seeds, again: w.Again}
	if len(s.seeds) == 0 {
		s.seeds = w.Members[:min(len(w.Members), defaultSeeds)]
	}
	ready := c.Ring == "ready" && !w.Again
	var ring []spot
	if ready || c.Table == "full" {
		ring = spots(w.Members, c.Virtual)
	}
	if c.Table == "full" {
		s.ring, s.hosts = ring, spots(w.Members, 1)
	}
	states := make([]node, len(ids))
	points := make([]point, len(ids)*c.Virtual)
	for i := range states {
		n := &states[i]
		n.shared, n.self = s, ids[i]
		n.points = points[i*c.Virtual : (i+1)*c.Virtual : (i+1)*c.Virtual]
		for v := range n.points {
			self := Peer{n.self, uint16(v)}
			n.points[v] = point{self: self, place: Place(self), pred: nobody, successors: []Peer{self}}
		}
		switch {
		case ready:
			n.ready(ring)
		case n.starts():
			n.ready(spots([]protocols.NodeID{n.self}, c.Virtual))
		}
	}
	return protocols.NodesOf(states)
}

// starts reports whether the node is the one that starts a ring that is joined.
func (n *node) starts() bool { return !n.again && n.Ring == "join" && n.seeds[0] == n.self }

// ready gives each place of the node its neighbours and fingers on a ring.
func (n *node) ready(ring []spot) {
	size := len(ring)
	for v := range n.points {
		p := &n.points[v]
		at := follows(ring, p.place)
		p.joined = true
		p.small = size <= n.Successors
		if size == 1 {
			continue
		}
		p.pred = ring[(at+size-1)%size].peer
		p.successors = make([]Peer, 0, min(n.Successors, size-1))
		for k := 1; k <= cap(p.successors); k++ {
			p.successors = append(p.successors, ring[(at+k)%size].peer)
		}
		if n.Table == "fingers" {
			p.fingers = slices.Clip(fingersOf(p, ring))
		}
	}
}

// fingersOf are the fingers of a place, from the farthest to the last that is not
// the successor.
func fingersOf(p *point, ring []spot) []Peer {
	list := make([]Peer, 0, 64)
	for i := range 64 {
		start := p.place + 1<<(63-i)
		if within(start, p.place, Place(p.successor())) {
			break
		}
		list = append(list, ring[follows(ring, start)].peer)
	}
	return list
}
