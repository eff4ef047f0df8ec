package raft

import (
	"time"

	"meshsim/protocols"
)

// transfer is the handing over of leadership (dissertation, 3.10).
type transfer struct {
	under bool // it takes no new entries meanwhile
	to    protocols.NodeID
}

// onTransfer begins to hand over: "The prior leader stops accepting new client
// requests [and] fully updates the target server's log to match its own".
func (n *node) onTransfer(env *protocols.Env, m *Transfer) {
	if n.role != leader || n.lead.handing.under {
		return
	}
	to := m.To
	if to == nobody {
		to = n.longest()
	}
	p := n.lead.peer(to)
	if p == nil || !n.config().isVoter(to) {
		return
	}
	n.lead.handing = transfer{under: true, to: to}
	env.SetTimer(protocols.Timer(transferTimer, 0), n.Election)
	if p.match == n.log.last() {
		n.handOver(env)
	} else {
		n.replicate(env, p)
	}
}

// longest is the voter that has most of the log.
func (n *node) longest() protocols.NodeID {
	best, match := nobody, uint64(0)
	for i := range n.lead.peers {
		if p := &n.lead.peers[i]; n.config().isVoter(p.id) && (best == nobody || p.match > match) {
			best, match = p.id, p.match
		}
	}
	return best
}

// handOver tells the target, which has the whole log, to stand for election. It
// may do so at any time from now on, and others will vote for it although they
// hear from this leader: leases of this term are worth nothing any more.
func (n *node) handOver(env *protocols.Env) {
	n.lead.reads.broken = true
	env.Send(n.lead.handing.to, &TimeoutNow{Term: n.term})
}

// endTransfer takes requests again when the target has not been elected within
// an election timeout.
func (n *node) endTransfer(env *protocols.Env) {
	if n.role == leader {
		n.lead.handing = transfer{}
		n.proposeWaiting(env)
	}
}

// order is a change or a transfer that somebody outside asked this replica for.
// It sees to it that the leader hears of it until it is done.
type order struct {
	message protocols.Message
	tries   int
}

const (
	maxTries  = 50
	maxOrders = 64
)

// receiveOrder takes what may come from outside.
func (n *node) receiveOrder(env *protocols.Env, message protocols.Message) {
	switch message.(type) {
	case *Change, *Transfer:
		if len(n.orders) < maxOrders {
			n.orders = append(n.orders, order{message: message})
			n.followUp(env)
		}
	}
}

// followUp tells the leader of the first order that is not done. Orders are done
// one after the other, in the order in which they came.
func (n *node) followUp(env *protocols.Env) {
	for len(n.orders) > 0 {
		o := &n.orders[0]
		if o.tries++; !n.isDone(o) && o.tries <= maxTries {
			n.tellLeader(env, o.message)
			env.SetTimer(protocols.Timer(orderTimer, 0), max(n.ElectionMax, 10*time.Millisecond))
			return
		}
		n.orders = n.orders[1:]
	}
	n.orders = nil
}

// isDone reports whether a change is committed here, or can never be, or a
// transfer was told to a leader.
func (n *node) isDone(o *order) bool {
	switch m := o.message.(type) {
	case *Change:
		return !n.isReplica(m.Node) || n.config().holds(m.Op, m.Node) && n.config().index <= n.commit
	case *Transfer:
		return o.tries > 1 && n.leader != nobody && (m.To == nobody || n.leader == m.To)
	}
	return true
}

func (n *node) tellLeader(env *protocols.Env, m protocols.Message) {
	switch {
	case n.role != leader:
		if n.leader != nobody {
			env.Send(n.leader, m)
		}
	default:
		n.receive(env, n.id, m)
	}
}
