package capability

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Config says who is good enough for a task, and how nodes come to know one
// another. The tags are for loaders of scenarios: the key as it is written, the
// default, one sentence of help.
type Config struct {
	Threshold draw.Probability `key:"threshold" default:"70%" doc:"a task goes only to nodes that match what it needs to that share: the mean, over all that it needs, of the share of its level that a node offers"`
	Fallback  string           `key:"fallback" default:"wait" enum:"wait,relax,reject" doc:"when nobody is known who matches: wait and look again, relax the threshold by a step each time, or reject the task"`
	Step      draw.Probability `key:"step" default:"10%" doc:"of fallback relax: by how much the threshold falls at a time"`
	Floor     draw.Probability `key:"floor" default:"40%" doc:"of fallback relax: it falls no further"`
	Retry     time.Duration    `key:"retry" default:"500ms" doc:"how long a task waits that could not be placed, doubled each time"`
	RetryMax  time.Duration    `key:"retry_max" default:"5s" doc:"the wait is not doubled beyond this"`
	GiveUp    time.Duration    `key:"give_up" default:"0s" doc:"a task that could not be placed for so long is rejected; 0s: only when its deadline is over"`
	Backlog   int              `key:"backlog" default:"2" doc:"tasks for each core, waiting or running, from which on a node takes no more"`
	Spread    string           `key:"spread" default:"sample" enum:"sample,neighbours" doc:"whom a node tells what it knows: members drawn at random, or neighbours in the topology"`
	Fanout    int              `key:"fanout" default:"3" doc:"how many it tells at a time"`
	Interval  time.Duration    `key:"interval" default:"1s" doc:"how often"`
	Batch     int              `key:"batch" default:"16" doc:"announcements in a message: its own, and those that were passed on least often"`
	Rounds    int              `key:"rounds" default:"4" doc:"in how many rounds a node passes an announcement on"`
	Expire    time.Duration    `key:"expire" default:"5s" doc:"an announcement that is older is forgotten"`
	Table     int              `key:"table" default:"128" doc:"announcements that a node keeps; beyond, the one goes whose capabilities most others offer, too"`
	Forgive   time.Duration    `key:"forgive" default:"30s" doc:"each claim that a node did not keep halves its match, until so much time is over"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Threshold: draw.Ratio(7, 10), Fallback: wait, Step: draw.Ratio(1, 10), Floor: draw.Ratio(4, 10),
		Retry: 500 * time.Millisecond, RetryMax: 5 * time.Second, Backlog: 2,
		Spread: sample, Fanout: 3, Interval: time.Second, Batch: 16, Rounds: 4, Expire: 5 * time.Second, Table: 128, Forgive: 30 * time.Second}
}

// The words for fallbacks and for whom to tell.
const (
	wait   = "wait"
	relax  = "relax"
	reject = "reject"

	sample     = "sample"
	neighbours = "neighbours"
)

// Limits of what a node may be told.
const (
	maxBacklog  = 1 << 16
	maxFanout   = 64
	maxBatch    = 256
	maxRounds   = 100
	maxTable    = 1 << 14
	minInterval = time.Millisecond
)

// Least is the lowest threshold that a task may come down to.
func (c *Config) Least() draw.Probability {
	if c.Fallback == relax {
		return min(c.Floor, c.Threshold)
	}
	return c.Threshold
}

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(bad bool, path, format string, args ...any) {
		if bad {
			all = append(all, protocols.Problemf(path, format, args...))
		}
	}
	relaxes := c.Fallback == relax
	add(c.Fallback != wait && !relaxes && c.Fallback != reject, "fallback", "is %q; write wait, relax or reject", c.Fallback)
	add(relaxes && c.Step == 0, "step", "is 0%%, and the threshold would never fall; write 10%%, or fallback: wait")
	add(relaxes && c.Floor > c.Threshold, "floor", "is above the threshold; write at most that")
	add(c.Retry < minInterval, "retry", "is %v, must be at least %v", c.Retry, minInterval)
	add(c.RetryMax < c.Retry, "retry_max", "is %v, must be at least the retry of %v", c.RetryMax, c.Retry)
	add(c.GiveUp < 0, "give_up", "is %v; write a time, or 0s for none", c.GiveUp)
	add(c.Backlog < 1 || c.Backlog > maxBacklog, "backlog", "is %d; write 1 to %d", c.Backlog, maxBacklog)
	add(c.Spread != sample && c.Spread != neighbours, "spread", "is %q; write sample or neighbours", c.Spread)
	add(c.Fanout < 1 || c.Fanout > maxFanout, "fanout", "is %d; write 1 to %d", c.Fanout, maxFanout)
	add(c.Interval < minInterval, "interval", "is %v, must be at least %v", c.Interval, minInterval)
	add(c.Batch < 1 || c.Batch > maxBatch, "batch", "is %d; write 1 to %d", c.Batch, maxBatch)
	add(c.Rounds < 1 || c.Rounds > maxRounds, "rounds", "is %d; write 1 to %d", c.Rounds, maxRounds)
	add(c.Expire < 2*c.Interval, "expire", "is %v, must be two intervals of %v at least: nodes would be forgotten between two announcements", c.Expire, c.Interval)
	add(c.Table < 1 || c.Table > maxTable, "table", "is %d; write 1 to %d", c.Table, maxTable)
	add(c.Forgive < minInterval, "forgive", "is %v, must be at least %v", c.Forgive, minInterval)
	return all
}
