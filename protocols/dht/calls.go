package dht

import (
	"slices"

	"meshsim/protocols"
)

// What a question is asked for: who takes the answer, or the silence.
type purpose uint8

const (
	toStabilise purpose = iota // of the successor: who is before you?
	toAdopt                    // of a peer that may be a closer successor
	toCheck                    // of the predecessor: are you there?
	toStep                     // of a lookup
	toPass                     // of a lookup of another node, on its way
	toServe                    // of the node that is responsible for a key
	toMove                     // a transfer to a node that gets a range, or copies of it
	toCopy                     // a copy of what was just written
	toSummarise                // a summary of what a copy should hold
	toOffer                    // what this node does not have to hold, to who does
)

// call is a question that waits for its answer.
type call struct {
	seq     uint32
	purpose purpose
	virtual uint16 // the place that asks
	tries   uint8
	to      Peer
	of      uint32 // the operation or the write that it belongs to
	message *Message
}

// maxCalls bounds the questions of others that a node passes on, and its own.
const maxCalls = 4096

// ask sends a question and waits for the answer. It reports whether it could: a
// node with too many questions asks no more.
func (n *node) ask(env *protocols.Env, c call) bool {
	slot := slices.IndexFunc(n.calls, func(c call) bool { return c.message == nil })
	if slot < 0 {
		if len(n.calls) == maxCalls {
			return false
		}
		slot = len(n.calls)
		n.calls = append(n.calls, call{})
	}
	n.seq++
	m := *c.message
	m.Seq, m.To = n.seq, c.to.Virtual
	c.seq, c.message = n.seq, &m
	n.calls[slot] = c
	env.Send(c.to.Node, c.message)
	env.SetTimer(protocols.Timer(callTimer, uint64(slot)), n.Timeout)
	return true
}

// answered finds the question of an answer and hands the answer on.
func (n *node) answered(env *protocols.Env, from protocols.NodeID, m *Message) {
	if m.kind == KindFound {
		n.onFound(env, m)
		return
	}
	slot := slices.IndexFunc(n.calls, func(c call) bool {
		return c.message != nil && c.seq == m.Seq && c.to.Node == from && answers(c.message.kind, m.kind)
	})
	if slot < 0 {
		return
	}
	c := n.calls[slot]
	n.calls[slot] = call{}
	env.StopTimer(protocols.Timer(callTimer, uint64(slot)))
	n.hearFrom(from)
	p := &n.points[c.virtual]
	switch c.purpose {
	case toStabilise, toAdopt:
		n.onNeighbours(env, p, &c, m)
	case toStep:
		n.onStep(env, &c, m)
	case toServe:
		n.onReply(env, &c, m)
	case toMove:
		n.moved(env, p, &c, m)
	case toCopy:
		n.copied(env, c.of, m.Status == OK)
	case toOffer:
		n.offered(env, &c, m.Status == OK)
	case toSummarise:
		if m.Status == Differs {
			n.copyTo(env, p, c.to)
		}
	}
}

// answers reports whether an answer fits a question.
func answers(question, answer protocols.Kind) bool {
	switch question {
	case KindFind:
		return answer == KindStep
	case KindRoute:
		return answer == KindRouted
	case KindGet, KindPut:
		return answer == KindReply
	case KindAsk:
		return answer == KindTell
	}
	return answer == KindTaken
}

// unanswered handles the silence after a question. Neighbours are asked again
// before they are taken for failed; a lookup goes around the silent one at once.
func (n *node) unanswered(env *protocols.Env, slot uint64) {
	if slot >= uint64(len(n.calls)) || n.calls[slot].message == nil {
		return
	}
	c := &n.calls[slot]
	c.tries++
	patient := c.purpose != toStep && c.purpose != toPass && c.purpose != toServe
	if patient && int(c.tries) < n.Attempts {
		env.Send(c.to.Node, c.message)
		env.SetTimer(protocols.Timer(callTimer, slot), n.Timeout)
		return
	}
	gone := *c
	n.calls[slot] = call{}
	n.suspect(env, gone.to.Node, int(gone.tries))
	n.silence(env, &gone)
}

// silence tells who asked that there is no answer.
func (n *node) silence(env *protocols.Env, c *call) {
	p := &n.points[c.virtual]
	switch c.purpose {
	case toStabilise:
		n.dropSuccessor(env, p, c.to)
	case toAdopt:
		n.notify(env, p)
	case toCheck:
		if p.pred == c.to {
			n.losePredecessor(env, p)
		}
	case toStep:
		n.nextStep(env, c.of)
	case toPass:
		m := *c.message
		m.Hops--
		n.pass(env, p, &m)
	case toServe:
		n.nextServer(env, c.of)
	case toMove:
		n.moveFailed(env, p, c.to)
	case toCopy:
		n.copied(env, c.of, false)
	case toOffer:
		n.offered(env, c, false)
	}
}

// suspect is a node that did not answer. Lookups prefer others while it is in the
// list. One that was silent as often as the configuration says is taken for failed.
type suspect struct {
	node   protocols.NodeID
	silent int
	until  protocols.Time
}

// maxSuspects bounds the list; the oldest is replaced.
const maxSuspects = 32

// suspect notes that a node was silent so many times, for some time: longer if it
// is taken for failed.
func (n *node) suspect(env *protocols.Env, id protocols.NodeID, times int) {
	if id == n.self {
		return
	}
	s := suspect{node: id, silent: times, until: env.Now + protocols.Time(8*n.Timeout)}
	n.suspects = slices.DeleteFunc(n.suspects, func(old suspect) bool {
		if old.node == id {
			s.silent += old.silent
		}
		return old.node == id || old.until < env.Now
	})
	if len(n.suspects) == maxSuspects {
		n.suspects = slices.Delete(n.suspects, 0, 1)
	}
	if s.silent >= n.Attempts {
		s.until += protocols.Time(10 * n.Stabilise)
		for v := range n.points {
			dropFinger(&n.points[v], id)
		}
	}
	n.suspects = append(n.suspects, s)
}

// silent is how often a node did not answer of late.
func (n *node) silent(id protocols.NodeID) int {
	for i := range n.suspects {
		if n.suspects[i].node == id {
			return n.suspects[i].silent
		}
	}
	return 0
}

// suspected reports whether a node did not answer of late.
func (n *node) suspected(id protocols.NodeID) bool { return n.silent(id) > 0 }

// failed reports whether a node is taken for failed.
func (n *node) failed(id protocols.NodeID) bool { return n.silent(id) >= n.Attempts }

// hearFrom takes a node out of the list: it lives.
func (n *node) hearFrom(id protocols.NodeID) {
	for i := range n.suspects {
		if n.suspects[i].node == id {
			n.suspects = slices.Delete(n.suspects, i, i+1)
			return
		}
	}
}

// dropFinger empties the fingers that point to a node; they are looked up anew in
// their turn.
func dropFinger(p *point, id protocols.NodeID) {
	for i := range p.fingers {
		if p.fingers[i].Node == id {
			p.fingers[i] = nobody
		}
	}
}

// forget takes the word of a failure detector: the node is gone.
func (n *node) forget(env *protocols.Env, id protocols.NodeID) {
	n.suspect(env, id, n.Attempts)
	for v := range n.points {
		p := &n.points[v]
		if !p.joined {
			continue
		}
		if p.pred.Node == id && p.pred != nobody {
			n.losePredecessor(env, p)
		}
		before := p.successor()
		left := slices.DeleteFunc(slices.Clone(p.successors), func(q Peer) bool { return q.Node == id })
		if len(left) < len(p.successors) {
			n.follow(env, p, left, n.known(p))
		}
		if p.successor() != before {
			n.stabilise(env, p)
		}
	}
}
