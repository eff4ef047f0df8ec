package paxos

import (
	"time"

	"meshsim/protocols"
)

// Config says how proposers retry and where decisions go. The tags are for
// loaders of scenarios: the key as it is written, the default, one sentence of
// help.
type Config struct {
	Retry    time.Duration `key:"retry" default:"500ms" doc:"mean time after which a proposer tries a higher ballot; doubled with each try"`
	RetryMax time.Duration `key:"retry_max" default:"8s" doc:"the time between tries is not doubled beyond this"`
	Rumors   bool          `key:"rumors" default:"false" doc:"spread the decision through gossip on the same nodes, and learn it from there"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Retry: 500 * time.Millisecond, RetryMax: 8 * time.Second}
}

// The least value of retry: below it, proposers would mostly interrupt each other.
const minRetry = time.Millisecond

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	if c.Retry < minRetry {
		all = append(all, protocols.Problemf("retry", "is %v, must be at least %v", c.Retry, minRetry))
	}
	if c.RetryMax < c.Retry {
		all = append(all, protocols.Problemf("retry_max", "is %v, must be at least the retry of %v", c.RetryMax, c.Retry))
	}
	return all
}
