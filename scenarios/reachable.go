package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols/draw"
)

// A seed that no message reaches is as good as none: who is cut off from all of its
// seeds for the whole run asks in vain, without end. That may be what a scenario is
// about, so it is warned of and not refused.

// checkSeeds warns of nodes that no seed can ever let in.
func (c *compiler) checkSeeds() {
	for i := range c.Nodes {
		seeds := c.seedsOf(i)
		alone, why := set{c.plan.groups[i].span}.minus(seeds), ""
		for _, id := range seeds.ids() {
			away, cause := c.neverReaches(set{{id, id + 1}})
			alone = alone.intersect(away)
			if cause != "" {
				why = cause
			}
		}
		if n := alone.count(); n > 0 && len(seeds) > 0 {
			c.Warn(c.whereIn(c.Nodes[i].Key, "discovery.seeds"), "none of them can let in %s and so %d of %s: %s for the whole run; write for: there, or a seed that they reach",
				c.NodeName(alone[0].lo), n, c.Nodes[i].Key, why)
		}
	}
}

// seedsOf are the seeds of the i-th group; none if it does not run discovery.
func (c *compiler) seedsOf(i int) (s set) {
	if d := c.Nodes[i].Value.Protocols.Value.Discovery; d != nil {
		for _, id := range d.Config.Seeds {
			s = append(s, span{id, id + 1})
		}
	}
	return newSet(s...)
}

// neverReaches are the nodes between which and a seed no message passes in both
// directions, from the beginning of the run to its end, and why.
func (c *compiler) neverReaches(seed set) (away set, why string) {
	add := func(s set, format string, args ...any) {
		if len(s) > 0 {
			away, why = newSet(append(away, s...)...), fmt.Sprintf(format, args...)
		}
	}
	for i := range c.Faults {
		f := &c.Faults[i]
		if !f.lastsThroughout(c.Run.Duration) {
			continue
		}
		switch {
		case f.Crash != nil:
			add(c.gone(seed, f.Crash.Nodes), "fault %s has them down", f.Name)
		case f.Pause != nil:
			add(c.gone(seed, f.Pause.Nodes), "fault %s freezes them", f.Name)
		case f.Partition != nil && f.Partition.Flapping == nil:
			add(c.behind(seed, f.Partition), "fault %s cuts them off", f.Name)
		case f.Byzantine != nil && f.Byzantine.mute():
			add(c.gone(seed, f.Byzantine.Nodes), "fault %s keeps them silent", f.Name)
		}
	}
	add(c.lossy(seed), "their links lose all messages")
	return away, why
}

// lastsThroughout reports whether a fault lasts from the beginning of a run to its end.
func (f *Fault) lastsThroughout(run time.Duration) bool {
	return f.At == 0 && (f.For == 0 || f.For >= run || f.For == f.Every)
}

// mute reports whether nodes say nothing to anybody who joins.
func (b *Byzantine) mute() bool {
	return b.Silent != nil && len(b.Silent.Messages) == 0 && len(b.To) == 0 && b.Most == 0 && (b.Protocol == "" || b.Protocol == "discovery")
}

// gone is everybody, if the seed is among the nodes of a fault.
func (c *compiler) gone(seed set, nodes Selector) set {
	s, ok := c.atAllTimes(nodes)
	if !ok || len(s.intersect(seed)) == 0 {
		return nil
	}
	return c.plan.all()
}

// atAllTimes are the nodes that a selector names at all times; ok is false if there are none.
func (c *compiler) atAllTimes(s Selector) (set, bool) {
	var all set
	for i := range s {
		if !s[i].fixed() || s[i].text == "" {
			continue
		}
		if found, err := c.plan.find(&s[i]); err == nil {
			all = newSet(append(all, found...)...)
		}
	}
	return all, len(all) > 0
}

// behind are the nodes that a partition keeps from a seed.
func (c *compiler) behind(seed set, p *Partition) set {
	if bridge, ok := c.atAllTimes(p.Bridge); ok && len(bridge.intersect(seed)) > 0 || len(p.Bridge) > 0 && !ok {
		return nil
	}
	bridge, _ := c.atAllTimes(p.Bridge)
	var sides []set
	for _, s := range p.written() {
		side, ok := c.atAllTimes(s)
		if !ok {
			return nil // drawn, or a role: it may be on any side
		}
		sides = append(sides, side)
	}
	if p.Others == "apart" && (p.OneWay == nil || len(p.OneWay.To) == 0) {
		rest := c.plan.all()
		for _, s := range sides {
			rest = rest.minus(s)
		}
		sides = append(sides, rest)
	}
	var away set
	for i, s := range sides {
		if len(s.intersect(seed)) == 0 {
			continue
		}
		for k, other := range sides {
			if k != i {
				away = newSet(append(away, other...)...)
			}
		}
	}
	return away.minus(bridge)
}

// written are the sides of a partition that are written.
func (p *Partition) written() []Selector {
	switch {
	case len(p.Isolate) > 0:
		return []Selector{p.Isolate}
	case p.OneWay != nil && len(p.OneWay.To) > 0:
		return []Selector{p.OneWay.From, p.OneWay.To}
	case p.OneWay != nil:
		return []Selector{p.OneWay.From}
	}
	return p.Groups
}

// lossy are the nodes whose messages to a seed, or from it, are all lost. The last
// entry that matches a pair counts.
func (c *compiler) lossy(seed set) set {
	var to, from set
	if c.Network.Default.Loss.all() {
		to, from = c.plan.all(), c.plan.all()
	}
	for i := range c.Network.Links {
		l := &c.Network.Links[i]
		for _, ends := range l.directions() {
			sends, receives := c.endOf(ends[0]), c.endOf(ends[1])
			if len(receives.intersect(seed)) > 0 {
				to = to.minus(sends)
				if l.Link.Value.Loss.all() {
					to = newSet(append(to, sends...)...)
				}
			}
			if len(sends.intersect(seed)) > 0 {
				from = from.minus(receives)
				if l.Link.Value.Loss.all() {
					from = newSet(append(from, receives...)...)
				}
			}
		}
	}
	return newSet(append(to, from...)...).minus(seed)
}

// all reports whether every message is lost.
func (l *Loss) all() bool { return l.Bernoulli != nil && l.Bernoulli.P == draw.Always }

// directions are from whom to whom an entry speaks; nil is everybody.
func (l *LinkRule) directions() [][2]Selector {
	if len(l.Between) == 2 {
		return [][2]Selector{{l.Between[0], l.Between[1]}, {l.Between[1], l.Between[0]}}
	}
	return [][2]Selector{{l.From, l.To}}
}

func (c *compiler) endOf(s Selector) set {
	if len(s) == 0 {
		return c.plan.all()
	}
	found, _ := c.atAllTimes(s)
	return found
}
