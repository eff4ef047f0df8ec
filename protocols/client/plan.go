package client

import (
	"math/bits"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Plan is a load made ready. It is shared by all clients of a group and never
// changed.
type Plan struct {
	Config
	base   Base
	keys   chooser
	slots  int // operations under way at a time
	queue  int
	closed bool
	think  *draw.Dist
	gaps   []*draw.Dist // time between arrivals, at each step of the ramp; nil: no rate
}

// NewPlan makes a load ready. It panics if Validate finds a problem.
func NewPlan(c Config, base Base) *Plan {
	if p := c.Validate(); p != nil {
		panic("client: " + p[0].Error())
	}
	p := &Plan{Config: c, base: base, keys: newChooser(c.Keys)}
	switch c.Load {
	case "closed":
		p.closed, p.slots = true, c.Closed.Concurrency
		p.think = draw.Constant(int64(c.Closed.Think))
		if c.Closed.Thinking == "exponential" {
			p.think = exponential(int64(c.Closed.Think))
		}
	case "constant":
		p.room(c.Constant.Room)
		p.setGaps(c.Constant.Rate, draw.Constant)
	case "poisson":
		p.room(c.Poisson.Room)
		p.setGaps(c.Poisson.Rate, exponential)
	case "bursts":
		p.room(c.Bursts.Room)
	case "trace":
		p.room(c.Trace.Room)
	}
	return p
}

func (p *Plan) room(r Room) { p.slots, p.queue = r.Concurrency, r.Queue }

// setGaps makes the distances between arrivals at each step.
func (p *Plan) setGaps(r Rate, form func(mean int64) *draw.Dist) {
	steps := 1
	if p.Ramp != nil {
		steps = p.Ramp.Steps
	}
	for k := 1; k <= steps; k++ {
		hi, lo := bits.Mul64(uint64(r.Per), uint64(steps))
		mean := uint64(draw.Limit)
		if den := uint64(r.Count) * uint64(k); hi < den {
			mean, _ = bits.Div64(hi, lo, den)
		}
		p.gaps = append(p.gaps, form(max(int64(min(mean, draw.Limit)), 1)))
	}
}

// exponential is the exponential distribution; a mean of years is never drawn from in earnest.
func exponential(mean int64) *draw.Dist {
	d, err := draw.Exponential(0, mean)
	if err != nil {
		return draw.Constant(mean)
	}
	return d
}

// step is the step of the ramp at a time since the start, from 0, and when the
// next begins; last is true if there is none.
func (p *Plan) step(since time.Duration) (k int, next time.Duration, last bool) {
	if p.Ramp == nil {
		return 0, 0, true
	}
	k = int(min(since/p.Ramp.Every, time.Duration(p.Ramp.Steps-1)))
	return k, time.Duration(k+1) * p.Ramp.Every, k == p.Ramp.Steps-1
}

// active is the number of slots of a closed loop that are in use at a step.
func (p *Plan) active(k int) int {
	if p.Ramp == nil {
		return p.slots
	}
	return (p.slots*(k+1) + p.Ramp.Steps - 1) / p.Ramp.Steps
}

func (p *Plan) timer(name uint8, slot int) protocols.TimerID {
	return protocols.Timer(p.base.Timer+name, uint64(slot))
}
