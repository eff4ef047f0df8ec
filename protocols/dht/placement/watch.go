package placement

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// peer is a node that this one watches: an owner of whose tasks it holds copies, or a
// holder of copies of its own.
type peer struct {
	node  protocols.NodeID
	heard protocols.Time // when something came from it last
	asked int            // how often it was asked since
	kept  protocols.Time // when it said last which tasks it has; of a holder, as heard
}

// asks is how often a node is asked that is silent before it counts as failed. Where a
// tenth of all messages is lost, 0.19^8 of those who live do not answer: 2 in a million.
const asks = 8

// quiet is after how long a node is asked: one renewal was lost, or its answer.
func (c *Config) quiet() time.Duration { return c.Renew + c.Renew/2 }

// watch begins to watch an owner, from now on.
func (s *placer) watch(env *protocols.Env, id protocols.NodeID) {
	at, known := slices.BinarySearchFunc(s.owners, id, byNode)
	if !known {
		s.owners = slices.Insert(s.owners, at, peer{node: id, heard: env.Now, kept: env.Now})
	}
}

func byNode(x peer, id protocols.NodeID) int { return cmp.Compare(x.node, id) }

// tick makes sure that the node renews and watches.
func (s *placer) tick(env *protocols.Env) {
	if !s.ticking {
		s.ticking, s.ticked = true, env.Now
		env.SetTimer(protocols.Timer(renewTimer, 0), s.Renew)
	}
}

// Expire renews what others hold, and looks for who is silent.
func (s *placer) Expire(env *protocols.Env, w *task.Worker, t protocols.TimerID) {
	if env.Now-s.ticked > protocols.Time(2*s.Renew) || w.ReadOnly() {
		s.pardon(env) // it was away itself, or cannot tell who is gone
	}
	switch {
	case t == protocols.Timer(askTimer, 0):
		s.asking = false
		s.look(env, w)
	case t == protocols.Timer(renewTimer, 0) && s.ticking:
		s.ticking = false
		s.renew(env, w)
		s.owners = slices.DeleteFunc(s.owners, func(x peer) bool {
			return !slices.ContainsFunc(s.wards, func(c ward) bool { return c.owner == x.node })
		})
		s.look(env, w)
		if len(s.mine)+len(s.wards)+len(s.fed) > 0 {
			s.tick(env)
		}
	}
}

// look asks who is silent, several times within the patience. A holder that is silent
// for all of it is passed over, and what an owner had is taken over.
func (s *placer) look(env *protocols.Env, w *task.Worker) {
	if s.asking {
		return // the questions are under way
	}
	for _, x := range s.fed {
		if s.failed(env, x) {
			s.suspect(env, x.node, false)
		}
	}
	for _, x := range slices.Clone(s.owners) {
		if s.failed(env, x) {
			s.suspect(env, x.node, false)
			s.takeOver(env, w, x.node, time.Duration(env.Now-x.heard) >= 2*s.Patience)
		}
	}
	more := s.ask(env, s.fed)
	more = s.ask(env, s.owners) || more
	if more {
		s.asking = true
		env.SetTimer(protocols.Timer(askTimer, 0), (s.Patience-s.quiet())/asks)
	}
}

// ask asks those who are silent, and owners that do not say what they have: they may
// have crashed and forgotten it. It reports whether there are any to wait for.
func (s *placer) ask(env *protocols.Env, list []peer) (more bool) {
	for i := range list {
		x := &list[i]
		if time.Duration(env.Now-x.kept) < s.quiet() || s.failed(env, *x) {
			continue
		}
		more = true
		if x.asked < asks {
			x.asked++
			env.Send(x.node, &message{kind: KindAsk})
		}
	}
	return more
}

// failed reports whether a node counts as failed: it is silent for the patience, and
// has answered no question.
func (s *placer) failed(env *protocols.Env, x peer) bool {
	return x.asked >= asks && time.Duration(env.Now-x.heard) >= s.Patience
}

// pardon lets the time until now count for no silence.
func (s *placer) pardon(env *protocols.Env) {
	for _, list := range [][]peer{s.owners, s.fed} {
		for i := range list {
			list[i].heard, list[i].asked, list[i].kept = env.Now, 0, env.Now
		}
	}
}

// heard notes that a node lives.
func (s *placer) heard(env *protocols.Env, from protocols.NodeID) {
	if at, watched := slices.BinarySearchFunc(s.owners, from, byNode); watched {
		s.owners[at].heard, s.owners[at].asked = env.Now, 0
	}
	if at, watched := slices.BinarySearchFunc(s.fed, from, byNode); watched {
		s.fed[at].heard, s.fed[at].asked, s.fed[at].kept = env.Now, 0, env.Now
	}
	s.suspects = slices.DeleteFunc(s.suspects, func(x suspect) bool { return x.node == from && !x.full })
}
