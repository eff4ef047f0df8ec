package partition

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

// mode is what a node lets the other protocols on it do.
type mode uint8

const (
	readOnly    mode = iota
	reconciling      // read-only still, as long as they catch up
	writable
)

// permitted reports whether the node may write as far as the mesh is concerned.
func (n *node) permitted() bool { return n.permit > n.lapsed && !n.reach.suspects }

// review turns writing off at once, and on when all have caught up. cause is why
// the permit may have gone.
func (n *node) review(env *protocols.Env, cause Cause) {
	switch {
	case n.permitted() && n.mode == readOnly && n.mutant != staysReadOnly:
		n.mode, n.asked, n.behind = reconciling, false, 0
		n.generation++
		env.Observe(Back, uint64(n.epoch), 0)
		env.Announce(protocols.Event{Kind: protocols.Reconcile, ID: n.generation})
		env.SetTimer(protocols.Timer(settleTimer, 0), time.Microsecond)
		env.SetTimer(protocols.Timer(limitTimer, 0), n.Reconcile)
	case !n.permitted() && n.mode != readOnly:
		if n.mode == writable {
			env.Observe(ReadOnly, uint64(n.epoch), uint64(cause))
			env.Announce(protocols.Event{Kind: protocols.ReadOnlyOn})
		}
		n.mode = readOnly
		env.StopTimer(protocols.Timer(settleTimer, 0))
		env.StopTimer(protocols.Timer(limitTimer, 0))
	}
}

// hearReconciled counts the protocols on the node that have to catch up, and do.
func (n *node) hearReconciled(env *protocols.Env, e protocols.Event) {
	if n.mode != reconciling || e.ID != n.generation {
		return
	}
	if e.Kind == protocols.Behind {
		n.behind++
		return
	}
	n.behind = max(n.behind-1, 0)
	n.settle(env)
}

// settle ends read-only mode when no protocol on the node has to catch up.
func (n *node) settle(env *protocols.Env) {
	if n.mode == reconciling && n.asked && n.behind == 0 {
		n.open(env)
	}
}

// hurry ends it although some have.
func (n *node) hurry(env *protocols.Env) {
	if n.mode == reconciling {
		env.Observe(Hurried, uint64(n.epoch), uint64(n.behind))
		n.open(env)
	}
}

func (n *node) open(env *protocols.Env) {
	n.mode = writable
	env.StopTimer(protocols.Timer(limitTimer, 0))
	env.Observe(Writable, uint64(n.epoch), 0)
	env.Announce(protocols.Event{Kind: protocols.ReadOnlyOff})
}

// Waits says what keeps the node read-only.
func (n *node) Waits() string {
	reached, known := n.reaches()
	switch {
	case n.mode == writable:
		return ""
	case n.mode == reconciling:
		return fmt.Sprintf("%d protocols that catch up", n.behind)
	case n.reach.suspects:
		return fmt.Sprintf("a majority: it reaches %d of %d peers", reached, known)
	case n.reign != nil:
		return fmt.Sprintf("pledges of %d of %d members to its claim", n.needed, n.n)
	case len(n.pledges) > 0 && n.epoch != 0:
		return fmt.Sprintf("node %d, by which it stands, to have a quorum of %d", n.epoch.Coordinator(), n.needed)
	case len(n.pledges) > 0:
		return "the end of a pledge that it may have made before it started"
	}
	return "somebody to claim"
}
