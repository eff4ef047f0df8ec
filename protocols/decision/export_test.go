package decision

import (
	"fmt"

	"meshsim/protocols"
)

// EntryName tells what an entry of the order is.
func EntryName(data []byte) string {
	if p, err := decodeProposal(data); err == nil {
		return fmt.Sprintf("proposal %v", p.ID)
	}
	if v, err := decodeVerdict(data); err == nil {
		return fmt.Sprintf("verdict %v %v by %d", v.ID, v.Outcome, len(v.Ballots))
	}
	return fmt.Sprintf("%q", data)
}

// File is the name of the log on disk.
const File = file

// The lies, by name.
const (
	Opposite = opposite
	Turned   = turned
)

// DecodeEntry reads an entry of either kind, and writes it again.
func DecodeEntry(b []byte) (again []byte, err error) {
	if v, err := decodeVerdict(b); err == nil {
		return v.encode(), nil
	}
	p, err := decodeProposal(b)
	if err != nil {
		return nil, err
	}
	return p.encode(), nil
}

// Turn returns a verdict's entry with the other outcome and no votes.
func Turn(data []byte) ([]byte, bool) {
	v, err := decodeVerdict(data)
	if err != nil {
		return nil, false
	}
	v.Outcome, v.Ballots = other(v.Outcome), nil
	return v.encode(), true
}

// Rush makes a node take verdicts with fewer votes than it needs.
func Rush(n protocols.Node, need int) {
	s := *n.(*node).shared
	s.need = need
	n.(*node).shared = &s
}

// Trust makes a node believe every verdict without votes.
func Trust(n protocols.Node) { Rush(n, 0) }

// Phantom is a proposal that the node signs and does not tell of.
func Phantom(env *protocols.Env) []byte {
	p := (&Proposal{ID: NewID(env.Self, 1000), Subject: "phantom"}).seal()
	p.Signature = env.Sign(p.digest)
	return p.encode()
}
