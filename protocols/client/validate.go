package client

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
)

// Limits of what a client node may be told.
const (
	maxConcurrency = 1 << 14
	maxKeys        = 1 << 24
	maxSteps       = 1000
)

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() []protocols.Problem {
	var v validation
	c.validateLoad(&v)
	if r := c.Ramp; r != nil {
		v.between("ramp.steps", r.Steps, 1, maxSteps)
		v.atLeast("ramp.every", r.Every, time.Millisecond)
		if c.Load == "bursts" || c.Load == "trace" {
			v.add("ramp", "has no effect with load %s; write load closed, constant or poisson", c.Load)
		}
	}
	if c.Stop != 0 && c.Stop <= c.Start {
		v.add("stop", "is %v, must be after the start at %v", c.Stop, c.Start)
	}
	v.atLeast("start", c.Start, 0)
	v.between("operations", c.Operations, 0, 1<<30)
	c.validateOperations(&v)
	v.atLeast("timeout", c.Timeout, time.Microsecond)
	v.between("attempts", c.Attempts, 0, 1<<30)
	v.atLeast("back_off", c.BackOff, 0)
	v.atLeast("back_off_max", c.BackOffMax, c.BackOff)
	v.atLeast("outage", c.Outage, time.Millisecond)
	return v.problems
}

func (c *Config) validateOperations(v *validation) {
	k := &c.Keys
	v.between("keys.count", k.Count, 1, maxKeys)
	if k.Distribution != "uniform" && k.Distribution != "zipf" {
		v.add("keys.distribution", "is %q, must be uniform or zipf", k.Distribution)
	}
	if !draw.ZipfExponent(k.Exponent) {
		v.add("keys.exponent", "is out of range; write one from 0 to 10")
	}
	if sum := c.Reads + c.Swaps; sum < c.Reads || sum+c.Deletes < sum {
		v.add("reads", "with swaps and deletes is more than all operations; write shares of 100%% at most")
	}
	v.between("payload", c.Payload, 0, kv.MaxPayload)
}

func (c *Config) validateLoad(v *validation) {
	missing := false
	switch c.Load {
	case "closed":
		if missing = c.Closed == nil; !missing {
			v.between("concurrency", c.Closed.Concurrency, 1, maxConcurrency)
			v.atLeast("think", c.Closed.Think, 0)
			if t := c.Closed.Thinking; t != "exponential" && t != "constant" {
				v.add("thinking", "is %q, must be exponential or constant", t)
			}
		}
	case "constant":
		if missing = c.Constant == nil; !missing {
			v.rate(c.Constant.Rate, c.Constant.Room)
		}
	case "poisson":
		if missing = c.Poisson == nil; !missing {
			v.rate(c.Poisson.Rate, c.Poisson.Room)
		}
	case "bursts":
		if missing = c.Bursts == nil; !missing {
			v.between("size", c.Bursts.Size, 1, maxArrivals)
			v.atLeast("every", c.Bursts.Every, time.Microsecond)
			v.room(c.Bursts.Room)
		}
	case "trace":
		if missing = c.Trace == nil; !missing {
			if len(c.Trace.Instants) == 0 && c.Trace.File == "" {
				v.add("load", "is trace, without a single instant; write instants: [1s, 2s], or a file of them")
			}
			v.instants(c.Trace.Instants)
			v.room(c.Trace.Room)
		}
	default:
		v.add("load", "is %q, must be closed, constant, poisson, bursts or trace", c.Load)
	}
	if missing {
		v.add("load", "is %s, but what that needs is not given", c.Load)
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

func (v *validation) atLeast(path string, got, limit time.Duration) {
	if got < limit {
		v.add(path, "is %v, must be at least %v", got, limit)
	}
}

func (v *validation) room(r Room) {
	v.between("concurrency", r.Concurrency, 1, maxConcurrency)
	v.between("queue", r.Queue, 0, 1<<24)
}

func (v *validation) rate(r Rate, room Room) {
	if r.Count < 1 || r.Per < 1 || r.Count > int64(r.Per) {
		v.add("rate", "is %d in %v, must be at most one in 1ns", r.Count, r.Per)
	}
	v.room(room)
}

func (v *validation) instants(list []time.Duration) {
	for i, at := range list {
		if at < 0 || i > 0 && at < list[i-1] {
			v.add("instants", "has %v at place %d, out of order; write ascending instants from 0s on", at, i)
			return
		}
	}
}
