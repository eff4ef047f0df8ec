package discovery

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindJoin         protocols.Kind = iota // let me in
	KindWelcome                            // you are in and linked to me, and these are peers
	KindRedirect                           // ask one of these peers instead
	KindForwardJoin                        // a random walk that finds who joins more links
	KindNeighbour                          // asks for a link
	KindAccept                             // gives it
	KindReject                             // refuses it
	KindDisconnect                         // there is no link between us, or no more
	KindKeepAlive                          // a sign of life to a neighbour
	KindAnnounce                           // a new announcement of the sender
	KindWalk                               // a random walk that finds a partner for a shuffle
	KindShuffle                            // peers of who was found
	KindShuffleReply                       // peers in exchange
	KindProbe                              // asks for an answer, to measure the way
	KindProbed                             // answers it
	KindSwap                               // initiator to candidate: link with me instead of your farthest
	KindReplace                            // candidate to its farthest: link with the initiator's old neighbour instead
	KindSwitch                             // that one to the old neighbour: link with me instead of the initiator
	KindSwitched                           // the answers, on the way back
	KindReplaced
	KindSwapped
	KindProof // somebody lied, and this proves it
	KindLeave // from outside: leave
	KindEnter // from outside: join again
)

var kindNames = []string{"join", "welcome", "redirect", "forward-join", "neighbour", "accept", "reject", "disconnect", "keep-alive", "announce",
	"walk", "shuffle", "shuffle-reply", "probe", "probed", "swap", "replace", "switch", "switched", "replaced", "swapped", "proof", "leave", "enter"}

// Signal says all with its kind: reject, disconnect, keep-alive, leave or enter.
type Signal struct{ kind protocols.Kind }

var (
	reject     = &Signal{KindReject}
	disconnect = &Signal{KindDisconnect}
	keepAlive  = &Signal{KindKeepAlive}
	leave      = &Signal{KindLeave}
	enter      = &Signal{KindEnter}
)

// NewLeave returns a message from outside that has a node leave the mesh in order.
func NewLeave() protocols.Message { return leave }

// NewEnter returns a message from outside that has a node join that has left.
func NewEnter() protocols.Message { return enter }

// Kind tells the message's kind.
func (m *Signal) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Signal) Size() int { return 1 + wire.ChecksumSize }

// AppendTo appends the kind.
func (m *Signal) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(append(b, byte(m.kind)), len(b))
}

// String returns the kind.
func (m *Signal) String() string { return kindNames[m.kind] }

// Introduction is about one node. Its kind is join, forward-join, neighbour,
// accept, announce or walk.
type Introduction struct {
	kind   protocols.Kind
	TTL    uint8 // steps that a walk may go on
	Urgent bool  // of neighbour: who asks has no link at all
	Of     *Announcement
}

// Kind tells the message's kind.
func (m *Introduction) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Introduction) Size() int { return 3 + m.Of.size() + wire.ChecksumSize }

// AppendTo appends kind, TTL, urgency and announcement.
func (m *Introduction) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendBool(append(b, byte(m.kind), m.TTL), m.Urgent)
	return wire.AppendChecksum(m.Of.appendTo(b), start)
}

// String returns the kind and who it is about.
func (m *Introduction) String() string {
	s := fmt.Sprintf("%s of %v", kindNames[m.kind], m.Of)
	if m.kind == KindForwardJoin || m.kind == KindWalk {
		s += fmt.Sprintf(", %d steps", m.TTL)
	}
	if m.Urgent {
		s += ", urgent"
	}
	return s
}

// Probe measures the way to a node. Its kind is probe or probed.
type Probe struct {
	kind   protocols.Kind
	Number uint32 // the answer has that of the question
}

// Kind tells the message's kind.
func (m *Probe) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Probe) Size() int { return 5 + wire.ChecksumSize }

// AppendTo appends kind and number.
func (m *Probe) AppendTo(b []byte) []byte {
	return wire.AppendChecksum(wire.AppendUint32(append(b, byte(m.kind)), m.Number), len(b))
}

// String returns kind and number.
func (m *Probe) String() string { return fmt.Sprintf("%s %d", kindNames[m.kind], m.Number) }
