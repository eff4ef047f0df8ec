package balance

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// peer is what is known of another node.
type peer struct {
	load
	at       protocols.Time // when that was so
	failures int            // hand-overs in turn that it did not answer
	shun     protocols.Time // it is given nothing before
}

// maxPeers bounds what a node remembers of others, maxTold what it passes on.
const (
	maxPeers = 64
	maxTold  = 7
)

func (s *balancer) find(id protocols.NodeID) (int, bool) {
	return slices.BinarySearchFunc(s.peers, id, func(p peer, id protocols.NodeID) int { return cmp.Compare(p.node, id) })
}

// Receive takes a report.
func (s *balancer) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*report)
	if !ok || len(m.loads) == 0 || m.loads[0].node != from {
		return
	}
	for _, l := range m.loads[:min(len(m.loads), maxTold+1)] {
		_, member := slices.BinarySearch(w.Members(), l.node)
		if member && l.node != env.Self && l.age <= s.Fresh {
			s.learn(l, env.Now-protocols.Time(l.age))
		}
	}
	if at, known := s.find(from); known && s.peers[at].shun <= env.Now {
		s.peers[at].failures = 0
	}
}

// learn notes a load, if it is news. Of too many peers the one with most to do is
// forgotten.
func (s *balancer) learn(l load, at protocols.Time) {
	if i, known := s.find(l.node); known {
		if s.peers[i].at < at {
			s.peers[i].load, s.peers[i].at = l, at
		}
		return
	}
	if len(s.peers) == maxPeers {
		worst := 0
		for i := range s.peers {
			if s.peers[i].ahead > s.peers[worst].ahead {
				worst = i
			}
		}
		if s.peers[worst].ahead <= l.ahead {
			return
		}
		s.peers = slices.Delete(s.peers, worst, worst+1)
	}
	i, _ := s.find(l.node)
	s.peers = slices.Insert(s.peers, i, peer{load: l, at: at})
}

// forget drops what is too old to be believed; who failed to answer is
// remembered until it may be asked again.
func (s *balancer) forget(now protocols.Time) {
	s.peers = slices.DeleteFunc(s.peers, func(p peer) bool { return p.at+protocols.Time(s.Fresh) < now && p.shun <= now })
	s.cooling = slices.DeleteFunc(s.cooling, func(c cooling) bool { return c.until <= now })
}

// Failed forgets a peer.
func (s *balancer) Failed(_ *protocols.Env, _ *task.Worker, id protocols.NodeID) {
	if at, known := s.find(id); known {
		s.peers = slices.Delete(s.peers, at, at+1)
	}
}

// tell reports the node's load, and by gossip the least that it knows of.
func (s *balancer) tell(env *protocols.Env, w *task.Worker) {
	own := load{node: env.Self, ahead: min(w.Ahead(env.Now), never-1), cores: uint32(w.Cores), speed: w.Speed}
	if w.ReadOnly() || w.Waiting() >= w.Queue.Limit {
		own.ahead = never
	}
	m := &report{loads: []load{own}}
	to := s.audience(env, w)
	if s.Reports == gossip {
		for _, p := range s.light(env, w) {
			if len(m.loads) <= maxTold {
				l := p.load
				l.age = time.Duration(env.Now - p.at)
				m.loads = append(m.loads, l)
			}
		}
	}
	for _, id := range to {
		env.Send(id, m)
	}
}

// audience is who is told: members drawn at random, or the next neighbours.
func (s *balancer) audience(env *protocols.Env, w *task.Worker) (to []protocols.NodeID) {
	if s.Reports == gossip {
		return w.Sample(env, s.Fanout, false)
	}
	degree := w.Topology().Degree(env.Self)
	for range min(s.Fanout, degree) {
		id := w.Topology().Neighbour(env.Self, s.next%degree)
		s.next = (s.next + 1) % degree
		if _, member := slices.BinarySearch(w.Members(), id); member && w.Alive(id) {
			to = append(to, id)
		}
	}
	return to
}

// light are the peers below the low threshold, least load first.
func (s *balancer) light(env *protocols.Env, w *task.Worker) (list []*peer) {
	for i := range s.peers {
		if p := &s.peers[i]; p.ahead < s.low && p.shun <= env.Now && p.at+protocols.Time(s.Fresh) >= env.Now && w.Alive(p.node) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, byLoad)
	return list
}

func byLoad(a, b *peer) int {
	return cmp.Or(cmp.Compare(a.ahead, b.ahead), cmp.Compare(a.node, b.node))
}
