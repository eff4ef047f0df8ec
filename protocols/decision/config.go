package decision

import (
	"math/bits"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/quorum"
)

// Config says how members decide. The tags are for loaders of scenarios: the key
// as it is written, the default, one sentence of help.
type Config struct {
	Quorum   draw.Probability `key:"quorum" default:"2/3" doc:"share of the voters, at least, that approve or reject; always a majority"`
	Reject   draw.Probability `key:"reject" default:"0%" doc:"share of the proposals that a voter rejects by its own judgement, drawn for each"`
	Health   bool             `key:"health" default:"true" doc:"voters reject what goes to a node that another protocol says is suspected or failed"`
	Retry    time.Duration    `key:"retry" default:"500ms" doc:"time after which what was not ordered is asked for again, and votes are sent again; doubled with each try"`
	RetryMax time.Duration    `key:"retry_max" default:"8s" doc:"the time between tries is not doubled beyond this"`
	Patience time.Duration    `key:"patience" default:"2s" doc:"how long a voter leaves the verdict to the one before it"`
	Poll     time.Duration    `key:"poll" default:"5s" doc:"time after which a member asks voters what it has missed"`

	// Voters are the members that vote, ascending: those that run the consensus;
	// nil: all members.
	Voters []protocols.NodeID
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Quorum: draw.Ratio(2, 3), Health: true, Retry: 500 * time.Millisecond, RetryMax: 8 * time.Second,
		Patience: 2 * time.Second, Poll: 5 * time.Second}
}

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	if c.Quorum < draw.Ratio(1, 2) {
		all = append(all, protocols.Problemf("quorum", "is less than half of the voters; write 1/2 or more, as in 2/3"))
	}
	for _, x := range []struct {
		path     string
		is, most time.Duration
	}{{"retry", c.Retry, time.Millisecond}, {"retry_max", c.RetryMax, c.Retry}, {"patience", c.Patience, time.Millisecond}, {"poll", c.Poll, time.Millisecond}} {
		if x.is < x.most {
			all = append(all, protocols.Problemf(x.path, "is %v, must be at least %v", x.is, x.most))
		}
	}
	return all
}

// Needed is how many of n voters approve or reject a proposal: the least number
// that is at least the quorum's share and a majority.
func (c *Config) Needed(n int) int {
	whole, rest := bits.Mul64(uint64(c.Quorum), uint64(n))
	if rest > 0 {
		whole++
	}
	return max(int(whole), quorum.Majority(n))
}

// Liars is how many of n voters may lie without doing harm: any two quorums
// share one voter more, and no more than a third may in any case.
func (c *Config) Liars(n int) int { return min(quorum.MaxFaults(n), 2*c.Needed(n)-n-1) }
