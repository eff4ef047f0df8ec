package pbft

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/quorum"
)

// Config says how replicas agree. The tags are for loaders of scenarios: the key
// as it is written, the default, the words allowed, one sentence of help.
type Config struct {
	Faults         int           `key:"faults" default:"0" doc:"f, the replicas that may lie; 0 means as many as n >= 3f+1 allows"`
	Batch          int           `key:"batch" default:"64" doc:"requests that the primary gives one number at most"`
	InFlight       int           `key:"in_flight" default:"8" doc:"numbers under way at a time; requests beyond that wait and are batched"`
	Checkpoint     int           `key:"checkpoint" default:"128" doc:"K: a checkpoint is made after so many numbers"`
	Window         int           `key:"window" default:"256" doc:"L: numbers above the last stable checkpoint that are accepted"`
	ViewTimeout    time.Duration `key:"view_timeout" default:"2s" doc:"how long a request may take before a backup wants another primary; doubled with each view without progress"`
	ViewTimeoutMax time.Duration `key:"view_timeout_max" default:"1m" doc:"the view timeout is not doubled beyond this"`
	Retransmit     time.Duration `key:"retransmit" default:"500ms" doc:"a replica that waits for something without progress for so long asks the others for what it lacks"`
	Authentication string        `key:"authentication" default:"signatures" enum:"signatures,macs" doc:"what proves messages among replicas and replies: signatures, or a tag for each receiver; requests, view-changes and new-views are signed in any case"`
	Tentative      bool          `key:"tentative" default:"false" doc:"execute a request when it has prepared, and reply one message delay earlier; clients then wait for a quorum of replies"`
	ReadOnly       bool          `key:"read_only" default:"false" doc:"reads are answered by each replica at once, in two message delays; clients then wait for a quorum of replies to all requests"`
	Durable        bool          `key:"durable" default:"true" doc:"keep on disk what a replica must not forget at a crash; without it a replica that restarts counts as faulty"`

	Client *client.Config `key:"client" off:"true" doc:"the group's nodes are no replicas, but clients that put a load on them"`

	Replicas []protocols.NodeID // the replicas, ascending; nil: all members
}

// The words of Authentication.
const (
	Signatures = "signatures"
	MACs       = "macs"
)

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{
		Batch: 64, InFlight: 8,
		Checkpoint: 128, Window: 256, // as in section 6.1 of the 1999 paper; L = 2K
		ViewTimeout: 2 * time.Second, ViewTimeoutMax: time.Minute,
		Retransmit:     500 * time.Millisecond,
		Authentication: Signatures,
		Durable:        true,
	}
}

// Limits of a Config.
const (
	maxWindow  = 1 << 16
	maxBatch   = 1 << 16
	minTimeout = time.Millisecond
)

// Validate returns all that is wrong with c, nil if nothing. What depends on the
// number of replicas is told by ValidateReplicas.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(path, format string, args ...any) {
		all = append(all, protocols.Problemf(path, format, args...))
	}
	between := func(path string, v, low, high int) {
		if v < low || v > high {
			add(path, "is %d, must be %d to %d", v, low, high)
		}
	}
	if c.Faults < 0 {
		add("faults", "is %d, must be at least 0", c.Faults)
	}
	between("batch", c.Batch, 1, maxBatch)
	between("window", c.Window, 1, maxWindow)
	if c.Window >= 1 && c.Window <= maxWindow {
		between("checkpoint", c.Checkpoint, 1, c.Window)
		between("in_flight", c.InFlight, 1, c.Window)
	}
	if c.ViewTimeout < minTimeout {
		add("view_timeout", "is %v, must be at least %v", c.ViewTimeout, minTimeout)
	}
	if c.ViewTimeoutMax < c.ViewTimeout {
		add("view_timeout_max", "is %v, must be at least the view timeout of %v", c.ViewTimeoutMax, c.ViewTimeout)
	}
	if c.Retransmit < minTimeout {
		add("retransmit", "is %v, must be at least %v", c.Retransmit, minTimeout)
	}
	if c.Authentication != Signatures && c.Authentication != MACs {
		add("authentication", "is %q, must be %s or %s", c.Authentication, Signatures, MACs)
	}
	if c.Client != nil {
		for _, p := range c.Client.Validate() {
			add("client."+p.Path, "%s", p.Message)
		}
	}
	return all
}

// ValidateReplicas returns what is wrong with c for so many replicas, nil if
// nothing: f liars take 3f+1.
func (c *Config) ValidateReplicas(n int) []protocols.Problem {
	switch {
	case n < 1:
		return []protocols.Problem{protocols.Problemf("faults", "there are no replicas; declare a group of at least 4 that runs pbft without client")}
	case n < quorum.MinReplicas(c.Faults):
		return []protocols.Problem{protocols.Problemf("faults", "is %d, which takes %d replicas, but there are %d; write faults: %d, or declare %d replicas",
			c.Faults, quorum.MinReplicas(c.Faults), n, quorum.MaxFaults(n), quorum.MinReplicas(c.Faults))}
	}
	return nil
}

// liars is f for n replicas.
func (c *Config) liars(n int) int {
	if c.Faults > 0 {
		return c.Faults
	}
	return quorum.MaxFaults(n)
}
