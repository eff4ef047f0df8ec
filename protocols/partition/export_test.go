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
