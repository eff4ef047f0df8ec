package partition

import "meshsim/protocols"

// The mutants, for tests.
const (
	CountsItself   = countsItself
	StandsByAll    = standsByAll
	StaysReadOnly  = staysReadOnly
	TrustsDrift    = trustsDrift
	ForgetsPledges = forgetsPledges
)

// Mutant describes partition handling with a fault in it.
func Mutant(c Config, m mutant) *protocols.Protocol { return describe(c, m) }

// Places is the set of some places.
func Places(list ...int) (s places) {
	for _, p := range list {
		s.add(p)
	}
	return s
}

// Bound and Permit are those of the configuration.
var (
	Bound  = (*Config).bound
	Permit = (*Config).permit
)

// Side is the side of a coordinator at place 0 of a mesh, to which all have pledged,
// and whom each does not reach. Of those in out it is told that they are new.
func Side(c Config, unreached [][]int, out []int) (in []int) {
	members := make([]protocols.NodeID, len(unreached))
	for i := range members {
		members[i] = protocols.NodeID(i)
	}
	n := node{shared: newShared(c, members, honest), reign: &reign{last: make([]word, len(members)), out: Places(out...)}}
	for i, list := range unreached {
		n.reign.last[i] = word{1, 1, Places(list...)}
	}
	n.reach.unreached = Places(unreached[0]...)
	n.side(1).each(len(members), func(p int) { in = append(in, p) })
	return in
}

// Needed is the size of a quorum.
func Needed(c Config, n int) int { return c.quorum(n) }

// Order is the order in which a node of n probes its peers.
func Order(self, n int) (list []int) {
	s := strideFor(n - 1)
	for turn := range n - 1 {
		list = append(list, (self+1+turn*s%(n-1))%n)
	}
	return list
}
