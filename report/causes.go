package report

import (
	"slices"

	"meshsim/protocols"
	"meshsim/sim"
)

// Causes follows a call back to what caused it: the message that it was called
// for, the call that sent that, and so on. It is a [sim.Tracer] of a run that is
// made once more, and remembers as much of it as fits.
type Causes struct {
	Of    uint64         // key of the call
	Until protocols.Time // events after it are ignored

	events []sim.TraceEvent // a ring
	oldest int
}

const (
	maxCauses     = 5       // calls that are told
	maxRemembered = 1 << 18 // events: 40 MB
)

// Trace takes events.
func (c *Causes) Trace(events []sim.TraceEvent) {
	for i := range events {
		e := &events[i]
		if e.At > c.Until || !isCall(e.What) && e.What != sim.TraceSend {
			continue
		}
		if len(c.events) < maxRemembered {
			c.events = append(c.events, *e)
			continue
		}
		c.events[c.oldest] = *e
		c.oldest = (c.oldest + 1) % maxRemembered
	}
}

// isCall reports whether an event is a call of a node.
func isCall(what sim.TraceKind) bool {
	return what == sim.TraceDeliver || what == sim.TraceExpire || what == sim.TraceHear || what == sim.TraceStart
}

// Lines returns the chain in words, the first cause first, for [Violation].
func (c *Causes) Lines(name func(protocols.NodeID) string) []string {
	s := &Study{NodeName: name}
	var lines []string
	for _, e := range c.Chain() {
		lines = append(lines, s.traceText(&e))
	}
	return lines
}

// Chain returns the calls that led to the one, and the messages between them, the
// first cause first.
func (c *Causes) Chain() []sim.TraceEvent {
	calls, sends := map[uint64]*sim.TraceEvent{}, map[uint64]*sim.TraceEvent{}
	for i := range c.events {
		if e := &c.events[i]; e.What == sim.TraceSend {
			sends[e.Key] = e
		} else {
			calls[e.Key] = e
		}
	}
	var chain []sim.TraceEvent
	for key, told := c.Of, 0; told < maxCauses; told++ {
		call := calls[key]
		if call == nil {
			break
		}
		chain = append(chain, *call)
		if key = call.Cause; call.What == sim.TraceDeliver {
			sent := sends[call.Key]
			if sent == nil {
				break // it came from outside
			}
			chain = append(chain, *sent)
			key = sent.Cause
		}
	}
	slices.Reverse(chain)
	return chain
}
