package pbft

import (
	"fmt"

	"meshsim/protocols"
)

// writes says whether another protocol on the node, such as partition handling,
// forbids to write. A replica then takes no requests that write, and no events;
// it takes part in all else, so it executes what the others have ordered. Nobody
// need be told: clients ask all replicas, and a quorum that may write goes on; if
// the primary may not, the others change the view. Reads are served. A client
// sends no writes.
type writes struct {
	forbidden bool
	told      bool // another protocol on the node says such things at all
}

func (w *writes) hear(env *protocols.Env, e protocols.Event) {
	if e.Kind != protocols.ReadOnlyOn && e.Kind != protocols.ReadOnlyOff || w.forbidden == (e.Kind == protocols.ReadOnlyOn) {
		return
	}
	w.forbidden, w.told = !w.forbidden, true
	value := uint64(0)
	if w.forbidden {
		value = 1
	}
	env.Observe(WritesForbidden, 0, value)
}

// takes tells checkers of a write that the node lets in.
func (w *writes) takes(env *protocols.Env, m *Request) {
	if w.told && m.writes() {
		env.Observe(Took, short(m.digest), 0)
	}
}

// turnsAway refuses a write while they are forbidden.
func (w *writes) turnsAway(env *protocols.Env, timestamp uint64) bool {
	if w.forbidden {
		env.Observe(TurnedAway, timestamp, 0)
	}
	return w.forbidden
}

// readOnly remembers which nodes may not write.
type readOnly struct {
	*judge
	forbidden map[protocols.NodeID]bool
}

// Wants lists the kinds that are needed.
func (c *readOnly) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{WritesForbidden, Took}
}

// Observe returns how the property is broken.
func (c *readOnly) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol && o.Kind == protocols.NodeDown {
		delete(c.forbidden, o.Node)
	}
	switch {
	case !c.client(o):
	case o.Kind == WritesForbidden:
		c.forbidden[o.Node] = o.Value == 1
	case o.Kind == Took && c.forbidden[o.Node]:
		return fmt.Sprintf("node %d is read-only, and takes request %016x", o.Node, o.Key)
	}
	return ""
}
