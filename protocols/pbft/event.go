package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// events are what other protocols on a replica's node want decided. The replica
// is their client: it has one request under way, and forgets all at a crash.
type events struct {
	waiting [][]byte
	current *Request
	since   bool // it was under way when the retry timer was set
}

// eventSlot is the session of a replica's own requests.
const eventSlot = 1<<16 - 1

// maxEvents bounds what waits.
const maxEvents = 1 << 12

// Hear takes what another protocol on the node wants to have a place in the order.
func (n *replica) Hear(env *protocols.Env, e protocols.Event) {
	n.writes.hear(env, e)
	if e.Kind == protocols.ReadOnlyOn && n.writes.forbidden {
		n.queue.turnAway()
		n.watch(env)
	}
	if e.Kind != protocols.Propose || n.halted != "" || len(n.events.waiting) >= maxEvents || n.writes.turnsAway(env, 0) {
		return
	}
	n.events.waiting = append(n.events.waiting, e.Data)
	n.proposeEvent(env)
}

// proposeEvent makes a request of what waits longest, if none is under way.
func (n *replica) proposeEvent(env *protocols.Env) {
	if n.events.current != nil || len(n.events.waiting) == 0 {
		return
	}
	session := kv.NewSession(n.id, eventSlot)
	c := kv.Command{Session: session, Sequence: max(n.store.Last(session)+1, uint64(max(env.Now, 0))), Op: kv.Get}
	m := newEventRequest(env, c, n.events.waiting[0])
	n.events.waiting = n.events.waiting[1:]
	n.events.current, n.events.since = m, false
	env.Observe(Issued, short(m.digest), uint64(n.replicas[0]))
	n.onRequest(env, n.id, m)
}

// decided tells the other protocols on the node of a batch's events. Their place
// is the number and the place in the batch.
func (n *replica) decided(env *protocols.Env, place int, r *Request) {
	if len(r.Event) > 0 {
		env.Announce(protocols.Event{Kind: protocols.Committed, ID: n.executed<<16 | uint64(place), Data: r.Event})
	}
}

// afterEvents goes on with the next event when the last one is decided.
func (n *replica) afterEvents(env *protocols.Env) {
	if m := n.events.current; m != nil && n.store.Last(m.Command.Session) >= m.Command.Sequence {
		n.events.current = nil
		n.proposeEvent(env)
	}
}

// remindOfEvents sends a request that has been under way for long to all, as a
// client does.
func (n *replica) remindOfEvents(env *protocols.Env) {
	if n.events.current != nil && n.events.since {
		env.Multicast(n.peers, n.events.current)
	}
	n.events.since = n.events.current != nil
}

// Hear notes whether the client may write.
func (n *asker) Hear(env *protocols.Env, e protocols.Event) { n.writes.hear(env, e) }
