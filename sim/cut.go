package sim

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// cut is a partition in force: which side each node is on.
type cut struct {
	strike int
	fault  string
	side   []uint8 // 0: talks to all sides
	oneWay bool
}

// partition puts the cut in force and plans its end, or the ends and beginnings
// of one that flaps.
func (s *stroke) partition(p *Partition) {
	k := s.k
	c := s.sides(p)
	k.remember(s.fault, "partition", s.at, s.until, c.minority())
	s.cutUntil(c, p, s.at)
}

// cutUntil cuts from at on, for the fault's whole time or for one down phase.
func (s *stroke) cutUntil(c *cut, p *Partition, at int64) {
	k := s.k
	k.cuts = append(k.cuts, c)
	k.traceCut(c, at, TracePartition)
	if len(k.cuts) == 1 {
		k.observeMesh(protocols.MeshParted, at)
	}
	k.disturb()
	until := s.until
	if p.Down > 0 {
		until = min(until, at+int64(p.Down))
	}
	if until >= k.end {
		return
	}
	k.timeline.add(until, rankEnd, func(at int64) {
		k.traceCut(c, at, TraceHeal)
		if k.cuts = dropCut(k.cuts, c); len(k.cuts) == 0 {
			k.observeMesh(protocols.MeshHealed, at)
		}
		k.disturb()
		again := at + int64(p.Up)
		if p.Down > 0 && again < s.until {
			k.timeline.add(max(again, at+1), rankBegin, func(at int64) { s.cutUntil(c, p, at) })
		}
	})
}

func dropCut(cuts []*cut, c *cut) []*cut {
	for i := range cuts {
		if cuts[i] == c {
			return append(cuts[:i:i], cuts[i+1:]...)
		}
	}
	return cuts
}

// traceCut tells of each node that a partition puts on a side.
func (k *kernel) traceCut(c *cut, at int64, what TraceKind) {
	k.scripted++
	if k.tracer == nil {
		return
	}
	p := place{at: at, from: scripted, seq: k.scripted << 8}
	for id, side := range c.side {
		if side == 0 {
			continue
		}
		r := &k.workers[0].records
		r.traced = append(r.traced, traced{p, TraceEvent{At: protocols.Time(at), What: what, Node: protocols.NodeID(id),
			Protocol: protocols.NodeProtocol, Name: c.fault, Item: uint64(c.strike), Value: uint64(side)}})
		p.n++
	}
}

// sides draws who is on which side.
func (s *stroke) sides(p *Partition) *cut {
	c := &cut{strike: s.id, fault: s.fault.Name, side: make([]uint8, len(s.k.states)), oneWay: p.OneWay}
	for i, sel := range p.Sides {
		for _, id := range s.pick(sel) {
			c.side[id] = uint8(i + 1)
		}
	}
	if !p.Bystanders {
		rest := uint8(len(p.Sides) + 1)
		for id := range c.side {
			if c.side[id] == 0 {
				c.side[id] = rest
			}
		}
	}
	if p.Bridge != nil {
		for _, id := range s.pick(*p.Bridge) {
			c.side[id] = 0
		}
	}
	return c
}

// minority is the number of nodes that are on a side but not on the largest.
func (c *cut) minority() int {
	var sizes [256]int
	for _, side := range c.side {
		sizes[side]++
	}
	n := len(c.side) - sizes[0]
	return n - slices.Max(sizes[1:])
}

// stops reports whether the cut stops a message.
func (c *cut) stops(from, to uint32) bool {
	a, b := c.side[from], c.side[to]
	if a == b || a == 0 || b == 0 {
		return false
	}
	return !c.oneWay || a < b
}

// cut reports whether a partition in force stops a message.
func (k *kernel) cut(from, to uint32) bool {
	for _, c := range k.cuts {
		if c.stops(from, to) {
			return true
		}
	}
	return false
}

// disturb notes whether any fault touches the network as a whole.
func (k *kernel) disturb() { k.disturbed = len(k.cuts)+len(k.degrades) > 0 }

// degrade is a degrade fault in force.
type degrade struct {
	*Degrade
	key      uint64
	from, to nodeSet
}

// nodeSet is a bit for each node.
type nodeSet []uint64

func newNodeSet(n int, ids []protocols.NodeID) nodeSet {
	s := make(nodeSet, (n+63)/64)
	for _, id := range ids {
		s[id/64] |= 1 << (id % 64)
	}
	return s
}

func (s nodeSet) add(id uint32) { s[id/64] |= 1 << (id % 64) }

func (s nodeSet) has(id uint32) bool { return s[id/64]>>(id%64)&1 != 0 }

// degrade puts a degrade fault in force and plans its end.
func (s *stroke) degrade(f *Degrade) {
	k := s.k
	from, to := s.pick(f.From), s.pick(f.To)
	d := &degrade{Degrade: f, key: s.key, from: newNodeSet(len(k.states), from), to: newNodeSet(len(k.states), to)}
	k.remember(s.fault, "degrade", s.at, s.until, len(from))
	k.degrades = append(k.degrades, d)
	k.disturb()
	if s.until >= k.end {
		return
	}
	k.timeline.add(s.until, rankEnd, func(int64) {
		for i := range k.degrades {
			if k.degrades[i] == d {
				k.degrades = append(k.degrades[:i:i], k.degrades[i+1:]...)
				break
			}
		}
		k.disturb()
	})
}

func (d *degrade) touches(from, to uint32) bool {
	return d.from.has(from) && d.to.has(to) || d.Both && d.from.has(to) && d.to.has(from)
}

// degradation is what all degrade faults in force do to one message.
type degradation struct {
	delay                    int64
	loss, duplicate, corrupt draw.Probability
	bandwidth                draw.Probability // 0: all of it
}

// degraded sums up the degrade faults that touch a message.
func (w *worker) degraded(id uint32, o *outgoing) degradation {
	var x degradation
	for _, d := range w.k.degrades {
		if !d.touches(id, o.to) {
			continue
		}
		delay := int64(d.Latency)
		if d.Jitter != nil {
			r := draws(o.key^d.key, domainDegrade)
			delay += min(max(d.Jitter.Sample(&r), 0), never)
		}
		x.delay = min(x.delay+delay, never)
		x.loss = either(x.loss, d.Loss)
		x.duplicate = either(x.duplicate, d.Duplicate)
		x.corrupt = either(x.corrupt, d.Corrupt)
		if d.Bandwidth != 0 && (x.bandwidth == 0 || d.Bandwidth < x.bandwidth) {
			x.bandwidth = d.Bandwidth
		}
	}
	return x
}

// pipe is a pipe with the rate that is left.
func (x *degradation) pipe(p Pipe) Pipe {
	if x.bandwidth != 0 && p.BitsPerSecond > 0 {
		p.BitsPerSecond = max(1, int64(mulHigh(uint64(x.bandwidth), uint64(p.BitsPerSecond))))
	}
	return p
}
