package client

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// begin submits an operation from a free slot.
func (c *Client) begin(env *protocols.Env, i int, o operation) {
	cmd := kv.Command{Session: kv.NewSession(env.Self, uint16(i)), Sequence: o.sequence, Op: o.op, Key: o.key}
	if o.op == kv.CompareAndSwap {
		cmd.Expect = c.lastSeen(o.key)
		c.observe(env, expects, o.sequence, cmd.Expect)
	}
	if o.op == kv.Put || o.op == kv.CompareAndSwap {
		cmd.Value, cmd.Payload = unique(env.Self, o.sequence), c.Payload
		c.observe(env, writes, o.sequence, cmd.Value)
	}
	c.slots[i] = slot{operation: o, command: cmd.AppendTo(make([]byte, 0, cmd.Size())), written: cmd.Value}
	c.submit(env, i)
}

// submit makes the next attempt.
func (c *Client) submit(env *protocols.Env, i int) {
	s := &c.slots[i]
	s.attempt++
	s.waits = false
	c.observe(env, submitted, s.sequence, uint64(s.attempt))
	env.SetTimer(c.timer(attemptTimer, i), c.Timeout)
	c.host.Submit(env, &Request{Command: s.command, Session: kv.NewSession(env.Self, uint16(i)),
		Sequence: s.sequence, Attempt: s.attempt, ReadOnly: s.op == kv.Get})
}

// expireAttempt ends the wait for an answer or for the next attempt.
func (c *Client) expireAttempt(env *protocols.Env, i int) {
	if s := &c.slots[i]; s.waits {
		s.redirects = 0
		c.submit(env, i)
		return
	}
	c.backOff(env, i)
}

// backOff waits before the next attempt: half to one and a half times a time
// that doubles with each failure. After the last one the operation is given up.
func (c *Client) backOff(env *protocols.Env, i int) {
	s := &c.slots[i]
	if s.failures++; s.failures == c.Attempts {
		c.observe(env, failed, s.sequence, 0)
		env.StopTimer(c.timer(attemptTimer, i))
		c.release(env, i)
		return
	}
	d, doublings := c.BackOffMax, min(s.failures-1, 62)
	if c.BackOff <= c.BackOffMax>>doublings {
		d = c.BackOff << doublings
	}
	s.waits = true
	if d > 0 {
		d = d/2 + time.Duration(env.Rand.Int64N(int64(d)))
	}
	env.SetTimer(c.timer(attemptTimer, i), d)
}

// finish takes the result of an operation.
func (c *Client) finish(env *protocols.Env, i int, r kv.Result) {
	s := &c.slots[i]
	kind := returned
	switch {
	case r.Status == kv.Stale: // a life before this one had a faster clock
		c.sequence = max(c.sequence, r.Value)
		kind = failed
	case r.Status == kv.Mismatch && s.op == kv.CompareAndSwap:
		kind = refused
	case r.Status != kv.Done:
		kind = failed
	}
	if kind != failed {
		now := r.Value
		if kind == returned && s.op != kv.Get {
			now = s.written // 0 after a delete
		}
		c.seen[s.key%uint64(len(c.seen))] = seen{s.key, now}
	}
	c.observe(env, kind, s.sequence, r.Value)
	env.StopTimer(c.timer(attemptTimer, i))
	c.release(env, i)
}

// release frees a slot for what comes next.
func (c *Client) release(env *protocols.Env, i int) {
	c.slots[i] = slot{}
	if c.closed {
		c.pause(env, i)
	} else if o, ok := c.unqueue(); ok {
		c.begin(env, i, o)
	} else {
		c.free = append(c.free, i)
	}
}

// lastSeen is the value of a key as the client knows it, 0 if it does not.
func (c *Client) lastSeen(key uint64) uint64 {
	if s := c.seen[key%uint64(len(c.seen))]; s.key == key {
		return s.value
	}
	return 0
}
