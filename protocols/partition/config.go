package partition

import (
	"math/bits"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/quorum"
)

// Config says how nodes notice a partition and who may write in it. The tags are
// for loaders of scenarios: the key as it is written, the default, the words
// allowed, one sentence of help.
type Config struct {
	Interval  time.Duration    `key:"interval" default:"1s" doc:"time between a coordinator's claims, and between a node's probes"`
	Lease     time.Duration    `key:"lease" default:"8s" doc:"how long a node stands by the coordinator whose claim it answered; who hears no more claims is read-only before that is over"`
	MaxDrift  draw.Probability `key:"max_drift" default:"0.1%" doc:"how much faster or slower than real time a clock may run for leases to be safe; they are shorter for it"`
	Reach     string           `key:"reach" default:"probes" enum:"probes,detector" doc:"how a node knows whom it reaches: by probes of its own, or from a failure detector on the same node"`
	Peers     string           `key:"peers" default:"members" enum:"members,announced" doc:"the peers of which a node suspects a partition if it reaches less than half: all that run this protocol, or those that a discovery protocol on the node has announced"`
	Probes    int              `key:"probes" default:"10" doc:"peers that a node probes each interval, by turns; 0: all, which takes messages that grow with the square of the nodes"`
	Side      string           `key:"side" default:"clique" enum:"clique,common" doc:"who forms a side with its coordinator: nodes that all reach one another, or nodes that each reach a majority, so that any two of them reach a third"`
	Faults    int              `key:"faults" default:"0" doc:"members that may lie; quorums are larger by half of it, and claims carry the signatures that prove them"`
	Reconcile time.Duration    `key:"reconcile" default:"30s" doc:"how long at most a node that is back stays read-only for its protocols to catch up"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Interval: time.Second, Lease: 8 * time.Second, MaxDrift: draw.Ratio(1, 1000), Reach: "probes", Peers: "members",
		Probes: 10, Side: "clique", Reconcile: 30 * time.Second}
}

// A permit is two claims old when it is given, and the next one comes a claim
// later: without more, each message lost would make a node read-only.
const minLease = 6

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(path, format string, args ...any) {
		all = append(all, protocols.Problemf(path, format, args...))
	}
	word := func(path, got, a, b string) {
		if got != a && got != b {
			add(path, "is %q, must be %s or %s", got, a, b)
		}
	}
	if c.Interval < time.Millisecond {
		add("interval", "is %v, must be at least %v", c.Interval, time.Millisecond)
	} else if c.Lease < minLease*c.Interval {
		add("lease", "is %v, must be at least %d intervals: a lease that ends before it is renewed makes the mesh read-only again and again; write %v or more",
			c.Lease, minLease, minLease*c.Interval)
	} else if c.Lease/c.Interval > maxRounds {
		add("lease", "is %v, more than %d intervals of %v; write a longer interval", c.Lease, maxRounds, c.Interval)
	}
	if c.MaxDrift >= draw.Ratio(1, 4) {
		add("max_drift", "is a quarter or more, which leaves too little of a lease; write less than 25%%")
	}
	word("reach", c.Reach, "probes", "detector")
	word("peers", c.Peers, "members", "announced")
	word("side", c.Side, "clique", "common")
	if c.Probes < 0 {
		add("probes", "is %d, must be 0 or more", c.Probes)
	}
	if c.Faults < 0 {
		add("faults", "is %d, must be 0 or more", c.Faults)
	}
	if c.Reconcile < time.Millisecond {
		add("reconcile", "is %v, must be at least %v", c.Reconcile, time.Millisecond)
	}
	return all
}

// maxRounds bounds the claims that a lease spans.
const maxRounds = 1000

// ValidateMembers returns what is wrong with c for so many members, nil if nothing.
func (c *Config) ValidateMembers(n int) []protocols.Problem {
	if n > 0 && n < quorum.MinReplicas(c.Faults) {
		return []protocols.Problem{protocols.Problemf("faults", "is %d, which takes %d members, but %d run the protocol; write faults: %d, or declare %d",
			c.Faults, quorum.MinReplicas(c.Faults), n, quorum.MaxFaults(n), quorum.MinReplicas(c.Faults))}
	}
	return nil
}

// quorum is how many of n members a side needs: any two quorums share one more
// than may lie, thus one that stands by one coordinator at a time.
func (c *Config) quorum(n int) int { return quorum.Byzantine(n, c.Faults) }

// permit is how long a node may write after it has sent a pledge that the claim
// took in on which the permit rests. Those who stand behind the claim pledged
// later, for a lease t of clocks that may run fast by d; this node's may run slow:
// t·(1-d)/(1+d), which is more than t·(1-2d).
func (c *Config) permit() time.Duration {
	lost, _ := bits.Mul64(2*uint64(c.Lease), uint64(c.MaxDrift))
	return c.Lease - time.Duration(lost) - 1
}

// bound is how long it takes at most, in a mesh of n without faults and loss,
// until all may write: old pledges and those of a restart end, somebody notices
// that it reaches a quorum, stands, and everybody catches up.
func (c *Config) bound(n int) time.Duration {
	probing := time.Duration(0)
	if c.Reach == "probes" {
		probing = time.Duration(c.cycle(n)+2) * c.Interval
	}
	leases := time.Duration(3)
	if c.Faults > 0 {
		leases = 8 // candidates that fail bind others
	}
	return leases*c.Lease + probing + time.Duration(2*maxWait+4+2*n/standing)*c.Interval + c.Reconcile
}

// cycle is how many intervals it takes to probe all others.
func (c *Config) cycle(n int) int {
	if c.Probes == 0 {
		return 1
	}
	return (n - 1 + c.Probes - 1) / c.Probes
}
