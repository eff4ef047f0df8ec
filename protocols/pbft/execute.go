package pbft

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
)

// tentative is the batch that was executed before it has committed (section
// 5.1): always the one after the last that was executed for good.
type tentative struct {
	active  bool
	mark    kv.Mark // the state before it
	batch   *batch
	applied []bool // by place in the batch: whether the request was new
}

// reads are the read-only requests that wait. A replica that has told a client of
// a write, perhaps in a life before this one, must not tell another what was
// before it: it answers no reads until it has executed that number for good.
type reads struct {
	from    uint64 // the number
	waiting []*Request
}

// execute executes what has committed, in the order of the numbers (section
// 4.2): "Each replica i executes the operation requested by m after
// committed-local(m, v, n, i) is true and i's state reflects the sequential
// execution of all requests with lower sequence numbers."
func (n *replica) execute(env *protocols.Env) {
	before := n.executed
	for {
		s := n.log.find(n.executed + 1)
		if s == nil || !s.decided {
			break
		}
		b := s.batch(s.outcome)
		if b == nil {
			n.fetchBatch(env, s)
			break
		}
		n.executeBatch(env, b)
	}
	if n.executed == before {
		return
	}
	if !n.changing {
		n.change.attempts = 0 // the view makes progress
	}
	n.executeTentatively(env)
	n.propose(env)
	n.watch(env)
}

// executeBatch executes the next batch for good.
func (n *replica) executeBatch(env *protocols.Env, b *batch) {
	if n.tentative.batch != b {
		n.takeBack()
	}
	n.executed++
	env.Observe(Executed, n.executed, short(b.digest))
	ahead := n.tentative.active
	n.tentative.active = false
	for i, r := range b.requests {
		if ahead && n.tentative.applied[i] || !ahead && n.apply(env, r, false) {
			env.Observe(Applied, short(r.digest), uint64(r.Client()))
			n.decided(env, i, r)
		}
		n.queue.executed(r.Command.Session, r.Command.Sequence)
	}
	n.readWaiting(env)
	n.afterEvents(env)
	if n.executed%uint64(n.Checkpoint) == 0 {
		n.makeCheckpoint(env)
	}
}

// executeTentatively executes the next batch as soon as it has prepared, if all
// before have committed. A view change takes that back.
func (n *replica) executeTentatively(env *protocols.Env) {
	if !n.Tentative || n.changing || n.tentative.active {
		return
	}
	s := n.log.find(n.executed + 1)
	if s == nil || !s.prepared || s.decided {
		return
	}
	b := s.batch(s.proposal.Batch)
	if b == nil {
		return
	}
	n.tentative.active, n.tentative.mark, n.tentative.batch = true, n.store.Mark(), b
	n.reads.from = max(n.reads.from, n.executed+1)
	n.tentative.applied = n.tentative.applied[:0]
	for _, r := range b.requests {
		n.tentative.applied = append(n.tentative.applied, n.apply(env, r, true))
	}
}

// takeBack undoes the tentative execution.
func (n *replica) takeBack() {
	if n.tentative.active {
		n.tentative.active = false
		n.store.Rollback(n.tentative.mark)
	}
}

// apply executes a request, unless that has happened, and tells the client. It
// reports whether the request was new.
func (n *replica) apply(env *protocols.Env, r *Request, tentative bool) bool {
	if r.Command.Sequence <= n.store.Last(r.Command.Session) {
		return false
	}
	result := n.store.ApplyCommand(r.Command)
	if len(r.Event) == 0 {
		n.reply(env, r, result, tentative)
	}
	return true
}

func (n *replica) reply(env *protocols.Env, r *Request, result kv.Result, tentative bool) {
	m := &Reply{View: n.view, Session: r.Command.Session, Timestamp: r.Command.Sequence, Replica: n.id, Tentative: tentative, Result: result}
	m.fix(KindReply, m.body(nil))
	p := proof{form: byTags}
	if n.Authentication == MACs {
		p.tags = []protocols.Tag{env.Tag(r.Client(), m.digest)}
	} else {
		p = proof{signature: env.Sign(m.digest)}
	}
	m.prove(p, 0)
	env.Observe(Replied, operation(r.Command.Session, r.Command.Sequence), resultDigest(result))
	env.Send(r.Client(), m)
}

// operation is how observations tell of a client's operation, whether it was
// asked for as a read-only request or as an ordinary one.
func operation(of kv.Session, timestamp uint64) uint64 { return draw.Derive(uint64(of), timestamp) }

// resultDigest is how observations tell of a result.
func resultDigest(r kv.Result) uint64 {
	return draw.Derive(draw.Derive(uint64(r.Status), r.Value), uint64(r.Payload))
}

// answerAgain repeats the reply to a request that was executed: it is part of
// the state. A request before the last one of its session is told to be stale.
func (n *replica) answerAgain(env *protocols.Env, m *Request) {
	if len(m.Event) > 0 {
		return // a replica sees for itself
	}
	n.reply(env, m, n.store.ApplyCommand(m.Command), n.tentative.active && n.executedAhead(m))
}

// executedAhead reports whether a request is in the batch that was executed
// tentatively.
func (n *replica) executedAhead(m *Request) bool {
	s := n.log.find(n.executed + 1)
	if s == nil || s.proposal == nil {
		return false
	}
	if b := s.batch(s.proposal.Batch); b != nil {
		for _, r := range b.requests {
			if r.Command.Session == m.Command.Session && r.Command.Sequence == m.Command.Sequence {
				return true
			}
		}
	}
	return false
}

// read answers a read-only request at once (section 5.1), if all that the state
// reflects has committed; else when it has.
func (n *replica) read(env *protocols.Env, m *Request) {
	switch {
	case n.transfer.known.sequence > n.executed: // the state is known to be old
	case n.executed >= n.reads.from:
		n.reply(env, m, n.readCommand(m.Command), false)
	case len(n.reads.waiting) < maxReads:
		n.reads.waiting = append(n.reads.waiting, m)
	}
}

// readCommand reads without a trace, not even in the session.
func (n *replica) readCommand(c kv.Command) kv.Result {
	r, err := kv.DecodeResult(n.store.Read(c.AppendTo(nil)))
	if err != nil {
		panic("pbft: the store gave a result that is none: " + err.Error())
	}
	return r
}

// maxReads bounds the read-only requests that wait.
const maxReads = 1 << 14

func (n *replica) readWaiting(env *protocols.Env) {
	if len(n.reads.waiting) == 0 || n.executed < n.reads.from {
		return
	}
	list := n.reads.waiting
	n.reads.waiting = nil
	for _, m := range list {
		n.read(env, m)
	}
}
