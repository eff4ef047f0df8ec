package heartbeat

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// news is an update that is sent with other messages: what the ledger says of a peer.
type news struct {
	peer protocols.NodeID
	by   protocols.NodeID // of a suspect: who accuses
	sent int
}

// spread makes an update news, again if it was.
func (p *prober) spread(id, by protocols.NodeID) {
	p.news = slices.DeleteFunc(p.news, func(n news) bool { return n.peer == id })
	p.news = append(p.news, news{id, by, 0})
}

// newsFor takes the updates for a message to somebody: those sent least first, each
// lambda·log n times altogether (section 4.1). Whoever is held for failed hears so in
// any case, with Lifeguard a suspect, too, so that it can refute.
func (p *prober) newsFor(env *protocols.Env, to protocols.NodeID) (list []Update) {
	known := p.get(to)
	buddy := known.status() == failed || known.status() == suspect && p.SWIM.Lifeguard != nil && p.SWIM.Lifeguard.Buddy
	if buddy {
		list = append(list, p.update(env, to, p.accuser(to)))
	}
	if len(p.news) > p.SWIM.Updates {
		slices.SortStableFunc(p.news, func(a, b news) int { return cmp.Compare(a.sent, b.sent) })
	}
	room := p.SWIM.Updates - len(list)
	spent := false
	for i := 0; i < len(p.news) && room > 0; i++ {
		n := &p.news[i]
		if buddy && n.peer == to {
			continue
		}
		list = append(list, p.update(env, n.peer, n.by))
		n.sent++
		room--
		spent = spent || n.sent >= p.transmissions()
	}
	if spent {
		p.news = slices.DeleteFunc(p.news, func(n news) bool { return n.sent >= p.transmissions() })
	}
	return list
}

// transmissions is how often an update is sent.
func (p *prober) transmissions() int { return int((int64(p.SWIM.Retransmit)*p.logarithm + 999) / 1000) }

// update is what this member knows of another, or of itself.
func (p *prober) update(env *protocols.Env, id, by protocols.NodeID) Update {
	if id == env.Self {
		return Update{Peer: id, Incarnation: p.incarnation}
	}
	e := p.get(id)
	u := Update{Peer: id, Incarnation: e.incarnation(), status: e.status()}
	if u.status == suspect {
		u.By = by
	}
	return u
}

func (p *prober) applyAll(env *protocols.Env, list []Update) {
	for _, u := range list {
		p.apply(env, u)
	}
}

// apply takes in an update, if it overrides what is known (section 4.2). Here an alive
// of a higher incarnation overrides a failed, so that who was declared failed can come back.
func (p *prober) apply(env *protocols.Env, u Update) {
	known := p.get(u.Peer)
	newer := u.Incarnation > known.incarnation()
	switch {
	case u.Peer == env.Self:
		p.defend(env, u)
	case !p.knows(u.Peer):
	case u.status == alive && newer:
		p.welcome(env, u)
	case u.status == suspect && (newer || u.Incarnation == known.incarnation() && known.status() != failed):
		if known.status() == failed { // it was back in between
			p.welcome(env, u)
		}
		p.suspect(env, u)
	case u.status == failed && (newer || u.Incarnation == known.incarnation() && known.status() != failed):
		p.bury(env, u.Peer, u.Incarnation)
	}
}

// welcome takes a peer for alive in a new incarnation.
func (p *prober) welcome(env *protocols.Env, u Update) {
	was := p.get(u.Peer).status()
	p.set(u.Peer, alive, u.Incarnation)
	p.spread(u.Peer, 0)
	p.forgetSuspicion(env, u.Peer)
	if was != alive {
		p.tellTrusted(env, u.Peer, u.Incarnation)
		p.tellWatching(env, p.watches())
	}
}

// defend refutes what is said of this member, and news of an incarnation that it has
// forgotten.
func (p *prober) defend(env *protocols.Env, u Update) {
	if u.status == alive && u.Incarnation == p.incarnation {
		return
	}
	if p.refute(env, u.Incarnation) {
		p.spread(env.Self, 0)
		p.feel(1)
	}
}

// exchange sends all that is known to another member, which answers alike. Whoever was
// declared failed is asked in half of the cases: so a partition heals on both sides.
func (p *prober) exchange(env *protocols.Env) {
	turn, lost := env.Rand.IntN(1<<20), env.Rand.IntN(2) == 0
	if id, ok := p.nth(turn, failed); ok && lost {
		env.Send(id, p.state(env, KindSync))
		return
	}
	for _, id := range p.some(env, 1, env.Self) {
		env.Send(id, p.state(env, KindSync))
	}
}

func (p *prober) state(env *protocols.Env, kind protocols.Kind) *State {
	m := &State{kind, []Update{{Peer: env.Self, Incarnation: p.incarnation}}}
	for _, e := range p.ledger {
		m.Updates = append(m.Updates, p.update(env, e.id, p.accuser(e.id)))
	}
	return m
}

// onState takes in what another member knows. Whom that one holds for failed and this
// one for alive, this one suspects: behind a cut that has healed each side holds the
// other for failed, and would bury its own. A suspect refutes, and both sides hear it.
// (memberlist merges states so, too; the paper has no exchanges of states.) If there was
// more news than a message carries, the next exchange is a period away.
func (p *prober) onState(env *protocols.Env, from protocols.NodeID, m *State) {
	changed := 0
	for _, u := range m.Updates {
		before := p.get(u.Peer)
		if u.status == failed && u.Peer != env.Self && before.status() != failed && p.SWIM.Suspicion > 0 {
			u.status, u.By = suspect, from
		}
		p.apply(env, u)
		if p.get(u.Peer) != before {
			changed++
		}
	}
	if m.kind == KindSync {
		env.Send(from, p.state(env, KindState))
	}
	if changed > p.SWIM.Updates && p.SWIM.Sync > p.Interval {
		env.SetTimer(protocols.Timer(syncTimer, 0), p.Interval)
	}
}
