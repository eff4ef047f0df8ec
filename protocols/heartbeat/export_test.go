package heartbeat

import "meshsim/protocols"

// What tests look at.

// Logarithm, Root and Deviations are the integer functions of the estimators.
var (
	Logarithm  = logarithm
	Root       = root
	Deviations = deviations
)

// Order is a permutation of 0 … n-1.
func Order(n int, key uint64) (list []int) {
	p := newPermutation(n, key)
	for i := range n {
		list = append(list, p.at(i))
	}
	return list
}

// Ledger is what a node knows, and a way to fill it.
type Ledger = ledger

// Set and Get make and read an entry as plain numbers.
func (l *ledger) Set(id protocols.NodeID, s uint8, incarnation uint32) {
	l.set(id, status(s), incarnation)
}

// Get reads an entry.
func (l ledger) Get(id protocols.NodeID) (s uint8, incarnation uint32) {
	e := l.get(id)
	return uint8(e.status()), e.incarnation()
}

// Nth is the n-th of a status.
func (l ledger) Nth(n int, s uint8) (protocols.NodeID, bool) { return l.nth(n, status(s)) }

// Graph is who watches whom: for a member, whom it watches and who watches it.
func Graph(c Config, w protocols.World, gone []protocols.NodeID, self protocols.NodeID) (watched, observers []protocols.NodeID) {
	b := beater{member: member{shared: newShared(c, w)}}
	for _, id := range gone {
		b.set(id, failed, 1)
	}
	return b.watched(self), b.observersOf(0, self)
}

// Due is when a peer is overdue after heartbeats that came at these times.
func Due(c Config, arrivals []protocols.Time) protocols.Time {
	s := newShared(c, protocols.World{})
	p := peer{incarnation: 1}
	for i, at := range arrivals {
		s.hear(&p, &Beat{Incarnation: 1, Sequence: uint32(i + 1), Sent: protocols.Time(i) * protocols.Time(c.Interval)}, at)
	}
	return p.due
}

// Exchanged is what a member says that holds these for failed, in their first incarnation.
func Exchanged(failures ...protocols.NodeID) *State {
	m := &State{kind: KindState}
	for _, id := range failures {
		m.Updates = append(m.Updates, Update{Peer: id, Incarnation: 1, status: failed})
	}
	return m
}
