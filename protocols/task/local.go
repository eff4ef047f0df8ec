package task

import "meshsim/protocols"

// Local is the strategy in which nothing is shared: a task runs where it enters.
// Then each node is a queue by itself, of which theory knows all.
type Local struct{ Base }

// Holds says that the strategy holds nothing: it places what it is handed at once.
func (*Local) Holds(func(*Task)) {}

// NewLocal describes the protocol with tasks that stay where they enter.
func NewLocal(c Config) *protocols.Protocol {
	return New(c, Parts[Local]{New: func(protocols.World) Local { return Local{} }})
}
