package heartbeat

import (
	"fmt"
	"strings"
	"time"

	"meshsim/protocols"
)

// Limits of a configuration.
const (
	minInterval  = time.Millisecond
	maxInterval  = 24 * time.Hour
	maxThreshold = 18 // the tail of the normal distribution is known to 2^-64
	maxWindow    = 10_000
	maxK         = 64
)

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() []protocols.Problem {
	var v validation
	v.word("detector", c.Detector, "fixed", "nfd-s", "nfd-e", "phi", "swim")
	v.word("phase", c.Phase, "random", "synchronous")
	v.word("watch", c.Watch, "members", "neighbours", "announced")
	v.word("monitoring", c.Monitoring, "ring", "random", "all")
	v.word("confirm", c.Confirm, "observers", "members", "none")
	if c.Interval < minInterval || c.Interval > maxInterval {
		v.add("interval", "is %v, must be %v to %v", c.Interval, minInterval, maxInterval)
	}
	v.between("window", c.Window, 2, maxWindow)
	if c.Detector == "swim" {
		c.SWIM.validate(&v, c)
		return v.problems
	}
	c.validateBeats(&v)
	return v.problems
}

// validateBeats is about the detectors that wait for heartbeats.
func (c *Config) validateBeats(v *validation) {
	switch {
	case c.Timeout <= c.Interval:
		v.add("timeout", "%v is no longer than the interval of %v, so that every peer would be suspected between two heartbeats; write two intervals or more, as %v",
			c.Timeout, c.Interval, 3*c.Interval)
	case c.Timeout > maxInterval:
		v.add("timeout", "is %v, must be at most %v", c.Timeout, maxInterval)
	}
	if c.Watch == "members" && c.Monitoring != "all" {
		v.between("k", c.K, 1, maxK)
	}
	if c.Quorum < 0 {
		v.add("quorum", "is %d; write 1 or more, or 0 for a majority", c.Quorum)
	}
	if c.Confirm == "none" && c.Quorum > 1 {
		v.add("quorum", "%d confirmations are asked of nobody; write confirm: observers or members, or leave quorum out", c.Quorum)
	}
	if c.Confirm == "observers" && c.Watch == "members" && c.Monitoring != "all" && c.Quorum > c.K && c.K > 0 {
		v.add("quorum", "%d of %d observers can never agree; write at most %d, or a greater k", c.Quorum, c.K, c.K)
	}
	if c.Detector == "phi" {
		c.Phi.validate(v)
	}
}

func (p *Phi) validate(v *validation) {
	v.between("phi.threshold", p.Threshold, 1, maxThreshold)
	v.duration("phi.min_deviation", p.MinDeviation, time.Microsecond)
	v.duration("phi.pause", p.Pause, 0)
}

func (s *SWIM) validate(v *validation, c *Config) {
	if c.Watch == "neighbours" {
		v.add("watch", "swim pings members at random, not neighbours; write watch: members, or another detector")
	}
	v.word("swim.targets", s.Targets, "round-robin", "random")
	if s.PingTimeout <= 0 || s.PingTimeout >= c.Interval {
		v.add("swim.ping_timeout", "%v is not within the period of %v; write a part of it, as %v", s.PingTimeout, c.Interval, c.Interval/4)
	}
	v.between("swim.indirect", s.Indirect, 0, maxK)
	v.between("swim.suspicion", s.Suspicion, 0, 1000)
	v.between("swim.retransmit", s.Retransmit, 1, 1000)
	v.between("swim.updates", s.Updates, 1, 1000)
	if s.Sync != 0 {
		v.duration("swim.sync", s.Sync, minInterval)
	}
	if l := s.Lifeguard; l != nil {
		v.between("swim.lifeguard.max_health", l.MaxHealth, 0, 100)
		v.between("swim.lifeguard.max_suspicion", l.MaxSuspicion, 1, 100)
		v.between("swim.lifeguard.confirmations", l.Confirmations, 1, 30)
	}
}

// ValidateFor returns what is wrong with c in a mesh where this many nodes run it.
func (c *Config) ValidateFor(members int) []protocols.Problem {
	var v validation
	switch {
	case members == 1:
		v.add("", "one node runs it, which has nobody to watch; write a count of 2 or more, or leave it out")
	case c.Detector == "swim" || c.Confirm == "none":
	case c.Confirm == "members" && members == 2 && c.Quorum != 1:
		v.add("confirm", "a majority of 2 members are both, and one of them cannot accuse itself, so that no failure is ever declared; write confirm: observers")
	case c.Quorum == 0:
	case c.Confirm == "members" && c.Quorum > members-1:
		v.add("quorum", "%d of %d members can never agree that another one has failed; write at most %d", c.Quorum, members, members-1)
	case c.Quorum > members-1:
		v.add("quorum", "there are %d other members to watch a peer, not %d; write at most %d", members-1, c.Quorum, members-1)
	}
	return v.problems
}

// validation collects problems.
type validation struct{ problems []protocols.Problem }

func (v *validation) add(path, format string, args ...any) {
	v.problems = append(v.problems, protocols.Problemf(path, format, args...))
}

func (v *validation) word(path, got string, words ...string) {
	for _, w := range words {
		if w == got {
			return
		}
	}
	last := len(words) - 1
	v.add(path, "is %q, must be %s", got, fmt.Sprint(strings.Join(words[:last], ", "), " or ", words[last]))
}

func (v *validation) between(path string, got, low, high int) {
	if got < low || got > high {
		v.add(path, "is %d, must be %d to %d", got, low, high)
	}
}

func (v *validation) duration(path string, got, low time.Duration) {
	if got < low || got > maxInterval {
		v.add(path, "is %v, must be %v to %v", got, low, maxInterval)
	}
}
