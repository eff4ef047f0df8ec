package byzantine

import (
	"fmt"

	"meshsim/protocols"
)

// labelled is a message between nodes that have twins: it says which of the
// sender's sent it, so that the same of the receiver's hears it.
type labelled struct {
	protocols.Message
	from instance
}

// Size is one byte more than the message's.
func (m *labelled) Size() int { return m.Message.Size() + 1 }

// AppendTo appends the message, and the sender.
func (m *labelled) AppendTo(b []byte) []byte { return append(m.Message.AppendTo(b), byte(m.from)) }

// String returns the message and the sender.
func (m *labelled) String() string {
	return fmt.Sprintf("%v, twin %d", m.Message, m.from+1)
}

func isLabelled(m protocols.Message) bool {
	_, ok := m.(*labelled)
	return ok
}

// bare is a message without its label, and the labelled one, nil if it has none.
func bare(m protocols.Message) (protocols.Message, *labelled) {
	if x, ok := m.(*labelled); ok {
		return x.Message, x
	}
	return m, nil
}

// decode reads a message, or a labelled one: the protocol refuses a message with
// a byte too many.
func decode(p *protocols.Protocol, b []byte) (protocols.Message, error) {
	m, err := p.Decode(b)
	if err == nil || len(b) == 0 {
		return m, err
	}
	from := instance(b[len(b)-1])
	if from != first && from != second {
		return nil, err
	}
	if m, inner := p.Decode(b[:len(b)-1]); inner == nil {
		return &labelled{m, from}, nil
	}
	return nil, err
}
