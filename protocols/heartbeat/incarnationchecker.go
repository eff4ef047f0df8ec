package heartbeat

import (
	"fmt"

	"meshsim/protocols"
)

// incarnations watches the members' incarnations: their own, and what others say.
type incarnations struct {
	*truth
	own   []uint64      // the highest that each has begun
	now   []uint64      // and the one in which it is
	known map[pair]view // looked up only
	asked uint64
}

// pair is a member and whom it speaks of, by their places.
type pair struct{ by, of uint32 }

// view is the last incarnation that a member spoke of, in one of its lives.
type view struct {
	life        uint32
	incarnation uint64
}

func newIncarnations(pc protocols.ProbeConfig) *incarnations {
	n := len(pc.Members)
	return &incarnations{truth: newTruth(pc), own: make([]uint64, n), now: make([]uint64, n), known: map[pair]view{}}
}

// Wants lists the kinds that are needed.
func (c *incarnations) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Suspected, Trusted, Failed, Incarnated}
}

// Tally is the number of statements about others.
func (c *incarnations) Tally() uint64 { return c.asked }

// Observe holds an incarnation against those before it.
func (c *incarnations) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		if i, ok := c.happen(o); ok && o.Kind == protocols.NodeUp {
			c.now[i] = 0
		}
		return ""
	}
	by, ok := c.place(o.Node)
	if !ok {
		return ""
	}
	if o.Kind == Incarnated {
		if o.Value <= c.now[by] {
			return fmt.Sprintf("node %d begins incarnation %d while it is in %d", o.Node, o.Value, c.now[by])
		}
		c.now[by], c.own[by] = o.Value, max(c.own[by], o.Value)
		return ""
	}
	return c.said(o, by)
}

// said looks at what a member says of another. One of which nobody knows anything is
// taken to be in its first incarnation, though it may not have booted yet.
func (c *incarnations) said(o protocols.Observed, by int) string {
	of, ok := c.place(protocols.NodeID(o.Key))
	if !ok {
		return fmt.Sprintf("node %d speaks of node %d, which is no member", o.Node, o.Key)
	}
	c.asked++
	if o.Value > max(c.own[of], 1) && !c.nodes[of].lies {
		return fmt.Sprintf("node %d speaks of node %d in incarnation %d, which has begun none above %d", o.Node, o.Key, o.Value, c.own[of])
	}
	p, life := pair{uint32(by), uint32(of)}, c.nodes[by].lives
	if v := c.known[p]; v.life == life && o.Value < v.incarnation {
		return fmt.Sprintf("node %d goes back from incarnation %d of node %d to %d", o.Node, v.incarnation, o.Key, o.Value)
	}
	c.known[p] = view{life, o.Value}
	return ""
}
