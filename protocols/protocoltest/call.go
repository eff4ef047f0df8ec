package protocoltest

import (
	"fmt"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/keys"
)

// A call is one input of a node, complete: made again on a node with the same
// past, it has the same effects.
type call struct {
	do   action
	node protocols.NodeID
	now  protocols.Time
	key  uint64 // of the call's random stream

	from    protocols.NodeID
	message protocols.Message
	timer   protocols.TimerID
	event   protocols.Event
}

type action uint8

const (
	boot    action = iota // make a new node over the disk, and start it
	receive               // message from another node or from outside
	expire                // timer
	hear                  // local event
	crash                 // what is not durable is lost; no call of the node
)

// on makes the call of a node.
func (c *call) on(n protocols.Node, env *protocols.Env) {
	switch c.do {
	case boot:
		n.Start(env)
	case receive:
		n.Receive(env, c.from, c.message)
	case expire:
		n.Expire(env, c.timer)
	case hear:
		if h, ok := n.(protocols.Hearer); ok {
			h.Hear(env, c.event)
		}
	}
}

// String tells what the call is, for reports.
func (c *call) String() string {
	at := fmt.Sprintf("at %v node %d ", clock(c.now), c.node)
	switch c.do {
	case boot:
		return at + "starts"
	case receive:
		return fmt.Sprintf("%sreceives %s from %s", at, text(c.message), name(c.from))
	case expire:
		return fmt.Sprintf("%sexpires timer %d %d", at, c.timer.Name(), c.timer.Argument())
	case hear:
		return fmt.Sprintf("%shears %v", at, c.event.Kind)
	}
	return at + "crashes"
}

// newEnv returns an Env that can sign. Signing costs what is measured.
func newEnv() *protocols.Env {
	return &protocols.Env{Crypto: keys.Costed(1), Costs: &keys.Measured}
}

// effects renders what a call asked for, messages by their wire forms, so that
// two calls had the same effects exactly if the texts are equal.
func effects(env *protocols.Env) string {
	var s strings.Builder
	for _, x := range env.Sends {
		fmt.Fprintf(&s, "send to %d kind %d %x\n", x.To, x.Message.Kind(), x.Message.AppendTo(nil))
	}
	for _, x := range env.Timers {
		fmt.Fprintf(&s, "timer %d %d after %d\n", x.Timer.Name(), x.Timer.Argument(), int64(x.After))
	}
	for _, x := range env.Observations {
		fmt.Fprintf(&s, "observe %d %d %d\n", x.Kind, x.Key, x.Value)
	}
	for _, x := range env.Announcements {
		fmt.Fprintf(&s, "announce %v %d %d %d %x\n", x.Kind, x.Node, x.ID, x.Value, x.Data)
	}
	if env.Busy != 0 {
		fmt.Fprintf(&s, "work %d\n", int64(env.Busy))
	}
	return s.String()
}

// text is how a message is called in reports and conversations.
func text(m protocols.Message) string {
	if s, ok := m.(fmt.Stringer); ok {
		return s.String()
	}
	return fmt.Sprintf("%T of %d bytes", m, m.Size())
}

func name(id protocols.NodeID) string {
	if id == protocols.External {
		return "outside"
	}
	return fmt.Sprint(uint32(id))
}

// clock writes an instant as a duration: 1.5s.
func clock(t protocols.Time) time.Duration { return time.Duration(t) }
