package sim

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Byzantine makes nodes misbehave while it lasts. Their protocols must have been
// wrapped for it; see package byzantine.
type Byzantine struct {
	Nodes     Selector
	To        *Selector // whom they deceive, drawn with them; nil: everybody
	Most      int       // different nodes that it strikes altogether, the first ones; 0: no limit
	Protocol  string    // only as far as they run this one; "": all of their stack
	Behaviour protocols.Behaviour
}

// corrupt draws the liars and whom they deceive, and sends each its order. The
// kernel draws for them all, so those who collude are told of one another.
func (s *stroke) corrupt(f *Byzantine) {
	c := &protocols.Corruption{Behaviour: f.Behaviour, Nodes: s.k.affordable(f, s.pick(f.Nodes)), Key: s.key}
	if f.To != nil {
		c.To = append([]protocols.NodeID{}, s.pick(*f.To)...)
	}
	s.k.remember(s.fault, "byzantine", s.at, s.until, len(c.Nodes))
	for _, id := range c.Nodes {
		s.order(id, s.at, &nodeOrder{verb: orderCorrupt, strike: s.id, fault: s.fault, corruption: c})
		if s.until < s.k.end {
			s.order(id, s.until, &nodeOrder{verb: orderReform, strike: s.id, fault: s.fault, corruption: c})
		}
	}
}

// affordable are the nodes that an adversary can still strike who may strike only
// so many: those that it struck before, and others while there is room.
func (k *kernel) affordable(f *Byzantine, nodes []protocols.NodeID) (list []protocols.NodeID) {
	if f.Most == 0 {
		return nodes
	}
	had := k.struck[f]
	for _, id := range nodes {
		i, known := slices.BinarySearch(had, id)
		if !known && len(had) == f.Most {
			continue
		}
		if !known {
			had = slices.Insert(had, i, id)
		}
		list = append(list, id)
	}
	if k.struck == nil {
		k.struck = map[*Byzantine][]protocols.NodeID{}
	}
	k.struck[f] = had
	return list
}

// corrupt puts a corruption in force on a node. One that is down, or has not
// booted, is told when it boots.
func (w *worker) corrupt(n *nodeState, id uint32, at int64, o *nodeOrder) {
	x := w.extras(id)
	x.corruptions = append(x.corruptions, o)
	n.chain = link(n.chain, o.corruption.Key, at, uint64(id)<<32|7)
	if o.corruption.Behaviour.Lies() {
		w.observeNode(id, at, protocols.NodeCorrupted, uint64(len(x.corruptions)))
	}
	w.traceByzantine(id, at, o, "begin")
	if w.k.booted && n.flags&nodeDown == 0 {
		w.turn(n, id, at, o, true, true)
	}
}

// reform lifts a corruption.
func (w *worker) reform(n *nodeState, id uint32, at int64, o *nodeOrder) {
	x := w.extras(id)
	x.corruptions = slices.DeleteFunc(x.corruptions, func(p *nodeOrder) bool { return p.corruption == o.corruption })
	n.chain = link(n.chain, o.corruption.Key, at, uint64(id)<<32|8)
	w.traceByzantine(id, at, o, "end")
	if n.flags&nodeDown == 0 {
		w.turn(n, id, at, o, false, true)
	}
}

// recorrupt tells a node that boots what is in force.
func (w *worker) recorrupt(n *nodeState, id uint32, at int64) {
	if n.extras < 0 {
		return
	}
	for _, o := range w.more[n.extras].corruptions {
		w.turn(n, id, at, o, true, false)
	}
}

// turn tells the protocols that the fault is about, whether or not they have
// started.
func (w *worker) turn(n *nodeState, id uint32, at int64, o *nodeOrder, on, started bool) {
	g := &w.k.groups[n.group]
	key := draw.Derive(o.corruption.Key^g.member(id), uint64(w.incarnation(n))<<1|oneIf(on))
	for slot, protocol := range g.numbers {
		name := w.k.protocolName(protocol)
		if f := o.fault.Byzantine; f.Protocol != "" && f.Protocol != name {
			continue
		}
		key := child(key, domainStrike, w.k.table.labels[protocol])
		node, ok := w.begin(n, id, at, protocol, key).(protocols.Corruptible)
		if all, can := g.nodes[slot].(protocols.CorruptibleNodes); !ok && can && n.flags&nodeReborn == 0 {
			node, ok = all.Corruptible(int(id-g.start), started), true
		}
		if !ok {
			panic(fmt.Sprintf("sim: fault %q makes node %d Byzantine, but its %s is not wrapped for it", o.fault.Name, id, name))
		}
		node.Corrupt(&w.env, o.corruption, on)
		w.effects(n, id, at, at, protocol, key)
	}
}

func oneIf(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func (w *worker) traceByzantine(id uint32, at int64, o *nodeOrder, what string) {
	if w.k.tracer != nil {
		w.trace(TraceEvent{At: protocols.Time(at), What: TraceByzantine, Node: protocols.NodeID(id), Protocol: protocols.NodeProtocol,
			Name: o.corruption.Behaviour.String() + ": " + what})
	}
}

// deceives notes who lies, and reports whether an observation comes from
// such a node, so that checkers do not see it.
func (k *kernel) deceives(r *observed) bool {
	if r.protocol == internal {
		if r.Kind == protocols.NodeCorrupted {
			if k.corrupted == nil {
				k.corrupted = newNodeSet(len(k.states), nil)
			}
			k.corrupted.add(r.node)
		}
		return false
	}
	return k.corrupted != nil && k.corrupted.has(r.node)
}

// byzantine lists the nodes that faults make lie by name.
func (k *kernel) byzantine() []protocols.NodeID {
	var list []protocols.NodeID
	for i := range k.cfg.Faults {
		f := k.cfg.Faults[i].Byzantine
		switch {
		case f == nil || !f.Behaviour.Lies() || f.Nodes.Observed != "" || f.Nodes.Count > 0 || f.Nodes.Share > 0:
		case f.Nodes.From == nil:
			return k.everybody()
		default:
			list = append(list, f.Nodes.From...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// check finds what cannot be.
func (f *Byzantine) check(c *Config) error {
	runs := func(p *protocols.Protocol) bool { return p.Name == f.Protocol }
	switch {
	case f.Behaviour == nil:
		return fmt.Errorf("its nodes have no behaviour; give them one of package byzantine")
	case f.Protocol != "" && !slices.ContainsFunc(c.Groups, func(g Group) bool { return slices.ContainsFunc(g.Stack, runs) }):
		return fmt.Errorf("no node runs the protocol %q", f.Protocol)
	}
	return counts("the number of nodes that it may strike", int64(f.Most), 0, maxNodes)
}
