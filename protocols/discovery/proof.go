package discovery

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Proof is a list of peers whose sender signed it, though an announcement in it is
// forged. Who gets one need not believe anybody.
type Proof struct {
	Liar protocols.NodeID
	Of   *Peers
}

// Kind returns KindProof.
func (*Proof) Kind() protocols.Kind { return KindProof }

// Size is the length of the wire form.
func (m *Proof) Size() int {
	return 1 + wire.UvarintSize(uint64(m.Liar)) + m.Of.bodySize() + len(m.Of.Signature) + wire.ChecksumSize
}

// AppendTo appends the kind, the liar and the list.
func (m *Proof) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindProof)), uint64(m.Liar))
	return wire.AppendChecksum(append(m.Of.appendBody(b), m.Of.Signature[:]...), start)
}

// String returns who lied, and in what.
func (m *Proof) String() string { return fmt.Sprintf("proof that %d lied in %v", m.Liar, m.Of) }

// holds reports whether the list is the liar's and one of its announcements is not
// by whom it names. Cost: a verification for each.
func (m *Proof) holds(env *protocols.Env) bool {
	if len(m.Of.List) > maxLinked || !env.Verify(m.Liar, m.Of.digest(), &m.Of.Signature) {
		return false
	}
	for _, a := range m.Of.List {
		if !env.Verify(a.ID, a.digest(), &a.Signature) {
			return true
		}
	}
	return false
}

// expose breaks with a liar and tells the neighbours, who tell theirs.
func (n *node) expose(env *protocols.Env, liar, from protocols.NodeID, m *Peers) {
	n.shun(env, liar)
	proof := &Proof{liar, m}
	for i := range n.active {
		if to := n.active[i].id; to != from {
			env.Send(to, proof)
		}
	}
}

// onProof passes a proof on the first time. Who sends one that proves nothing lies.
func (n *node) onProof(env *protocols.Env, from protocols.NodeID, m *Proof) {
	switch {
	case n.phase != joined || n.shuns(from) || n.shuns(m.Liar) || uint64(m.Liar) >= uint64(n.world.Nodes):
	case !m.holds(env):
		n.caught(env, from)
	case m.Liar != env.Self:
		n.expose(env, m.Liar, from, m.Of)
	}
}
