package raft

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
)

// Config says how replicas elect, replicate and answer. The tags are for loaders
// of scenarios: the key as it is written, the default, the words allowed, the
// unit of sizes, one sentence of help.
type Config struct {
	Election    time.Duration `key:"election_timeout" default:"150ms" doc:"least time without word from a leader after which a replica stands for election"`
	ElectionMax time.Duration `key:"election_timeout_max" default:"300ms" doc:"the time is drawn anew each time, uniformly up to this"`
	Heartbeat   time.Duration `key:"heartbeat" default:"50ms" doc:"time between a leader's signs of life"`
	PreVote     bool          `key:"pre_vote" default:"true" doc:"ask whether an election could be won before starting one, so that a replica that was cut off does not depose the leader"`
	CheckQuorum bool          `key:"check_quorum" default:"true" doc:"a leader that has not heard from a majority for an election timeout steps down, and who has heard from a leader within one does not vote"`

	Voters int `key:"voters" default:"0" doc:"replicas that vote at first, the first in order; the others wait to be added; 0: all"`

	Replace bool `key:"replace_failed" default:"false" doc:"the leader lets a replica vote in place of a voter that a failure detector on its node, such as heartbeat, has confirmed as failed; see voters"`

	Pipeline     int  `key:"pipeline" default:"8" doc:"batches of requests that a leader replicates at once; requests that come meanwhile form the next batch"`
	Parallel     bool `key:"parallel_writes" default:"false" doc:"a leader sends entries to followers while its own disk still writes them"`
	MaxBatch     int  `key:"max_batch" default:"256" doc:"entries in a message"`
	MaxBytes     int  `key:"max_message_bytes" default:"64KiB" unit:"B" doc:"size of entries in a message, and of a chunk of a snapshot"`
	MaxInFlight  int  `key:"max_in_flight" default:"64" doc:"messages with entries on their way to one follower"`
	MaxPending   int  `key:"max_pending" default:"16384" doc:"requests that wait at the leader; more are turned away"`
	Snapshot     int  `key:"snapshot_every" default:"10000" doc:"entries applied after which a replica takes a snapshot and forgets its log; 0: never"`
	SnapshotKeep int  `key:"snapshot_keep" default:"1000" doc:"entries before a snapshot that stay in the log for followers that lag"`

	Reads    string           `key:"reads" default:"index" enum:"log,index,lease,local" doc:"how reads are answered: as entries of the log; by the leader after a round of heartbeats, or while it holds a lease; or by any replica from what it has, which is not linearizable"`
	MaxDrift draw.Probability `key:"max_drift" default:"0.1%" doc:"how much faster or slower than real time a clock may run for leases to be safe; the lease is shorter for it"`

	Client *client.Config `key:"client" off:"true" doc:"these nodes are clients of a cluster, not replicas: what they ask for"`

	// Replicas are the replicas of the cluster, ascending; nil: all nodes that
	// run the protocol. It has no key: the compiler of a scenario sets it.
	Replicas []protocols.NodeID
}

// Default returns the configuration of a scenario that names nothing: the
// timeouts that the paper recommends (9.3).
func Default() Config {
	return Config{
		Election:     150 * time.Millisecond,
		ElectionMax:  300 * time.Millisecond,
		Heartbeat:    50 * time.Millisecond,
		PreVote:      true,
		CheckQuorum:  true,
		Pipeline:     8,
		MaxBatch:     256,
		MaxBytes:     64 << 10,
		MaxInFlight:  64,
		MaxPending:   16384,
		Snapshot:     10000,
		SnapshotKeep: 1000,
		Reads:        "index",
		MaxDrift:     draw.Ratio(1, 1000),
	}
}

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() []protocols.Problem {
	var v validation
	v.period("election_timeout", c.Election)
	v.period("heartbeat", c.Heartbeat)
	if c.ElectionMax < c.Election {
		v.add("election_timeout_max", "is %v, must be at least the election_timeout of %v", c.ElectionMax, c.Election)
	}
	if c.Heartbeat >= c.Election && c.Election > 0 {
		v.add("heartbeat", "is %v, must be below the election_timeout of %v: followers would stand for election between heartbeats", c.Heartbeat, c.Election)
	}
	if c.Voters < 0 {
		v.add("voters", "is %d, must be 0 or more", c.Voters)
	}
	v.between("pipeline", c.Pipeline, 1, 1<<16)
	v.between("max_batch", c.MaxBatch, 1, 1<<16)
	v.between("max_message_bytes", c.MaxBytes, 256, 1<<26)
	v.between("max_in_flight", c.MaxInFlight, 1, 1<<16)
	v.between("max_pending", c.MaxPending, 1, 1<<24)
	v.between("snapshot_every", c.Snapshot, 0, 1<<30)
	v.between("snapshot_keep", c.SnapshotKeep, 0, 1<<30)
	v.reads(c)
	if c.Client != nil {
		for _, p := range c.Client.Validate() {
			v.add("client."+p.Path, "%s", p.Message)
		}
	}
	return v.problems
}

// ValidateReplicas returns what is wrong with a cluster of n replicas.
func (c *Config) ValidateReplicas(n int) []protocols.Problem {
	var v validation
	if c.Voters > n {
		v.add("voters", "is %d, but the cluster has %d replicas; write %d or less", c.Voters, n, n)
	}
	return v.problems
}

func (v *validation) reads(c *Config) {
	switch c.Reads {
	case "log", "index", "local":
	case "lease":
		if !c.CheckQuorum {
			v.add("reads", "is lease, which needs check_quorum: without it a replica may vote while another's lease lasts; write check_quorum: true, or reads: index")
		}
		if c.MaxDrift >= draw.Ratio(1, 2) {
			v.add("max_drift", "is half or more, which leaves no lease; write less than 50%%")
		}
	default:
		v.add("reads", "is %q, must be log, index, lease or local", c.Reads)
	}
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
	if got < 10*time.Microsecond || got > time.Hour {
		v.add(path, "is %v, must be %v to %v", got, 10*time.Microsecond, time.Hour)
	}
}
