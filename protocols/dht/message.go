package dht

import (
	"fmt"

	"meshsim/protocols"
)

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindFind      protocols.Kind = iota // which nodes follow Key on the ring?
	KindStep                            // Final: Peers follow Key; else ask one of Peers
	KindRoute                           // as find, for Origin; whoever cannot answer passes it on
	KindRouted                          // a route has arrived
	KindFound                           // to the origin of a route: Peers follow Key, after Hops
	KindGet                             // what is stored under Key?
	KindPut                             // store Value under Key
	KindReply                           // to a get or put: Status, Version, Value; or ask Peers
	KindAsk                             // who are your neighbours on the ring?
	KindTell                            // they are Pred and Peers
	KindNotify                          // From believes to be the predecessor; Flag: it has not got its keys yet
	KindTransfer                        // Items of the arc (Low, High]; Flag: these are the last
	KindSummary                         // how many keys there are in (Low, High], and a Sum of them
	KindTaken                           // a transfer arrived, or a summary, with Status
	KindLeaving                         // From leaves, with its Pred and Peers
	KindChange                          // Pred has joined (Flag) or gone; tell those up to the node at place High
	KindIntroduce                       // Pred is on the ring, too; for who stands before it
	KindLookup                          // from outside: look up Key
	KindRead                            // from outside: read what is stored under Key
	KindWrite                           // from outside: store Value under Key
	KindDepart                          // from outside: leave the ring in order
)

var kindNames = []string{"find", "step", "route", "routed", "found", "get", "put", "reply", "ask", "tell", "notify", "transfer",
	"summary", "taken", "leaving", "change", "introduce", "lookup", "read", "write", "depart"}

// What a message can carry, as bits.
const (
	hasSeq = 1 << iota
	hasTo
	hasFrom
	hasKey
	hasHops
	hasFlag
	hasStatus
	hasOrigin
	hasVersion
	hasArc
	hasSum
	hasPred
	hasPeers
	hasValue
	hasItems
)

// carries are the fields of each kind, in the order of the bits.
var carries = [...]int{
	KindFind:      hasSeq | hasTo | hasKey,
	KindStep:      hasSeq | hasFlag | hasPeers,
	KindRoute:     hasSeq | hasTo | hasKey | hasHops | hasOrigin,
	KindRouted:    hasSeq,
	KindFound:     hasSeq | hasHops | hasPeers,
	KindGet:       hasSeq | hasTo | hasKey,
	KindPut:       hasSeq | hasTo | hasKey | hasValue,
	KindReply:     hasSeq | hasStatus | hasVersion | hasPeers | hasValue,
	KindAsk:       hasSeq | hasTo,
	KindTell:      hasSeq | hasPred | hasPeers,
	KindNotify:    hasTo | hasFrom | hasFlag,
	KindTransfer:  hasSeq | hasTo | hasFrom | hasFlag | hasArc | hasItems,
	KindSummary:   hasSeq | hasTo | hasFrom | hasArc | hasSum,
	KindTaken:     hasSeq | hasStatus,
	KindLeaving:   hasTo | hasFrom | hasPred | hasPeers,
	KindChange:    hasFlag | hasPred | hasArc,
	KindIntroduce: hasTo | hasHops | hasPred,
	KindLookup:    hasKey,
	KindRead:      hasKey,
	KindWrite:     hasKey | hasValue,
	KindDepart:    0,
}

// Status is how a question ended.
type Status uint8

// The ways in which a question ends.
const (
	OK       Status = iota
	Missing         // nothing is stored there
	Moved           // another node is responsible, one of Peers if there are any
	Again           // not now: ask later
	ReadOnly        // not while the node's side of a partition is read-only
	Full            // the node holds as many keys as it can
	Differs         // the copies differ from the summary
)

var statusNames = []string{"ok", "missing", "moved", "again", "read-only", "full", "differs"}

// String returns the status as a word.
func (s Status) String() string { return statusNames[s] }

// Item is a key with what is stored under it.
type Item struct {
	Key     uint64
	Version uint64
	Value   []byte // never changed
}

// Message is a message of any kind. What its kind does not carry is zero, or
// nobody.
type Message struct {
	kind    protocols.Kind
	Hops    uint8
	Flag    bool
	Status  Status
	To      uint16 // the place of the receiver that is meant
	From    uint16 // the place of the sender that speaks
	Seq     uint32 // of a question, and of its answer
	Origin  protocols.NodeID
	OriginS uint32 // the origin's own Seq
	Key     uint64
	Version uint64
	Low     uint64
	High    uint64
	Sum     uint64
	Count   uint64
	Pred    Peer
	Peers   []Peer // never changed
	Value   []byte // never changed
	Items   []Item // never changed
}

// NewLookup returns a message from outside that asks a node to look up who is
// responsible for a key.
func NewLookup(key uint64) *Message { return &Message{kind: KindLookup, Key: key} }

// NewRead returns a message from outside that asks a node to read a key.
func NewRead(key uint64) *Message { return &Message{kind: KindRead, Key: key} }

// NewWrite returns a message from outside that asks a node to store a value under
// a key. It takes value over.
func NewWrite(key uint64, value []byte) *Message {
	return &Message{kind: KindWrite, Key: key, Value: value}
}

// NewDepart returns a message from outside that asks a node to leave in order.
func NewDepart() *Message { return &Message{kind: KindDepart} }

// Kind tells the message's kind.
func (m *Message) Kind() protocols.Kind { return m.kind }

// has reports whether the message carries a field.
func (m *Message) has(field int) bool { return carries[m.kind]&field != 0 }

// outside reports whether it can only come from outside.
func (m *Message) outside() bool { return m.kind >= KindLookup }

// String returns the kind and what it carries.
func (m *Message) String() string {
	s := kindNames[m.kind]
	add := func(field int, format string, args ...any) {
		if m.has(field) {
			s += fmt.Sprintf(" "+format, args...)
		}
	}
	add(hasKey, "%04x", m.Key>>48)
	add(hasHops, "after %d", m.Hops)
	if m.Flag {
		s += " " + flagNames[m.kind]
	}
	add(hasStatus, "%v", m.Status)
	add(hasOrigin, "for %d", m.Origin)
	add(hasArc, "(%04x, %04x]", m.Low>>48, m.High>>48)
	add(hasPred, "%v", m.Pred)
	add(hasPeers, "%v", m.Peers)
	add(hasValue, "%q", m.Value)
	add(hasSum, "%d keys", m.Count)
	add(hasItems, "%d items", len(m.Items))
	return s
}

// flagNames are what the flag means.
var flagNames = map[protocols.Kind]string{KindStep: "final", KindNotify: "unfilled", KindTransfer: "last", KindChange: "joined"}
