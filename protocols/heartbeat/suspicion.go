package heartbeat

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// suspicion is a suspect's time to refute.
type suspicion struct {
	peer     protocols.NodeID
	since    protocols.Time
	accusers []protocols.NodeID // in the order of hearing
}

func (p *prober) suspicion(id protocols.NodeID) *suspicion {
	i := slices.IndexFunc(p.suspects, func(s *suspicion) bool { return s.peer == id })
	if i < 0 {
		return nil
	}
	return p.suspects[i]
}

// accuser is who accused a suspect first, 0 if it is none.
func (p *prober) accuser(id protocols.NodeID) protocols.NodeID {
	if s := p.suspicion(id); s != nil {
		return s.accusers[0]
	}
	return 0
}

// silent judges a target that has not answered, directly or through others. The others
// on the node are told of this member's own experience alone: that somebody else
// suspects a peer says nothing of whether it can be reached from here.
func (p *prober) silent(env *protocols.Env, id protocols.NodeID) {
	known := p.get(id)
	if known.status() == failed || !p.knows(id) {
		return
	}
	env.Announce(protocols.Event{Kind: protocols.PeerSuspected, Node: id})
	if p.SWIM.Suspicion == 0 {
		env.Observe(Suspected, uint64(id), uint64(known.incarnation()))
		p.bury(env, id, known.incarnation())
		return
	}
	p.suspect(env, Update{id, known.incarnation(), suspect, env.Self})
}

// suspect begins a suspicion, or adds an accuser to it.
func (p *prober) suspect(env *protocols.Env, u Update) {
	known := p.get(u.Peer)
	if known.status() == suspect && u.Incarnation == known.incarnation() {
		p.share(env, u)
		return
	}
	if known.status() != suspect {
		env.Observe(Suspected, uint64(u.Peer), uint64(u.Incarnation))
	}
	p.set(u.Peer, suspect, u.Incarnation)
	p.spread(u.Peer, u.By)
	p.forgetSuspicion(env, u.Peer)
	s := &suspicion{u.Peer, env.Now, []protocols.NodeID{u.By}}
	p.suspects = append(p.suspects, s)
	env.SetTimer(protocols.Timer(suspicionTimer, uint64(u.Peer)), p.patience(s))
}

// share adds an independent accuser to a suspicion, which shortens it; that is news, too.
func (p *prober) share(env *protocols.Env, u Update) {
	s, l := p.suspicion(u.Peer), p.SWIM.Lifeguard
	if s == nil || l == nil || len(s.accusers) > l.Confirmations || slices.Contains(s.accusers, u.By) {
		return
	}
	s.accusers = append(s.accusers, u.By)
	p.spread(u.Peer, u.By)
	env.SetTimer(protocols.Timer(suspicionTimer, uint64(u.Peer)), wait(env.Now, s.since+protocols.Time(p.patience(s))))
}

// patience is how long a suspect may take to refute. With Lifeguard it is the longer
// the fewer share the suspicion (Dadgar et al. 2018, section IV.B):
//
//	max - (max-min) log(c+1)/log(k+1), c of k confirmations
func (p *prober) patience(s *suspicion) time.Duration {
	least := time.Duration(int64(p.SWIM.Suspicion) * p.logarithm * int64(p.Interval/1000))
	l := p.SWIM.Lifeguard
	if l == nil {
		return least
	}
	k := min(l.Confirmations, p.peers()-1)
	if k < 1 {
		return least
	}
	most := least * time.Duration(l.MaxSuspicion)
	part := logarithm(min(len(s.accusers), k+1)) * 1000 / logarithm(k+1)
	return most - (most-least)/1000*time.Duration(part)
}

// suspicionOver declares a suspect failed that has not refuted.
func (p *prober) suspicionOver(env *protocols.Env, id protocols.NodeID) {
	if known := p.get(id); known.status() == suspect {
		env.Observe(Declared, uint64(id), uint64(len(p.suspicion(id).accusers)))
		p.bury(env, id, known.incarnation())
	}
}

// bury holds a peer for failed.
func (p *prober) bury(env *protocols.Env, id protocols.NodeID, incarnation uint32) {
	again := p.is(id, failed)
	p.set(id, failed, incarnation)
	p.spread(id, 0)
	p.forgetSuspicion(env, id)
	if !again {
		p.tellFailed(env, id, incarnation)
		p.tellWatching(env, p.watches())
	}
}

func (p *prober) forgetSuspicion(env *protocols.Env, id protocols.NodeID) {
	if i := slices.IndexFunc(p.suspects, func(s *suspicion) bool { return s.peer == id }); i >= 0 {
		p.suspects = slices.Delete(p.suspects, i, i+1)
		env.StopTimer(protocols.Timer(suspicionTimer, uint64(id)))
	}
}
