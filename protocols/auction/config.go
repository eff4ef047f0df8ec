package auction

import (
	"fmt"
	"math/bits"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Config says to whom tasks are announced and how bids are scored. The tags are
// for loaders of scenarios: the key as it is written, the default, one sentence of
// help.
type Config struct {
	Announce string           `key:"announce" default:"sample" enum:"all,neighbours,sample" doc:"who hears of a task: all members, the neighbours of where it enters, or some nodes drawn at random"`
	Sample   int              `key:"sample" default:"8" doc:"of announce sample: how many nodes"`
	Deadline time.Duration    `key:"deadline" default:"500ms" doc:"how long bids are waited for"`
	Weights  Weights          `key:"weights" doc:"what counts how much in a bid; together 100%"`
	Learning draw.Probability `key:"learning" default:"20%" doc:"how much the latest outcome counts in a node's past performance"`
	Floor    draw.Probability `key:"floor" default:"25%" doc:"a bid of a node with a worse past performance counts only if nobody else bids; 0%: all count, as they do if the weight of performance is 0%"`
	Forgive  time.Duration    `key:"forgive" default:"1m" doc:"how a node did is forgotten if nothing was heard of it for so long; 0s: never"`
	Rounds   int              `key:"rounds" default:"3" doc:"how often a task is announced before it stays where it is, or is rejected"`
	Retry    time.Duration    `key:"retry" default:"200ms" doc:"how long to wait before it is announced again, doubled each time"`
	RetryMax time.Duration    `key:"retry_max" default:"5s" doc:"the wait is not doubled beyond this"`
	Open     int              `key:"open" default:"1000" doc:"auctions that a node has under way; further tasks stay where they enter, or are rejected if they cannot run there"`
}

// Weights are the shares of the four marks in a score.
type Weights struct {
	Match       draw.Probability `key:"match" default:"40%" doc:"how well the capabilities match"`
	Load        draw.Probability `key:"load" default:"30%" doc:"how soon the task would be done, after all that waits there"`
	Performance draw.Probability `key:"performance" default:"20%" doc:"how the bidder kept its promises; 0%: nobody looks at them"`
	Resources   draw.Probability `key:"resources" default:"10%" doc:"how much of the bidder's cores and memory is free"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{
		Announce: sample, Sample: 8, Deadline: 500 * time.Millisecond,
		Weights:  Weights{draw.Ratio(40, 100), draw.Ratio(30, 100), draw.Ratio(20, 100), draw.Ratio(10, 100)},
		Learning: draw.Ratio(20, 100), Floor: draw.Ratio(25, 100), Forgive: time.Minute,
		Rounds: 3, Retry: 200 * time.Millisecond, RetryMax: 5 * time.Second, Open: 1000,
	}
}

// The words for who hears of a task.
const (
	all        = "all"
	neighbours = "neighbours"
	sample     = "sample"
)

// Limits of what a node may be told.
const (
	maxSample   = 1024
	maxRounds   = 100
	maxOpen     = 1 << 20
	maxDeadline = 24 * time.Hour
)

// millionths rounds a share to millionths.
func millionths(p draw.Probability) int64 {
	hi, lo := bits.Mul64(uint64(p), one)
	return int64(hi + lo>>63)
}

// sum is what the weights are together, in millionths.
func (w *Weights) sum() int64 {
	return millionths(w.Match) + millionths(w.Load) + millionths(w.Performance) + millionths(w.Resources)
}

// percent writes millionths without the zeros at the end.
func percent(m int64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%d.%04d", m/1e4, m%1e4), "0"), ".")
}

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (list []protocols.Problem) {
	add := func(bad bool, path, format string, args ...any) {
		if bad {
			list = append(list, protocols.Problemf(path, format, args...))
		}
	}
	sum := c.Weights.sum()
	add(c.Announce != all && c.Announce != neighbours && c.Announce != sample, "announce", "is %q; write all, neighbours or sample", c.Announce)
	add(c.Sample < 1 || c.Sample > maxSample, "sample", "is %d; write 1 to %d", c.Sample, maxSample)
	add(c.Deadline < time.Microsecond || c.Deadline > maxDeadline, "deadline", "is %v; write 1us to %v", c.Deadline, maxDeadline)
	add(sum != one, "weights", "are %s%% together, must be 100%%; write {match: 40%%, load: 30%%, performance: 20%%, resources: 10%%}", percent(sum))
	add(c.Learning == 0, "learning", "is 0%%: nothing would be learned; write performance: 0%% among the weights instead")
	add(c.Forgive < 0, "forgive", "is %v; write a time, or 0s for never", c.Forgive)
	add(c.Rounds < 1 || c.Rounds > maxRounds, "rounds", "is %d; write 1 to %d", c.Rounds, maxRounds)
	add(c.Retry < time.Millisecond, "retry", "is %v, must be at least 1ms", c.Retry)
	add(c.RetryMax < c.Retry, "retry_max", "is %v, must be at least the retry of %v", c.RetryMax, c.Retry)
	add(c.Open < 1 || c.Open > maxOpen, "open", "is %d; write 1 to %d", c.Open, maxOpen)
	return list
}
