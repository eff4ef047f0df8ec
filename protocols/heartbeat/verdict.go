package heartbeat

import (
	"slices"

	"meshsim/protocols"
)

// A verdict reaches all members: who learns it first passes it on to those that it
// watches and those that watch it. With monitoring all everybody finds it by itself.
// It is shown again to whoever is behind: to accusers, and to the peer itself, which
// then begins a new incarnation and says so.

// condemn holds a peer for failed, and passes on why.
func (b *beater) condemn(env *protocols.Env, v *Verdict) {
	to := b.passing(env.Self)
	incarnation := near(b.get(v.Peer).incarnation(), v.Incarnation)
	b.set(v.Peer, failed, incarnation)
	b.forgetVerdict(v.Peer)
	b.verdicts = append(b.verdicts, v)
	if i, ok := b.findTrial(v.Peer); ok {
		if b.trials[i].asking {
			env.StopTimer(protocols.Timer(inquestTimer, uint64(v.Peer)))
		}
		b.trials = slices.Delete(b.trials, i, i+1)
	}
	if p := b.peer(v.Peer); p != nil {
		p.suspected = true
		env.StopTimer(protocols.Timer(watchTimer, uint64(v.Peer)))
	}
	b.tellFailed(env, v.Peer, incarnation)
	b.rewatch(env)
	env.Multicast(to, v)
}

// passing lists to whom news are passed on, ascending; nobody where news are of no
// use to others.
func (b *beater) passing(self protocols.NodeID) []protocols.NodeID {
	if g := b.graph(); g != onRing && g != atRandom {
		return nil
	}
	return distinct(append(b.watched(self), b.observers...), self)
}

// onVerdict believes a quorum of those who watch the peer. If others have signed, whose
// view of who failed may have been another, the node asks the peer itself, and believes
// them when it is silent. Against itself, it shows that it is alive.
func (b *beater) onVerdict(env *protocols.Env, v *Verdict) {
	known := b.get(v.Peer)
	switch {
	case !b.isMember(v.Peer) || b.Confirm == "none":
	case v.Peer == env.Self:
		if b.refute(env, near(b.incarnation, v.Incarnation)) {
			b.revive(env)
		}
	case v.Incarnation < known.incarnation() || known.status() == failed && v.Incarnation == known.incarnation():
	case !b.signed(env, v):
	case b.proves(env, v):
		b.condemn(env, v)
	default:
		t := b.open(v.Peer)
		t.claim = v
		b.inquire(env, t)
	}
}

// tellVerdict shows somebody why a peer is held for failed.
func (b *beater) tellVerdict(env *protocols.Env, to, id protocols.NodeID) {
	for _, v := range b.verdicts {
		if v.Peer == id {
			env.Send(to, v)
		}
	}
}

func (b *beater) forgetVerdict(id protocols.NodeID) {
	b.verdicts = slices.DeleteFunc(b.verdicts, func(v *Verdict) bool { return v.Peer == id })
}

// revive tells all that the node lives in a new incarnation.
func (b *beater) revive(env *protocols.Env) {
	if to := b.passing(env.Self); len(to) > 0 && b.Confirm != "none" {
		env.Multicast(to, &Revival{env.Self, b.incarnation, env.Sign(digest(lives, env.Self, b.incarnation))})
	}
	b.tellAll(env, b.beatNow())
}

// onRevival believes a peer's own word, if it is news.
func (b *beater) onRevival(env *protocols.Env, m *Revival) {
	if !b.isMember(m.Peer) || m.Peer == env.Self || m.Incarnation <= b.get(m.Peer).incarnation() ||
		!env.Verify(m.Peer, digest(lives, m.Peer, m.Incarnation), &m.Signature) {
		return
	}
	b.takeForAlive(env, m.Peer, m.Incarnation)
	env.Multicast(b.passing(env.Self), m)
}

// hearOf keeps the list of announced peers.
func (b *beater) hearOf(env *protocols.Env, e protocols.Event) {
	i, known := slices.BinarySearch(b.announced, e.Node)
	switch {
	case (e.Kind == protocols.PeerUp || e.Kind == protocols.PeerBack) && !known:
		b.announced = slices.Insert(b.announced, i, e.Node)
	case (e.Kind == protocols.PeerLeft || e.Kind == protocols.PeerFailed) && known:
		b.announced = slices.Delete(b.announced, i, i+1)
	default:
		return
	}
	b.rewatch(env)
}
