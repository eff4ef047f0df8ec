package heartbeat

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
)

// trial collects what is said against a peer.
type trial struct {
	peer   protocols.NodeID
	votes  []vote             // ascending by accuser
	askers []protocols.NodeID // who wants to know what this node thinks of the peer
	about  uint32             // the highest incarnation that they accuse
	asking bool               // it has asked the peer itself, and waits for the answer
	claim  *Verdict           // what it believes then if there is none
}

// vote is an accusation, and when it came.
type vote struct {
	Accusation
	at protocols.Time
}

// trial is the trial of a peer, nil if there is none.
func (b *beater) trial(id protocols.NodeID) *trial {
	if i, ok := b.findTrial(id); ok {
		return b.trials[i]
	}
	return nil
}

func (b *beater) findTrial(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(b.trials, id, func(t *trial, id protocols.NodeID) int { return cmp.Compare(t.peer, id) })
}

// open is the trial of a peer; it begins if there is none.
func (b *beater) open(id protocols.NodeID) *trial {
	i, ok := b.findTrial(id)
	if !ok {
		b.trials = slices.Insert(b.trials, i, &trial{peer: id})
	}
	return b.trials[i]
}

// put adds a vote, or renews it.
func (t *trial) put(v vote) {
	i, ok := slices.BinarySearchFunc(t.votes, v.By, func(v vote, by protocols.NodeID) int { return cmp.Compare(v.By, by) })
	if ok {
		t.votes[i] = v
		return
	}
	t.votes = slices.Insert(t.votes, i, v)
}

// by is the vote of a member, nil if it has none.
func (t *trial) by(id protocols.NodeID) *vote {
	for i := range t.votes {
		if t.votes[i].By == id {
			return &t.votes[i]
		}
	}
	return nil
}

// accuse signs that a peer is silent, and asks the others whether it is to them. The
// peer is told, too: it can refute.
func (b *beater) accuse(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	t := b.open(id)
	b.sign(env, t, incarnation)
	b.ask(env, t)
	b.decide(env, t)
}

// sign makes the node's own vote.
func (b *beater) sign(env *protocols.Env, t *trial, incarnation uint32) Accusation {
	a := Accusation{By: env.Self, Incarnation: incarnation, Signature: env.Sign(digest(silent, t.peer, incarnation))}
	env.Observe(Accused, uint64(t.peer), uint64(incarnation))
	t.put(vote{a, env.Now})
	return a
}

// ask sends the node's own accusation to all who have a vote.
func (b *beater) ask(env *protocols.Env, t *trial) {
	m := &Accuse{KindAccuse, t.peer, t.by(env.Self).Accusation}
	env.Send(t.peer, m)
	for _, id := range b.voters(env.Self, t.peer) {
		if id != env.Self {
			env.Send(id, m)
		}
	}
}

// accuseAgain asks again where a quorum is missing, and forgets what is old.
func (b *beater) accuseAgain(env *protocols.Env) {
	if b.Confirm == "none" {
		return
	}
	var silent []protocols.NodeID
	for i := range b.peers {
		if p := &b.peers[i]; p.suspected && !b.is(p.id, failed) {
			silent = append(silent, p.id)
		}
	}
	for i, id := range silent {
		if b.myTurn(i, len(silent)) {
			b.insist(env, id, b.get(id).incarnation())
		} else if t := b.trial(id); t != nil && t.by(env.Self) != nil {
			t.by(env.Self).at = env.Now // it still stands
		}
	}
	b.repeats++
	for _, t := range slices.Clone(b.trials) {
		if t.asking {
			b.inquire(env, t)
		}
		t.votes = slices.DeleteFunc(t.votes, func(v vote) bool { return env.Now-v.at > b.freshness() })
		b.tidy(t)
	}
}

// mostRepeats is how many accusations a node repeats in an interval, by turns. While a
// minority is cut off it suspects all others and has no quorum against anybody: without
// a bound each would repeat all that to all.
const mostRepeats = 8

// myTurn reports whether the i-th of so many suspects has its turn.
func (b *beater) myTurn(i, of int) bool {
	return of <= mostRepeats || (i-b.repeats*mostRepeats%of+of)%of < mostRepeats
}

// insist repeats the node's accusation of a peer, or makes one of a new incarnation.
func (b *beater) insist(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	t := b.open(id)
	own := t.by(env.Self)
	if own == nil || own.Incarnation < incarnation {
		b.accuse(env, id, incarnation)
		return
	}
	own.at = env.Now
	b.ask(env, t)
}

// tidy closes a trial in which there is nothing to decide.
func (b *beater) tidy(t *trial) {
	if i, ok := b.findTrial(t.peer); ok && len(t.votes) == 0 && !t.asking {
		b.trials = slices.Delete(b.trials, i, i+1)
	}
}

// onAccuse hears an accusation. Who is accused refutes; who has a vote, and has not
// watched the peer, looks for itself.
func (b *beater) onAccuse(env *protocols.Env, from protocols.NodeID, m *Accuse) {
	switch known := b.get(m.Peer); {
	case m.By != from || !b.isMember(m.Peer) || b.Confirm == "none":
	case m.Peer == env.Self:
		b.defend(env, from, m)
	case known.status() == failed && m.Incarnation <= known.incarnation():
		if m.kind == KindAccuse {
			b.tellVerdict(env, from, m.Peer)
		}
	case m.Incarnation < known.incarnation() || !b.eligible(env.Self, from, m.Peer):
	case !env.Verify(from, digest(silent, m.Peer, m.Incarnation), &m.Signature):
	default:
		t := b.open(m.Peer)
		t.put(vote{m.Accusation, env.Now})
		if m.kind == KindAccuse {
			t.about = max(t.about, near(known.incarnation(), m.Incarnation))
			b.answer(env, t, from)
		}
		b.decide(env, t)
	}
}

// near is an incarnation that others claim, or the one that is known if that is
// absurdly far above: who lost its disk catches up, and nobody is lied to out of all of them.
func near(known, claimed uint32) uint32 {
	if claimed > known+1<<10 {
		return known
	}
	return claimed
}

// defend shows an accuser that this node is alive.
func (b *beater) defend(env *protocols.Env, from protocols.NodeID, m *Accuse) {
	if b.refute(env, near(b.incarnation, m.Incarnation)) {
		b.tellAll(env, b.beatNow())
	}
	env.Send(from, b.beatNow())
}

// answer tells what this node thinks of an accused peer, or begins to find out.
func (b *beater) answer(env *protocols.Env, t *trial, from protocols.NodeID) {
	p, own := b.peer(t.peer), t.by(env.Self)
	switch {
	case own != nil && own.Incarnation >= t.about:
		env.Send(from, &Accuse{KindConfirm, t.peer, own.Accusation})
		return
	case p != nil && p.suspected: // of an earlier incarnation than others have seen
		env.Send(from, &Accuse{KindConfirm, t.peer, b.sign(env, t, t.about)})
		return
	}
	if p != nil || !b.eligible(env.Self, env.Self, t.peer) {
		return // it is trusted, or it is not for this node to say
	}
	if !contains(t.askers, from) {
		t.askers = append(t.askers, from)
		slices.Sort(t.askers)
	}
	b.inquire(env, t)
}

// inquire asks an accused peer itself.
func (b *beater) inquire(env *protocols.Env, t *trial) {
	if !t.asking {
		t.asking = true
		env.SetTimer(protocols.Timer(inquestTimer, uint64(t.peer)), b.Timeout)
	}
	env.Send(t.peer, b.beat(KindPing))
}

// confirmed says that an accused peer did not answer this node, either.
func (b *beater) confirmed(env *protocols.Env, id protocols.NodeID) {
	t := b.trial(id)
	if t == nil || !t.asking {
		return
	}
	t.asking = false
	known := b.get(id)
	if v := t.claim; v != nil && known.status() != failed && v.Incarnation >= known.incarnation() {
		b.condemn(env, v)
		return
	}
	if b.peer(id) != nil || len(t.askers) == 0 {
		return // it is watched, so that the watch tells; or nobody has asked
	}
	a := b.sign(env, t, max(known.incarnation(), t.about))
	env.Multicast(t.askers, &Accuse{KindConfirm, id, a})
	t.askers = nil
	b.decide(env, t)
}

// answered ends an inquest: the peer is alive.
func (b *beater) answered(env *protocols.Env, id protocols.NodeID) {
	t := b.trial(id)
	if t == nil {
		return
	}
	if t.asking {
		env.StopTimer(protocols.Timer(inquestTimer, uint64(id)))
	}
	t.asking, t.askers, t.claim = false, nil, nil
	if b.peer(id) == nil {
		b.withdraw(env, id)
	}
}

// acquit drops what was said of a peer before an incarnation.
func (b *beater) acquit(id protocols.NodeID, incarnation uint32) {
	if t := b.trial(id); t != nil {
		t.votes = slices.DeleteFunc(t.votes, func(v vote) bool { return v.Incarnation < incarnation })
		b.tidy(t)
	}
}

// withdraw takes the node's own accusation back. The others forget it when it is not
// repeated.
func (b *beater) withdraw(env *protocols.Env, id protocols.NodeID) {
	if t := b.trial(id); t != nil {
		t.votes = slices.DeleteFunc(t.votes, func(v vote) bool { return v.By == env.Self })
		b.tidy(t)
	}
}

func wait(now, due protocols.Time) time.Duration { return max(0, time.Duration(due-now)) }

func contains(sorted []protocols.NodeID, id protocols.NodeID) bool {
	_, ok := slices.BinarySearch(sorted, id)
	return ok
}
