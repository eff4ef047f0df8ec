package byzantine

import (
	"slices"

	"meshsim/protocols"
)

// say says nothing.
func (*Silent) say(*saying, *act, protocols.Send) {}

// say sends the message unless the draw loses it.
func (b *Drop) say(t *saying, _ *act, s protocols.Send) {
	if !t.rand.Hit(b.Share) {
		t.send(s.To, s.Message)
	}
}

// held is what one call wanted to send.
type held struct {
	batch uint32
	sends []protocols.Send
}

// say holds the message back. What one call says leaves together.
func (b *Delay) say(t *saying, _ *act, s protocols.Send) {
	if t.batch == 0 {
		t.batches++
		t.batch = t.batches
		t.held = append(t.held, held{batch: t.batch})
		t.env.SetTimer(t.timer(0, t.batch), b.By)
	}
	h := &t.held[len(t.held)-1]
	h.sends = append(h.sends, s)
}

// release sends what was held back, whether or not the behaviour is over.
func (l *liar) release(env *protocols.Env, batch uint32) {
	i := slices.IndexFunc(l.held, func(h held) bool { return h.batch == batch })
	if i >= 0 {
		env.Sends = append(env.Sends, l.held[i].sends...)
		l.held = slices.Delete(l.held, i, i+1)
	}
}
