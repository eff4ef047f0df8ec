package discovery

import (
	"time"

	"meshsim/protocols"
)

// Config says how nodes join, whom they know, and how they keep that up. The tags
// are for loaders of scenarios: the key as it is written, one sentence of help, the
// default and the words allowed.
type Config struct {
	View         string `key:"view" default:"partial" enum:"partial,full" doc:"partial: a node is linked to a few peers and knows some more; full: to all that there are, for small meshes"`
	DegreeMin    int    `key:"degree_min" default:"3" doc:"a node with fewer links looks for more"`
	DegreeMax    int    `key:"degree_max" default:"5" doc:"a node never has more links (the size of the active view)"`
	Passive      int    `key:"passive" default:"30" doc:"peers that a node knows besides, to replace those that fail (the size of the passive view)"`
	ActiveWalk   int    `key:"active_walk" default:"6" doc:"ARWL: steps of the random walk that finds a joining node its links, or a partner for a shuffle"`
	PassiveWalk  int    `key:"passive_walk" default:"3" doc:"PRWL: steps from the end of the walk at which a joining node gets into a passive view"`
	ShuffleLinks int    `key:"shuffle_links" default:"3" doc:"neighbours among the peers that a shuffle exchanges"`
	ShufflePeers int    `key:"shuffle_peers" default:"4" doc:"peers of the passive view among those"`

	Shuffle   time.Duration `key:"shuffle" default:"10s" doc:"time between a node's shuffles"`
	KeepAlive time.Duration `key:"keep_alive" default:"3s" doc:"time between the signs of life that neighbours give each other"`
	Timeout   time.Duration `key:"timeout" default:"10s" doc:"a neighbour that is silent for so long has failed; if heartbeat runs on the node, that says so instead"`
	Announce  time.Duration `key:"announce" default:"30s" doc:"time between a node's signed announcements of itself"`
	Lifetime  time.Duration `key:"lifetime" default:"2m" doc:"how long an announcement is believed after it was made; the same for all nodes"`
	Skew      time.Duration `key:"clock_skew" default:"1s" doc:"how far clocks may be apart: an announcement is believed so much longer"`

	JoinTimeout time.Duration `key:"join_timeout" default:"1s" doc:"how long a request to join, or for a link, waits for its answer; requests to join back off from there"`
	JoinBackOff time.Duration `key:"join_backoff" default:"30s" doc:"the time between tries to join is not doubled beyond this"`
	JoinSpread  time.Duration `key:"join_spread" default:"0s" doc:"a node that boots begins to join at a random time within this"`
	JoinLimit   int           `key:"join_limit" default:"16" doc:"nodes that a node lets in each second; it sends the others on to its peers"`
	Merge       time.Duration `key:"merge" default:"1m" doc:"how often a seed joins through another one, so that parts of a mesh that lost each other meet"`
	HalfLife    time.Duration `key:"half_life" default:"10m" doc:"time in which half of a peer's reputation is forgotten"`

	Optimise *Optimise `key:"optimise" alias:"optimize" off:"true" doc:"swap neighbours for nearer ones"`

	Seeds    []protocols.NodeID // through whom nodes join
	Detector bool               // a failure detector on the node tells who has failed
}

// Optimise says how neighbours are swapped for nearer ones.
type Optimise struct {
	From      time.Duration `key:"from" default:"0s" doc:"begins so long after the node boots"`
	Interval  time.Duration `key:"interval" default:"5s" doc:"time between a node's tries"`
	Unbiased  int           `key:"unbiased" default:"1" doc:"links of a node that are never swapped, so that the mesh stays one"`
	Threshold time.Duration `key:"threshold" default:"2ms" doc:"a swap that saves less than this of the round-trip times is not worth it"`
}

// Default returns the configuration of a scenario that names nothing, without seeds.
func Default() Config {
	return Config{
		View:      "partial",
		DegreeMin: 3, DegreeMax: 5, Passive: 30, // 5, 30, 6, 3, 3 and 4 are the paper's (section 5.1)
		ActiveWalk: 6, PassiveWalk: 3,
		ShuffleLinks: 3, ShufflePeers: 4,
		Shuffle: 10 * time.Second, KeepAlive: 3 * time.Second, Timeout: 10 * time.Second,
		Announce: 30 * time.Second, Lifetime: 2 * time.Minute, Skew: time.Second,
		JoinTimeout: time.Second, JoinBackOff: 30 * time.Second, JoinLimit: 16,
		Merge: time.Minute, HalfLife: 10 * time.Minute,
	}
}

// DefaultOptimise returns what an optimisation that names nothing does.
func DefaultOptimise() Optimise {
	return Optimise{Interval: 5 * time.Second, Unbiased: 1, Threshold: 2 * time.Millisecond}
}

// Limits of a Config.
const (
	maxDegree = 1000
	maxWalk   = 100
	maxLinked = 64 // peers in one message
	minPeriod = time.Millisecond
)

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() []protocols.Problem {
	var v validation
	if c.View != "partial" && c.View != "full" {
		v.add("view", "is %q, must be partial or full", c.View)
	}
	v.between("degree_max", c.DegreeMax, 2, maxDegree)
	v.between("degree_min", c.DegreeMin, 1, max(c.DegreeMax, 1))
	v.between("passive", c.Passive, 1, 10*maxDegree)
	v.between("active_walk", c.ActiveWalk, 0, maxWalk)
	v.between("passive_walk", c.PassiveWalk, 0, max(c.ActiveWalk, 0))
	v.between("shuffle_links", c.ShuffleLinks, 0, maxLinked/2)
	v.between("shuffle_peers", c.ShufflePeers, 0, maxLinked/2-1)
	v.between("join_limit", c.JoinLimit, 1, 1<<15)
	v.period("shuffle", c.Shuffle)
	v.period("keep_alive", c.KeepAlive)
	v.period("announce", c.Announce)
	v.period("join_timeout", c.JoinTimeout)
	v.period("merge", c.Merge)
	v.atLeast("timeout", c.Timeout, c.KeepAlive, "keep_alive")
	v.atLeast("lifetime", c.Lifetime, c.Announce, "announce")
	v.atLeast("join_backoff", c.JoinBackOff, c.JoinTimeout, "join_timeout")
	v.atLeast("half_life", c.HalfLife, c.Shuffle, "shuffle")
	v.atLeast("clock_skew", c.Skew, 0, "")
	v.atLeast("join_spread", c.JoinSpread, 0, "")
	if c.KeepAlive > 0 && c.Timeout/c.KeepAlive > 200 {
		v.add("timeout", "%v is more than 200 times the keep_alive of %v", c.Timeout, c.KeepAlive)
	}
	if o := c.Optimise; o != nil {
		v.period("optimise.interval", o.Interval)
		v.between("optimise.unbiased", o.Unbiased, 0, max(c.DegreeMax-1, 0))
		v.atLeast("optimise.from", o.From, 0, "")
		v.atLeast("optimise.threshold", o.Threshold, 0, "")
	}
	return v.problems
}

// validation collects problems.
type validation struct{ problems []protocols.Problem }

func (v *validation) add(path, format string, args ...any) {
	v.problems = append(v.problems, protocols.Problemf(path, format, args...))
}

func (v *validation) between(path string, got, low, high int) {
	if got < low || got > high {
		v.add(path, "is %d, must be %d to %d", got, low, high)
	}
}

func (v *validation) period(path string, got time.Duration) {
	if got < minPeriod {
		v.add(path, "is %v, must be at least %v", got, minPeriod)
	}
}

func (v *validation) atLeast(path string, got, least time.Duration, of string) {
	switch {
	case got >= least:
	case of == "":
		v.add(path, "is %v, must not be negative", got)
	default:
		v.add(path, "is %v, must be at least the %s of %v", got, of, least)
	}
}
