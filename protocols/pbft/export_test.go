package pbft

import (
	"meshsim/protocols"
)

// Mutants are faulty replicas, which the checkers must find. Each makes one out
// of a correct replica.
var Mutants = map[string]func(protocols.Node) protocols.Node{
	"quorum one short": func(n protocols.Node) protocols.Node {
		if r, ok := n.(*replica); ok {
			c := *r.cluster
			c.quorum--
			r.cluster, r.log.quorum = &c, c.quorum
		}
		return n
	},
	"view change without the prepared set": func(n protocols.Node) protocols.Node { return mutate(n, forgetful) },
	"accepts a bad new-view":               func(n protocols.Node) protocols.Node { return mutate(n, gullible) },
	"skips the watermark": func(n protocols.Node) protocols.Node {
		if r, ok := n.(*replica); ok {
			r.log.ring = make([]*slot, 4*len(r.log.ring))
		}
		return n
	},
	"collects an unstable checkpoint":     func(n protocols.Node) protocols.Node { return mutate(n, hasty) },
	"forgets at a crash what it accepted": func(n protocols.Node) protocols.Node { return mutate(n, amnesiac) },
	"executes before it has committed":    func(n protocols.Node) protocols.Node { return mutate(n, eager) },
	"takes any request":                   func(n protocols.Node) protocols.Node { return mutate(n, credulous) },
	"writes while it must not":            func(n protocols.Node) protocols.Node { return mutate(n, defiant) },
	"believes one reply": func(n protocols.Node) protocols.Node {
		if a, ok := n.(*asker); ok {
			c := *a.cluster
			c.weak = 1
			a.cluster = &c
		}
		return n
	},
	"reads without a quorum": func(n protocols.Node) protocols.Node {
		if a, ok := n.(*asker); ok {
			c := *a.cluster
			c.quorum = 1
			a.cluster = &c
		}
		return n
	},
}

// mutant is a replica with a fault before or after each call.
type mutant struct {
	*replica
	before func(n *replica, env *protocols.Env, m protocols.Message) (handled bool)
	after  func(n *replica, env *protocols.Env)
}

func mutate(n protocols.Node, fault func(*mutant)) protocols.Node {
	r, ok := n.(*replica)
	if !ok {
		return n
	}
	m := &mutant{replica: r,
		before: func(*replica, *protocols.Env, protocols.Message) bool { return false },
		after:  func(*replica, *protocols.Env) {}}
	fault(m)
	return m
}

func (m *mutant) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	if !m.before(m.replica, env, message) {
		m.replica.Receive(env, from, message)
	}
	m.after(m.replica, env)
}

func (m *mutant) Expire(env *protocols.Env, t protocols.TimerID) {
	m.replica.Expire(env, t)
	m.after(m.replica, env)
}

func (m *mutant) Start(env *protocols.Env) {
	m.before(m.replica, env, nil)
	m.replica.Start(env)
	m.after(m.replica, env)
}

// defiant takes writes whatever it is told.
func defiant(m *mutant) {
	m.before = func(n *replica, _ *protocols.Env, _ protocols.Message) bool {
		n.writes.forbidden = false
		return false
	}
}

// forgetful brings nothing that has prepared into a view change.
func forgetful(m *mutant) {
	m.before = func(n *replica, _ *protocols.Env, _ protocols.Message) bool {
		n.log.slots(func(s *slot) {
			if s.certificate != nil && (s.proposal == nil || s.proposal.View < n.view || n.changing) {
				s.certificate = nil
			}
		})
		return false
	}
	m.after = func(n *replica, env *protocols.Env) {
		for i, s := range env.Sends {
			if v, ok := s.Message.(*ViewChange); ok && len(v.Prepared) > 0 {
				x := &ViewChange{View: v.View, Stable: v.Stable, Replica: v.Replica}
				x.seal(env.Sign(x.fixed()))
				env.Sends[i].Message = x
				n.change.own, n.change.latest[n.self] = x, x
			}
		}
	}
}

// gullible enters whatever view its primary begins.
func gullible(m *mutant) {
	m.before = func(n *replica, env *protocols.Env, message protocols.Message) bool {
		v, ok := message.(*NewView)
		if !ok || v.View < n.view || v.View == n.view && !n.changing || v.Primary == n.id {
			return false
		}
		p := decideByProof(v.ViewChanges)
		p.batches = nil
		for _, q := range v.Proposals {
			p.batches = append(p.batches, q.Batch)
		}
		n.enter(env, v, &p)
		return true
	}
}

// hasty takes its own checkpoint for stable.
func hasty(m *mutant) {
	m.after = func(n *replica, env *protocols.Env) {
		if k := len(n.checkpoints); k > 1 && n.checkpoints[k-1].sequence > n.log.low {
			n.collect(env, stable{sequence: n.checkpoints[k-1].sequence, state: n.checkpoints[k-1].digest})
		}
	}
}

// amnesiac finds its disk empty at each start.
func amnesiac(m *mutant) {
	m.before = func(_ *replica, env *protocols.Env, message protocols.Message) bool {
		if message == nil {
			env.Disk.Remove(file)
		}
		return false
	}
}

// eager executes what has prepared, and tells the client that it is final.
func eager(m *mutant) {
	m.after = func(n *replica, env *protocols.Env) {
		if s := n.log.find(n.executed + 1); s != nil && s.prepared && !s.committed && !n.changing && s.batch(s.proposal.Batch) != nil {
			s.committed, s.decided, s.outcome = true, true, s.proposal.Batch
			n.execute(env)
		}
	}
}

// credulous verifies no request of a batch.
func credulous(m *mutant) {
	m.before = func(n *replica, _ *protocols.Env, message protocols.Message) bool {
		if p, ok := message.(*PrePrepare); ok && p.batch != nil {
			for _, r := range p.batch.requests {
				n.queue.add(r)
			}
		}
		return false
	}
}

// Invent is a lie that no protocol of honest replicas need fear: a pre-prepare of
// a request that no client has made, proved by the primary as all else.
func Invent(c Config, env *protocols.Env, m *PrePrepare) protocols.Message {
	if m.batch == nil || len(m.batch.requests) == 0 {
		return nil
	}
	l := liar{&c, env, 1}
	r := *m.batch.requests[0]
	r.Command.Sequence++
	r.Command.Value++
	r.fix(KindRequest, r.body(nil))
	r.prove(proof{signature: env.Sign(r.digest)}, 0)
	b := newBatch([]*Request{&r})
	x := newPrePrepare(m.View, m.Sequence, b.digest, env.Self)
	return x.carry(l.prove(x.digest, &m.proof), b)
}
