package discovery

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Peers is a list of peers, the sender first, and what the sender thinks of some.
// Its kind is welcome, redirect, shuffle or shuffle-reply. The sender signs it: if
// there is a forged announcement in it, that proves to everybody who lied.
type Peers struct {
	kind      protocols.Kind
	List      []*Announcement
	Reports   []Report
	Signature protocols.Signature
}

// newPeers makes a list and signs it.
func newPeers(env *protocols.Env, kind protocols.Kind, list []*Announcement, reports []Report) *Peers {
	m := &Peers{kind: kind, List: list, Reports: reports}
	m.Signature = env.Sign(m.digest())
	return m
}

// digest is what is signed.
func (m *Peers) digest() protocols.Digest {
	var room [1024]byte
	return sha256.Sum256(m.appendBody(append(room[:0], "peers"...)))
}

// Report is what the sender has seen of a node: from -100, a liar, to 100.
type Report struct {
	Node  protocols.NodeID
	Score int8
}

// Kind tells the message's kind.
func (m *Peers) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *Peers) Size() int { return m.bodySize() + len(m.Signature) + wire.ChecksumSize }

func (m *Peers) bodySize() int {
	n := 1 + wire.UvarintSize(uint64(len(m.List))) + wire.UvarintSize(uint64(len(m.Reports)))
	for _, a := range m.List {
		n += a.size()
	}
	for _, r := range m.Reports {
		n += wire.UvarintSize(uint64(r.Node)) + 1
	}
	return n
}

// AppendTo appends the kind, the list, the reports and the signature.
func (m *Peers) AppendTo(b []byte) []byte {
	start := len(b)
	return wire.AppendChecksum(append(m.appendBody(b), m.Signature[:]...), start)
}

func (m *Peers) appendBody(b []byte) []byte {
	b = wire.AppendUvarint(append(b, byte(m.kind)), uint64(len(m.List)))
	for _, a := range m.List {
		b = a.appendTo(b)
	}
	b = wire.AppendUvarint(b, uint64(len(m.Reports)))
	for _, r := range m.Reports {
		b = append(wire.AppendUvarint(b, uint64(r.Node)), byte(r.Score))
	}
	return b
}

// String returns the kind, the peers and the reports.
func (m *Peers) String() string {
	var s strings.Builder
	s.WriteString(kindNames[m.kind])
	for _, a := range m.List {
		fmt.Fprintf(&s, " %v", a)
	}
	for _, r := range m.Reports {
		fmt.Fprintf(&s, ", of %d %d", r.Node, r.Score)
	}
	return s.String()
}
