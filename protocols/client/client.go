package client

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
)

// Host is the protocol that a client asks through.
type Host interface {
	// Submit sends an attempt to whom the protocol thinks best. The first attempt
	// of an operation has the number 1.
	Submit(env *protocols.Env, r *Request)
}

// Request is an attempt of an operation. The command stays the same from attempt
// to attempt.
type Request struct {
	Command  []byte // an encoded kv.Command; never changed
	Session  kv.Session
	Sequence uint64 // no other operation of the node has it
	Attempt  int
	ReadOnly bool // the command is a get
}

// Client is the state of a client on one node. It lives in the state of the
// protocol's node, which hands it what concerns it.
type Client struct {
	*Plan
	host     Host
	slots    []slot
	free     []int // slots without an operation, the next one last
	queue    []operation
	head     int // of the queue
	sequence uint64
	begun    int            // operations asked for
	began    protocols.Time // when the load begins, on the node's clock
	next     protocols.Time // when the next operation is asked for, or the load changes; past: never
	users    int            // slots that a closed loop has taken into use
	place    int            // in the trace
	seen     [32]seen       // values seen last, by key modulo the length
}

// operation is what somebody asks for.
type operation struct {
	sequence uint64
	op       kv.Op
	key      uint64
}

// slot has room for one operation under way.
type slot struct {
	operation
	command   []byte // nil: the slot is free
	written   uint64
	attempt   int
	failures  int  // attempts that were not just redirected
	redirects int  // in a row
	waits     bool // for the time of the next attempt, not for an answer
}

type seen struct{ key, value uint64 }

// New makes a client. host is kept.
func New(p *Plan, host Host) *Client { return &Client{Plan: p, host: host} }

// Start begins the load. Nothing is left of what the client did before a crash:
// it continues with larger sequence numbers, taken from the clock.
func (c *Client) Start(env *protocols.Env) {
	c.sequence = uint64(max(env.Now, 0))
	c.slots = make([]slot, c.Plan.slots)
	if !c.closed {
		for i := range c.slots {
			c.free = append(c.free, len(c.slots)-1-i)
		}
	}
	c.began = protocols.Time(c.Config.Start)
	c.prepare(env)
	if c.next != never {
		env.SetTimer(c.timer(arrivalTimer, 0), time.Duration(c.next-env.Now))
	}
}

// Expire handles a timer, and reports whether it is the client's.
func (c *Client) Expire(env *protocols.Env, t protocols.TimerID) bool {
	name, i := t.Name()-c.base.Timer, t.Argument()
	if name >= timers || i >= uint64(len(c.slots)) {
		return false
	}
	switch s := &c.slots[i]; {
	case name == arrivalTimer && i == 0:
		c.arrive(env)
	case name == thinkTimer && s.command == nil:
		c.askIn(env, int(i))
	case name == attemptTimer && s.command != nil:
		c.expireAttempt(env, int(i))
	default:
		return false
	}
	return true
}

// Reply hands over the encoded kv.Result of an operation, and reports whether
// the client was waiting for it.
func (c *Client) Reply(env *protocols.Env, sequence uint64, result []byte) bool {
	r, err := kv.DecodeResult(result)
	i, ok := c.find(sequence)
	if err != nil || !ok {
		return false
	}
	c.finish(env, i, r)
	return true
}

// Redirect says that whoever was asked is not the one, and that the host now
// knows better: the client tries again at once, unless that has happened too
// often in a row.
func (c *Client) Redirect(env *protocols.Env, sequence uint64) {
	i, ok := c.find(sequence)
	if !ok || c.slots[i].waits {
		return
	}
	if s := &c.slots[i]; s.redirects < maxRedirects {
		s.redirects++
		c.submit(env, i)
		return
	}
	c.backOff(env, i)
}

// Reject says that whoever was asked cannot serve now: the client tries again
// after a while.
func (c *Client) Reject(env *protocols.Env, sequence uint64) {
	if i, ok := c.find(sequence); ok && !c.slots[i].waits {
		c.backOff(env, i)
	}
}

// maxRedirects is how often a client follows redirects without a pause.
const maxRedirects = 5

// Waits tells of the operation that has been under way longest; "" if none is.
func (c *Client) Waits() string {
	oldest, count := (*slot)(nil), 0
	for i := range c.slots {
		if s := &c.slots[i]; s.command != nil {
			if count++; oldest == nil || s.sequence < oldest.sequence {
				oldest = s
			}
		}
	}
	if oldest == nil {
		return ""
	}
	return fmt.Sprintf("the answer to %d operations, first to %v %d after %d attempts", count, oldest.op, oldest.key, oldest.attempt)
}

// find looks for an operation under way.
func (c *Client) find(sequence uint64) (slot int, ok bool) {
	for i := range c.slots {
		if s := &c.slots[i]; s.command != nil && s.sequence == sequence {
			return i, true
		}
	}
	return 0, false
}

// unique is a value that no other operation writes.
func unique(node protocols.NodeID, sequence uint64) uint64 {
	return max(draw.Derive(uint64(node), sequence), 1)
}
