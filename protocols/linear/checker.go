package linear

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// Kinds says which kinds of observations make up a history. The key of each is
// the operation's sequence number, which no other operation of the node has.
type Kinds struct {
	Asked     protocols.ObservationKind // before the others; the value is made by Pack
	Expects   protocols.ObservationKind // before it is submitted: what a compare-and-swap expects
	Writes    protocols.ObservationKind // before it is submitted: what a put or compare-and-swap writes
	Submitted protocols.ObservationKind // the value is the number of the attempt, from 1: the first one is the call
	Returned  protocols.ObservationKind // it was done; the value is what a get read or a delete removed
	Refused   protocols.ObservationKind // the value is what a compare-and-swap found instead
	Failed    protocols.ObservationKind // given up
	Dropped   protocols.ObservationKind // it was never submitted
}

// maxKey bounds keys, so that one word holds an operation, too.
const maxKey = 1 << 60

// Pack puts an operation and its key, below 2^60, into one word.
func Pack(op kv.Op, key uint64) uint64 { return uint64(op)*maxKey | key }

// Unpack undoes Pack.
func Unpack(v uint64) (op kv.Op, key uint64) { return kv.Op(v / maxKey), v % maxKey }

// Spec describes the checker of a protocol whose clients observe these kinds.
func Spec(k Kinds) protocols.CheckerSpec {
	return protocols.CheckerSpec{Name: "linearizable",
		Doc: "every operation of the clients takes effect at one instant between its call and its return",
		New: func(protocols.ProbeConfig) protocols.Checker { return New(k) }}
}

// Checker checks one run. It is a protocols.Finisher, too.
type Checker struct {
	kinds     Kinds
	pending   map[protocols.NodeID]map[uint64]*Operation // asked for, and not ended
	registers map[uint64]*register
	place     uint64 // of the observation
	budget    budget
	undecided string // why a key could not be judged, the first one
	blind     bool   // a client lies, so nothing can be judged
	view      *failure
}

// New makes a checker.
func New(k Kinds) *Checker {
	return &Checker{kinds: k, pending: map[protocols.NodeID]map[uint64]*Operation{},
		registers: map[uint64]*register{}, budget: budget{maxSteps}}
}

// Wants lists the kinds that are needed.
func (c *Checker) Wants() []protocols.ObservationKind {
	k := &c.kinds
	return []protocols.ObservationKind{k.Asked, k.Expects, k.Writes, k.Submitted, k.Returned, k.Refused, k.Failed, k.Dropped}
}

// Observe takes the next observation. One operation comes before another if its
// return is observed before the other's call. What breaks the property is told as
// soon as the results of all that was under way at the time are known.
func (c *Checker) Observe(o protocols.Observed) string {
	c.place++
	if o.Protocol == protocols.NodeProtocol {
		switch o.Kind {
		case protocols.NodeDown:
			return c.crash(o.Node)
		case protocols.NodeCorrupted:
			c.distrust(o.Node)
		}
		return ""
	}
	if c.blind {
		return ""
	}
	if o.Kind == c.kinds.Asked {
		c.ask(o)
		return ""
	}
	x := c.pending[o.Node][o.Key]
	if x == nil {
		return ""
	}
	switch o.Kind {
	case c.kinds.Expects:
		x.Expect = o.Value
	case c.kinds.Writes:
		x.Value = o.Value
	case c.kinds.Submitted:
		if o.Value == 1 {
			c.call(x, o.At)
		}
	case c.kinds.Returned:
		return c.end(x, Done, o)
	case c.kinds.Refused:
		return c.end(x, Mismatch, o)
	case c.kinds.Failed:
		return c.end(x, Unknown, o)
	case c.kinds.Dropped:
		delete(c.pending[o.Node], o.Key)
	}
	return ""
}

func (c *Checker) ask(o protocols.Observed) {
	if c.pending[o.Node] == nil {
		c.pending[o.Node] = map[uint64]*Operation{}
	}
	op, key := Unpack(o.Value)
	c.pending[o.Node][o.Key] = &Operation{Client: o.Node, Sequence: o.Key, Op: op, Key: key, Call: forever}
}

// call takes an operation's call.
func (c *Checker) call(x *Operation, at protocols.Time) {
	x.Call, x.begin = at, c.place
	if r := c.register(x.Key); !r.closed {
		r.pending = append(r.pending, x)
	}
}

// end takes an operation's end.
func (c *Checker) end(x *Operation, how Outcome, o protocols.Observed) string {
	delete(c.pending[x.Client], x.Sequence)
	r := c.register(x.Key)
	if x.Call == forever || r.closed {
		return "" // it never left the client, or nobody cares
	}
	x.Outcome, x.Result, x.Return, x.end = how, o.Value, o.At, c.place
	if how == Unknown {
		x.Result, x.Return, x.end = 0, forever, 0
	}
	r.end(x)
	misfit, v := r.advance(&c.budget)
	switch {
	case v == violated:
		return c.fail(x.Key, r, misfit)
	case v == exhausted || len(r.events) > maxWaiting:
		c.giveUp(x.Key, r)
	}
	return ""
}

// maxWaiting is how many calls and returns of a key may wait for the end of an
// operation that was called before them.
const maxWaiting = 1 << 16

// distrust gives up when a client lies: what it writes is not known. A replica may
// lie, that is what the check is for.
func (c *Checker) distrust(node protocols.NodeID) {
	if c.pending[node] != nil {
		c.blind, c.pending, c.registers = true, nil, nil
		c.undecided = fmt.Sprintf("node %d is a client and Byzantine, so what it writes is not known", node)
	}
}

// crash ends all operations of a node: nobody will hear of their results.
func (c *Checker) crash(node protocols.NodeID) string {
	var texts []string
	for _, sequence := range slices.Sorted(maps.Keys(c.pending[node])) {
		if text := c.end(c.pending[node][sequence], Unknown, protocols.Observed{}); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; and ")
}

// Finish judges what is left. Operations still under way have unknown results.
func (c *Checker) Finish(protocols.Time) (violation, undecided string) {
	var texts []string
	for _, node := range slices.Sorted(maps.Keys(c.pending)) {
		if text := c.crash(node); text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, "; and "), c.undecided
}

// giveUp leaves a key undecided.
func (c *Checker) giveUp(key uint64, r *register) {
	if c.undecided == "" {
		c.undecided = fmt.Sprintf("key %d: too many orders are possible; write fewer clients at a time, more keys, or no deletes", key)
	}
	*r = register{closed: true}
}

func (c *Checker) register(key uint64) *register {
	r := c.registers[key]
	if r == nil {
		r = &register{sweep: newSweep()}
		c.registers[key] = r
	}
	return r
}
