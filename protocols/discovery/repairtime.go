package discovery

import (
	"slices"

	"meshsim/protocols"
)

// repairs follows how the mesh makes up for members that crash: each of those that
// are left with fewer links than degree_min must have so many again, to members that
// are up.
type repairs struct {
	*overlay
	least  int
	warmup protocols.Time
	all    []*damage
	short  [][]*damage // by node: what it has not recovered from
}

// damage is what the members that crashed at an instant have done.
type damage struct {
	at, over protocols.Time
	left     int // members that have too few links because of it
}

func newRepairs(c protocols.ProbeConfig, o *overlay, least int) repairs {
	return repairs{overlay: o, least: least, warmup: c.Warmup, short: make([][]*damage, c.Nodes)}
}

// neighboursOf lists whom a crash may concern; to be asked before it is counted.
func (r *repairs) neighboursOf(o protocols.Observed) (list []protocols.NodeID) {
	if o.Protocol != protocols.NodeProtocol || o.Kind != protocols.NodeDown || int(o.Node) >= len(r.edges) {
		return nil
	}
	for _, e := range r.edges[o.Node] {
		list = append(list, e.to)
	}
	return list
}

// observe takes what the overlay has counted already.
func (r *repairs) observe(o protocols.Observed, neighbours []protocols.NodeID) {
	switch node := o.Protocol == protocols.NodeProtocol; {
	case node && o.Kind == protocols.NodeDown && int(o.Node) < len(r.short) && slices.Contains(r.members, o.Node):
		r.recovered(o.Node, o.At)
		r.crashed(o.At, neighbours)
	case !node && o.Kind == Left:
		r.recovered(o.Node, o.At)
	case !node && o.Kind == LinkUp && o.Key < uint64(len(r.short)):
		r.look(o.Node, o.At)
		r.look(protocols.NodeID(o.Key), o.At)
	}
}

// crashed notes who is short of links because of a member that is down.
func (r *repairs) crashed(at protocols.Time, neighbours []protocols.NodeID) {
	if at < r.warmup {
		return
	}
	if n := len(r.all); n == 0 || r.all[n-1].at != at {
		r.all = append(r.all, &damage{at: at, over: at})
	}
	d := r.all[len(r.all)-1]
	for _, id := range neighbours {
		if r.honest(id) && r.state[id].in && r.working(id) < r.least && !slices.Contains(r.short[id], d) {
			r.short[id] = append(r.short[id], d)
			d.left++
		}
	}
}

// working is how many links of a member are known at both ends, which are up.
func (r *repairs) working(id protocols.NodeID) (n int) {
	for _, e := range r.edges[id] {
		if e.alone < 0 && r.present(e.to) {
			n++
		}
	}
	return n
}

func (r *repairs) look(id protocols.NodeID, at protocols.Time) {
	if len(r.short[id]) > 0 && r.working(id) >= r.least {
		r.recovered(id, at)
	}
}

// recovered strikes a member off those that are short, or that are no members any more.
func (r *repairs) recovered(id protocols.NodeID, at protocols.Time) {
	for _, d := range r.short[id] {
		if d.left--; d.left == 0 {
			d.over = at
		}
	}
	r.short[id] = nil
}
