package worksteal

import (
	"time"

	"meshsim/protocols"
)

// Config says whom thieves ask, and how much victims give. The tags are for
// loaders of scenarios: the key as it is written, the default, one sentence of
// help.
type Config struct {
	Victim     string        `key:"victim" default:"random" enum:"random,last,nearest,choices" doc:"whom a thief asks: random; last: first who gave last; nearest: those with the shortest round trip, and at the end a random one; choices: of some at random the one that had most when last heard of"`
	Choices    int           `key:"choices" default:"2" doc:"of victim choices: how many are drawn for each request"`
	Share      string        `key:"share" default:"one" enum:"one,half" doc:"what a victim gives: one task, or half of those that wait"`
	Most       int           `key:"most" default:"64" doc:"of share half, and of distribute: the most tasks given at a time"`
	Threshold  int           `key:"threshold" default:"2" doc:"a victim gives only while it has at least so many tasks, waiting or running"`
	Tries      int           `key:"tries" default:"3" doc:"how many victims are asked in turn before the thief rests"`
	Timeout    time.Duration `key:"timeout" default:"500ms" doc:"how long a victim's answer is waited for"`
	Retry      time.Duration `key:"retry" default:"100ms" doc:"how long a thief rests after asking in vain, doubled each time; 0s: until a core becomes free again"`
	RetryMax   time.Duration `key:"retry_max" default:"5s" doc:"the rest is not doubled beyond this"`
	Distribute bool          `key:"distribute" default:"false" doc:"a node with more tasks waiting than queue.high pushes some to a peer that it knows to have next to none"`
	Fresh      time.Duration `key:"fresh" default:"2s" doc:"how long it is believed what a peer said of its load"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{Victim: random, Choices: 2, Share: one, Most: 64, Threshold: 2, Tries: 3, Timeout: 500 * time.Millisecond,
		Retry: 100 * time.Millisecond, RetryMax: 5 * time.Second, Fresh: 2 * time.Second}
}

// The words for victims and shares.
const (
	random  = "random"
	last    = "last"
	nearest = "nearest"
	choices = "choices"

	one  = "one"
	half = "half"
)

// Limits of what a node may be told.
const (
	maxTries     = 64
	maxChoices   = 64
	maxMost      = 4096
	maxThreshold = 1 << 20
)

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(bad bool, path, format string, args ...any) {
		if bad {
			all = append(all, protocols.Problemf(path, format, args...))
		}
	}
	v, s := c.Victim, c.Share
	add(v != random && v != last && v != nearest && v != choices, "victim", "is %q; write random, last, nearest or choices", v)
	add(s != one && s != half, "share", "is %q; write one or half", s)
	add(c.Choices < 1 || c.Choices > maxChoices, "choices", "is %d; write 1 to %d", c.Choices, maxChoices)
	add(c.Most < 1 || c.Most > maxMost, "most", "is %d; write 1 to %d", c.Most, maxMost)
	add(c.Threshold < 1 || c.Threshold > maxThreshold, "threshold", "is %d; write 1 to %d", c.Threshold, maxThreshold)
	add(c.Tries < 1 || c.Tries > maxTries, "tries", "is %d; write 1 to %d", c.Tries, maxTries)
	add(v == nearest && c.Tries == 1, "tries", "is 1; write at least 2 with victim nearest, as the last one is drawn at random")
	add(c.Timeout < time.Microsecond, "timeout", "is %v, must be at least 1us", c.Timeout)
	add(c.Retry < 0 || c.Retry > 0 && c.Retry < minRetry, "retry", "is %v; write at least %v, or 0s to ask only when a core becomes free", c.Retry, minRetry)
	add(c.RetryMax < c.Retry, "retry_max", "is %v, must be at least the retry of %v", c.RetryMax, c.Retry)
	add(c.Fresh < 0, "fresh", "is %v; write a time, or 0s to believe nothing", c.Fresh)
	return all
}

// minRetry is the least rest: below it, idle nodes would do nothing but ask.
const minRetry = time.Millisecond
