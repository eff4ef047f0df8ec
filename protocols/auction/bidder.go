package auction

import (
	"math/bits"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// onAnnounce bids, or passes.
func (s *state) onAnnounce(env *protocols.Env, w *task.Worker, from protocols.NodeID, m *announce) {
	t := &task.Task{Size: m.size, Memory: m.memory, Needs: m.needs}
	if !w.Room(t) {
		env.Send(from, &pass{m.number})
		return
	}
	b := offer(env, w, t)
	b.number = m.number
	env.Send(from, &b)
}

// offer is the honest bid of a node for a task.
func offer(env *protocols.Env, w *task.Worker, t *task.Task) bid {
	free := share(uint64(w.Free()), uint64(w.Cores))
	if w.Memory > 0 {
		free = (free + share(uint64(w.FreeMemory()), uint64(w.Memory))) / 2
	}
	return bid{match: millionths(w.Offers().Match(t.Needs)), free: free, promise: promise(env, w, t.Size)}
}

// promise is how long a task of that size would take from now on: its turn comes
// when the cores have shared what is ahead of it.
func promise(env *protocols.Env, w *task.Worker, size time.Duration) time.Duration {
	ahead := w.Ahead(env.Now)
	if w.Free() > 0 {
		ahead = 0
	}
	return min(min(ahead, maxPromise)+min(w.Speed.Takes(size), maxPromise), maxPromise)
}

// share is a part of a whole that is not 0, in millionths, at most one.
func share(part, whole uint64) int64 {
	if part >= whole {
		return one
	}
	hi, lo := bits.Mul64(part, one)
	q, _ := bits.Div64(hi, lo, whole)
	return int64(q)
}
