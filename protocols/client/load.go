package client

import (
	"math"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
)

// maxArrivals bounds the operations that are asked for in one call.
const maxArrivals = 1 << 14

// prepare finds when the load has something to do first. What was due while the
// node was down is not made up for.
func (c *Client) prepare(env *protocols.Env) {
	c.next = max(c.began, env.Now)
	switch c.Load {
	case "constant": // somewhere in the first gap, so that clients do not march in step
		c.next += protocols.Time(env.Rand.Int64N(c.gaps[0].Sample(&env.Rand)))
	case "poisson":
		c.advance(env)
	case "bursts":
		every := protocols.Time(c.Bursts.Every)
		c.next = c.began + (c.next-c.began+every-1)/every*every
	case "trace":
		for c.place < len(c.Trace.Instants) && c.began+protocols.Time(c.Trace.Instants[c.place]) < env.Now {
			c.place++
		}
		c.follow()
	}
}

// arrive lets the load do what is due, and sets the timer for what is next.
func (c *Client) arrive(env *protocols.Env) {
	for n := 0; c.next <= env.Now && n < maxArrivals && !c.over(env); n++ {
		switch c.Load {
		case "closed":
			c.grow(env)
		case "bursts":
			for range c.Bursts.Size {
				c.ask(env)
			}
			c.next += protocols.Time(c.Bursts.Every)
		case "trace":
			c.ask(env)
			c.place++
			c.follow()
		default:
			c.ask(env)
			c.advance(env)
		}
	}
	if c.next != never && !c.over(env) {
		env.SetTimer(c.timer(arrivalTimer, 0), time.Duration(c.next-env.Now))
	}
}

// never is when a load that has nothing more to do does it.
const never = protocols.Time(math.MaxInt64)

// over reports whether the client asks for nothing more.
func (c *Client) over(env *protocols.Env) bool {
	return c.Stop > 0 && env.Now >= protocols.Time(c.Stop) || c.Operations > 0 && c.begun >= c.Operations
}

// grow lets a closed loop use as many slots as the step of the ramp says.
func (c *Client) grow(env *protocols.Env) {
	k, next, last := c.step(max(time.Duration(env.Now-c.began), 0))
	for ; c.users < c.active(k); c.users++ {
		c.pause(env, c.users)
	}
	if c.next = never; !last {
		c.next = c.began + protocols.Time(next)
	}
}

// pause lets the user of a slot think before the next operation.
func (c *Client) pause(env *protocols.Env, i int) {
	if d := c.think.Sample(&env.Rand); d > 0 {
		env.SetTimer(c.timer(thinkTimer, i), time.Duration(d))
		return
	}
	c.askIn(env, i)
}

// askIn asks for the next operation of a closed loop.
func (c *Client) askIn(env *protocols.Env, i int) {
	if !c.over(env) {
		c.begin(env, i, c.draw(env))
	}
}

// advance draws when the next operation of a rate is asked for. Where the ramp
// goes up on the way, it begins anew there.
func (c *Client) advance(env *protocols.Env) {
	for {
		k, end, last := c.step(time.Duration(c.next - c.began))
		at := c.next + protocols.Time(max(c.gaps[k].Sample(&env.Rand), 1))
		if last || at < c.began+protocols.Time(end) {
			c.next = at
			return
		}
		c.next = c.began + protocols.Time(end)
	}
}

// follow finds when the next operation of a trace is asked for.
func (c *Client) follow() {
	if c.next = never; c.place < len(c.Trace.Instants) {
		c.next = c.began + protocols.Time(c.Trace.Instants[c.place])
	}
}

// ask asks for an operation of an open loop; it is tried at once if there is room.
func (c *Client) ask(env *protocols.Env) {
	o := c.draw(env)
	switch last := len(c.free) - 1; {
	case last >= 0:
		i := c.free[last]
		c.free = c.free[:last]
		c.begin(env, i, o)
	case len(c.queue)-c.head < c.Plan.queue:
		c.queue = append(c.queue, o)
	default:
		c.observe(env, dropped, o.sequence, 0)
	}
}

// draw chooses an operation.
func (c *Client) draw(env *protocols.Env) operation {
	c.begun++
	c.sequence++
	o := operation{sequence: c.sequence, op: c.choose(env), key: c.keys.draw(&env.Rand)}
	c.observe(env, asked, o.sequence, linear.Pack(o.op, o.key))
	return o
}

// choose draws what an operation does.
func (c *Client) choose(env *protocols.Env) kv.Op {
	u := env.Rand.Uint64()
	for _, x := range [...]struct {
		op    kv.Op
		share uint64
	}{{kv.Get, uint64(c.Reads)}, {kv.CompareAndSwap, uint64(c.Swaps)}, {kv.Delete, uint64(c.Deletes)}} {
		if u < x.share || x.share == 1<<64-1 {
			return x.op
		}
		u -= x.share
	}
	return kv.Put
}

// unqueue takes the operation that waits longest.
func (c *Client) unqueue() (o operation, ok bool) {
	if c.head == len(c.queue) {
		return o, false
	}
	o = c.queue[c.head]
	c.head++
	if 2*c.head >= len(c.queue) {
		n := copy(c.queue, c.queue[c.head:])
		c.queue, c.head = c.queue[:n], 0
	}
	return o, true
}

func (c *Client) observe(env *protocols.Env, kind protocols.ObservationKind, sequence, value uint64) {
	env.Observe(c.base.Observation+kind, sequence, value)
}
