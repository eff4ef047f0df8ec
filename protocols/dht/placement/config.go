package placement

import (
	"time"

	"meshsim/protocols"
)

// Config says how the ring is made and how copies are kept. The tags are for loaders
// of scenarios: the key as it is written, the default, one sentence of help.
type Config struct {
	Virtual  int           `key:"virtual" default:"16" min:"1" max:"256" doc:"places of each node on the ring; more of them make the nodes' shares more even"`
	Copies   int           `key:"copies" default:"3" min:"0" max:"16" doc:"further nodes, next on the ring, that hold a copy of each task until it has run"`
	Renew    time.Duration `key:"renew" default:"1s" doc:"how often an owner tells those who hold copies which tasks it has"`
	Patience time.Duration `key:"patience" default:"3s" doc:"an owner that is silent for so long is taken for failed, and its tasks are taken over; twice as long where another node should do it"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Virtual: 16, Copies: 3, Renew: time.Second, Patience: 3 * time.Second}
}

// minRenew is the least time between two renewals.
const minRenew = time.Millisecond

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(bad bool, path, format string, args ...any) {
		if bad {
			all = append(all, protocols.Problemf(path, format, args...))
		}
	}
	add(c.Virtual < 1 || c.Virtual > 256, "virtual", "is %d; write 1 to 256", c.Virtual)
	add(c.Copies < 0 || c.Copies > 16, "copies", "is %d; write 0 to 16", c.Copies)
	add(c.Renew < minRenew, "renew", "is %v, must be at least %v", c.Renew, minRenew)
	add(c.Patience < 2*c.Renew, "patience", "is %v, must be two renewals of %v at least: one that is lost is no failure", c.Patience, c.Renew)
	return all
}
