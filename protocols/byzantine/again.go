package byzantine

import (
	"time"

	"meshsim/protocols"
)

// memory is how many messages a replayer remembers.
const memory = 256

// again is a Replay or a Flood in force.
type again struct {
	every    time.Duration
	burst    int
	newest   bool
	messages []protocols.Message // the last ones, in a ring
	next     int                 // place of the next one
}

// say sends the message and remembers it.
func (b *again) say(t *saying, _ *act, s protocols.Send) {
	m, _ := bare(s.Message)
	if b.last() != m { // else to another node
		b.remember(m)
	}
	t.send(s.To, s.Message)
}

func (b *again) remember(m protocols.Message) {
	if len(b.messages) < memory {
		b.messages = append(b.messages, m)
	} else {
		b.messages[b.next%memory] = m
	}
	b.next++
}

// last is the message that was remembered last, nil if none was.
func (b *again) last() protocols.Message {
	if b.next == 0 {
		return nil
	}
	return b.messages[(b.next-1)%memory]
}

// overhear remembers what the node receives, for those who replay it. Commands
// from outside are none of it: nodes do not send such.
func (l *liar) overhear(from protocols.NodeID, m protocols.Message) {
	if from == protocols.External {
		return
	}
	for _, a := range l.acts {
		if b, ok := a.does.(*again); ok && a.about(m.Kind()) {
			b.remember(m)
		}
	}
}

// tick sends a burst.
func (b *again) tick(env *protocols.Env, l *liar, a *act) {
	l.rand = env.Rand
	for range b.burst {
		to, ok := l.peer(env.Self, a)
		if !ok || len(b.messages) == 0 {
			break
		}
		m := b.last()
		if !b.newest {
			m = b.messages[l.rand.IntN(len(b.messages))]
		}
		env.Send(to, m)
	}
	env.SetTimer(l.timer(a.number, 0), b.every)
}
