package heartbeat

import (
	"meshsim/protocols"
)

// beater is a node that waits for heartbeats: all detectors but SWIM.
type beater struct {
	member
	sequence  uint32             // of its last heartbeat
	observers []protocols.NodeID // whom it sends them; with monitoring all, everybody
	peers     []peer             // whom it watches, ascending
	announced []protocols.NodeID // watch announced: whom it was told of, ascending
	trials    []*trial           // accused peers, ascending
	verdicts  []*Verdict         // why peers are held for failed, in the order of learning
	turn      int                // whose turn it is among the failed to be asked whether they are back
	repeats   int                // intervals in which accusations were repeated
}

// Start begins a new incarnation. The others are told if it is not the first.
func (b *beater) Start(env *protocols.Env) {
	b.board(env)
	b.rewatch(env)
	b.firstInterval(env)
	if b.incarnation > 1 {
		b.revive(env)
	}
}

// Receive handles a message. None comes from outside.
func (b *beater) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	if !b.isMember(from) || from == env.Self {
		return
	}
	switch m := message.(type) {
	case *Beat:
		b.onBeat(env, from, m)
	case *Accuse:
		b.onAccuse(env, from, m)
	case *Verdict:
		b.onVerdict(env, m)
	case *Revival:
		b.onRevival(env, m)
	}
}

// Expire handles a timer.
func (b *beater) Expire(env *protocols.Env, t protocols.TimerID) {
	switch t.Name() {
	case intervalTimer:
		if t.Argument() == 0 {
			b.interval(env)
		}
	case watchTimer:
		if p := b.peer(protocols.NodeID(t.Argument())); p != nil {
			b.overdue(env, p)
		}
	case inquestTimer:
		b.confirmed(env, protocols.NodeID(t.Argument()))
	}
}

// Hear handles what other protocols on the node announce.
func (b *beater) Hear(env *protocols.Env, e protocols.Event) {
	if b.graph() == amongAnnounced && b.isMember(e.Node) && e.Node != env.Self {
		b.hearOf(env, e)
	}
}

// interval sends the heartbeat, asks again for confirmations, and asks one of those
// that have failed whether it is back.
func (b *beater) interval(env *protocols.Env) {
	b.sequence = b.nextInterval(env, b.Interval)
	kind := KindBeat
	if b.graph() == amongAnnounced {
		kind = KindPing // who does not know this node answers all the same
	}
	b.tellAll(env, b.beat(kind))
	b.accuseAgain(env)
	b.askStrays(env)
	if b.graph() == everybody {
		return
	}
	if id, ok := b.nth(b.turn, failed); ok {
		b.turn++
		env.Send(id, b.beat(KindPing))
	}
}

// tellAll sends a heartbeat to all who watch this node.
func (b *beater) tellAll(env *protocols.Env, m *Beat) {
	switch b.graph() {
	case everybody:
		for i := range b.peers {
			env.Send(b.peers[i].id, m)
		}
	case amongAnnounced:
		env.Multicast(b.announced, m)
	default:
		env.Multicast(b.observers, m)
	}
}

// askStrays pings the peers that it watches, were doubted before, and are late. They may
// not know that this node watches them: who watches whom follows from who has failed, of
// which two nodes may hold different things for a while, as after a partition. If such
// watchers accused them again and again, that would go on for good.
func (b *beater) askStrays(env *protocols.Env) {
	if b.Confirm == "none" {
		return
	}
	for i := range b.peers {
		p := &b.peers[i]
		if p.incarnation > 1 && p.due-env.Now < protocols.Time(b.Timeout-b.Interval-b.Interval/2) {
			env.Send(p.id, b.beat(KindPing))
		}
	}
}

// beatNow is a heartbeat out of turn: that of the interval that goes on.
func (b *beater) beatNow() *Beat { return b.beat(KindBeat) }

func (b *beater) beat(kind protocols.Kind) *Beat {
	return &Beat{kind, b.incarnation, b.sequence, b.due - protocols.Time(b.Interval)}
}

// onBeat takes a peer for alive, unless that is old news.
func (b *beater) onBeat(env *protocols.Env, from protocols.NodeID, m *Beat) {
	known := b.get(from)
	if m.Incarnation < known.incarnation() || b.gone(from) && m.Incarnation == known.incarnation() {
		b.tellVerdict(env, from, from)
		return
	}
	b.takeForAlive(env, from, m.Incarnation)
	if m.kind == KindPing && (b.graph() != amongAnnounced || !contains(b.announced, from)) {
		env.Send(from, b.beatNow())
	}
	b.answered(env, from)
	p := b.peer(from)
	if p == nil || m.Incarnation == p.incarnation && m.Sequence <= p.sequence {
		return
	}
	b.hear(p, m, env.Now)
	if p.due > env.Now {
		b.trust(env, p)
	}
	env.SetTimer(protocols.Timer(watchTimer, uint64(from)), wait(env.Now, p.due))
}

// takeForAlive notes a peer's incarnation; if it was held for failed it is back.
func (b *beater) takeForAlive(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	known := b.get(id)
	back := b.gone(id)
	if !back && incarnation <= known.incarnation() {
		return
	}
	if back || known.status() == alive {
		b.set(id, alive, incarnation)
	}
	b.acquit(id, incarnation)
	if !back {
		return
	}
	b.forgetVerdict(id)
	if p := b.peer(id); p != nil {
		p.suspected = false
	}
	b.tellTrusted(env, id, incarnation)
	b.rewatch(env)
}

// trust ends a suspicion. The peer is told that it was accused: in its next incarnation
// what was signed against it is void.
func (b *beater) trust(env *protocols.Env, p *peer) {
	if !p.suspected {
		return
	}
	p.suspected = false
	if b.is(p.id, failed) { // nobody confirmed that
		b.set(p.id, alive, p.incarnation)
	}
	if t := b.trial(p.id); t != nil && t.by(env.Self) != nil {
		env.Send(p.id, &Accuse{KindAccuse, p.id, t.by(env.Self).Accusation})
	}
	b.withdraw(env, p.id)
	b.tellTrusted(env, p.id, p.incarnation)
}

// overdue suspects a peer from which nothing came in time.
func (b *beater) overdue(env *protocols.Env, p *peer) {
	if p.suspected {
		return
	}
	if p.due > env.Now { // the clock was set back
		env.SetTimer(protocols.Timer(watchTimer, uint64(p.id)), wait(env.Now, p.due))
		return
	}
	p.suspected = true
	known := b.get(p.id)
	if known.status() == failed {
		return
	}
	b.tellSuspected(env, p.id, known.incarnation())
	if b.Confirm == "none" {
		b.set(p.id, failed, known.incarnation())
		b.tellFailed(env, p.id, known.incarnation())
		return
	}
	b.accuse(env, p.id, known.incarnation())
}
