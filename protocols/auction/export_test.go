package auction

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// The parts of a score, for tests of formulas.
var (
	LoadMark = loadMark
	Kept     = kept
	Share    = share
	BackOff  = backOff
)

// One is the best mark.
const One = one

// Score is the score of a bid, with these marks, for a task of 1s.
func Score(c Config, match, free int64, promise time.Duration, past int64) int64 {
	return newRule(&c).score(&bid{match: match, free: free, promise: promise}, time.Second, past)
}

// forgetful is an auctioneer that forgets what was refused.
type forgetful struct{ state }

func (*forgetful) Returned(*protocols.Env, *task.Worker, protocols.NodeID, *task.Task, bool) {}

// NewForgetful describes its protocol.
func NewForgetful(c task.Config, a Config) *protocols.Protocol {
	return task.New(c, parts(a, func(s state) forgetful { return forgetful{s} }))
}

// generous is an auctioneer that awards to the second best, too.
type generous struct{ state }

func (g *generous) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, m protocols.Message) {
	g.state.Receive(env, w, from, m)
	for _, a := range g.awards {
		if a.awarded == env.Now && a.choice == 0 && len(a.ranking) > 1 {
			a.choice = 1
			g.give(env, w, a)
		}
	}
}

// NewGenerous describes its protocol.
func NewGenerous(c task.Config, a Config) *protocols.Protocol {
	return task.New(c, parts(a, func(s state) generous { return generous{s} }))
}

// greedy is a bidder that takes a task without waiting for the award.
type greedy struct{ state }

func (g *greedy) Receive(env *protocols.Env, w *task.Worker, from protocols.NodeID, m protocols.Message) {
	g.state.Receive(env, w, from, m)
	if m, ok := m.(*announce); ok && w.Free() > 0 {
		env.Observe(task.Took, m.task, uint64(from))
		w.Keep(env, &task.Task{ID: m.task, Size: m.size, Origin: from})
	}
}

// NewGreedy describes its protocol.
func NewGreedy(c task.Config, a Config) *protocols.Protocol {
	return task.New(c, parts(a, func(s state) greedy { return greedy{s} }))
}

// Past is what a node knows of how others did.
type Past struct{ peers }

// Set notes a mark.
func (p *Past) Set(id protocols.NodeID, now protocols.Time, mark int64) { p.set(id, now, mark) }

// Mark is what is known of a node at a time.
func (p *Past) Mark(id protocols.NodeID, now protocols.Time, forgive time.Duration) int64 {
	return p.mark(id, now, forgive)
}

// Len is of how many nodes something is known.
func (p *Past) Len() int { return len(p.peers) }
