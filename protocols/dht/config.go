package dht

import (
	"time"

	"meshsim/protocols"
)

// Config says how the ring is kept and how lookups travel. The tags are for
// loaders of scenarios: the key as it is written, the default, one sentence of
// help.
type Config struct {
	Ring       string        `key:"ring" default:"ready" enum:"ready,join" doc:"how the ring begins: ready, all nodes boot knowing their places, as after a long time of stabilisation; join, they join through the seeds"`
	Lookup     string        `key:"lookup" default:"iterative" enum:"iterative,recursive" doc:"who asks the next node on the way: the one that looks up, or each the next"`
	Table      string        `key:"table" default:"fingers" enum:"fingers,full" doc:"what a node knows for routing: fingers, about log2 of the nodes; full, all of them, so that lookups take one hop"`
	Virtual    int           `key:"virtual" default:"1" min:"1" max:"256" doc:"places of each node on the ring"`
	Successors int           `key:"successors" default:"8" min:"1" max:"64" doc:"length of the list of nodes that follow on the ring"`
	Copies     int           `key:"copies" default:"3" min:"0" max:"16" doc:"further nodes, next on the ring, that hold a copy of each key"`
	Stabilise  time.Duration `key:"stabilise" default:"2s" doc:"how often a node asks its successor and its predecessor; 0s is never"`
	FixFingers time.Duration `key:"fix_fingers" default:"2s" doc:"how often a node looks up one of its fingers anew; 0s is never"`
	Repair     time.Duration `key:"repair" default:"5s" doc:"how often the copies of a range are compared with its owner's keys; 0s is never"`
	Merge      time.Duration `key:"merge" default:"20s" doc:"how often a node looks for its successor through a seed, so that rings that were parted become one; 0s is never"`
	Timeout    time.Duration `key:"timeout" default:"500ms" doc:"a question without an answer for so long is asked again, or elsewhere"`
	Attempts   int           `key:"attempts" default:"3" min:"1" max:"10" doc:"questions without an answer after which a neighbour on the ring is taken for failed; a lookup goes around it after one"`
	Retries    int           `key:"retries" default:"5" min:"0" max:"100" doc:"times that a lookup begins anew before it is given up"`
	Spread     time.Duration `key:"join_spread" default:"10s" doc:"nodes of ring: join begin to join within so long, each at a time drawn for it"`
	Pending    int           `key:"pending" default:"256" min:"16" max:"65536" doc:"operations of its own that a node has under way; more are refused"`
	Capacity   int           `key:"capacity" default:"100000" min:"1" max:"10000000" doc:"keys that a node holds; more are refused"`

	Seeds []protocols.NodeID `key:"-"` // through whom nodes join, the first of them starts the ring; nil: the first eight members
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{
		Ring: "ready", Lookup: "iterative", Table: "fingers", Virtual: 1, Successors: 8, Copies: 3,
		Stabilise: 2 * time.Second, FixFingers: 2 * time.Second, Repair: 5 * time.Second, Merge: 20 * time.Second,
		Timeout: 500 * time.Millisecond, Attempts: 3, Retries: 5, Spread: 10 * time.Second, Pending: 256, Capacity: 100_000,
	}
}

// minPeriod is the least value of what is done again and again.
const minPeriod = time.Millisecond

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	wrong := func(path, format string, args ...any) {
		all = append(all, protocols.Problemf(path, format, args...))
	}
	oneOf := func(path, value, a, b string) {
		if value != a && value != b {
			wrong(path, "is %q; write %s or %s", value, a, b)
		}
	}
	oneOf("ring", c.Ring, "ready", "join")
	oneOf("lookup", c.Lookup, "iterative", "recursive")
	oneOf("table", c.Table, "fingers", "full")
	if c.Table == "full" && c.Ring == "join" {
		wrong("table", "is full, for which the nodes must know one another from the start; write ring: ready, or table: fingers")
	}
	between := func(path string, value, low, high int) {
		if value < low || value > high {
			wrong(path, "is %d, must be from %d to %d", value, low, high)
		}
	}
	between("virtual", c.Virtual, 1, 256)
	between("successors", c.Successors, 1, 64)
	between("copies", c.Copies, 0, 16)
	between("attempts", c.Attempts, 1, 10)
	between("retries", c.Retries, 0, 100)
	between("pending", c.Pending, 16, 65536)
	between("capacity", c.Capacity, 1, 10_000_000)
	if c.Virtual == 1 && c.Copies > c.Successors {
		wrong("copies", "is %d, but only %d successors are known; write copies: %d, or more successors", c.Copies, c.Successors, c.Successors)
	}
	return append(all, c.validateTimes()...)
}

func (c *Config) validateTimes() (all []protocols.Problem) {
	for _, p := range []struct {
		path  string
		value time.Duration
	}{{"stabilise", c.Stabilise}, {"fix_fingers", c.FixFingers}, {"repair", c.Repair}, {"merge", c.Merge}} {
		if p.value != 0 && p.value < minPeriod {
			all = append(all, protocols.Problemf(p.path, "is %v, must be 0s or at least %v", p.value, minPeriod))
		}
	}
	if c.Timeout < minPeriod {
		all = append(all, protocols.Problemf("timeout", "is %v, must be at least %v", c.Timeout, minPeriod))
	}
	if c.Spread < 0 {
		all = append(all, protocols.Problemf("join_spread", "is %v, must not be negative", c.Spread))
	}
	if c.Ring == "join" && c.Stabilise == 0 {
		all = append(all, protocols.Problemf("stabilise", "is 0s, but nodes that join are found by stabilisation alone; write 2s, or ring: ready"))
	}
	return all
}

// settling is after how long without a change of the members the ring has to be
// right: each successor may have to be taken for failed in turn, and lists travel
// from node to node.
func (c *Config) settling() time.Duration {
	return time.Duration(c.Successors+4) * (c.Stabilise + time.Duration(c.Attempts)*c.Timeout)
}

// repairing is after how long the copies have to be whole again, and each key with
// who is responsible for it.
func (c *Config) repairing() time.Duration {
	return c.settling() + (keptFor+3)*c.Repair + time.Duration(4*c.Attempts)*c.Timeout
}
