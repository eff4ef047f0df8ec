package worksteal

import "meshsim/protocols"

// What tests look at from outside.
var (
	Share   = share
	BackOff = backOff
)

// Peers is what a node knows of others.
type Peers struct{ peers }

// Enter notes that a peer was heard of.
func (p *Peers) Enter(id protocols.NodeID, at protocols.Time) { p.enter(id).at = at }

// Knows reports whether something is known of a peer.
func (p *Peers) Knows(id protocols.NodeID) bool { return p.find(id) != nil }

// IDs are those of all peers in their order.
func (p *Peers) IDs() (list []protocols.NodeID) {
	for _, q := range p.peers {
		list = append(list, q.id)
	}
	return list
}
