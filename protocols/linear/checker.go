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
	pause     int                                        // operations after which a pause ends a segment
	pending   map[protocols.NodeID]map[uint64]*Operation // asked for, and not ended
	registers map[uint64]*register
	search    search
	undecided string // why a key could not be judged, the first one
	blind     bool   // a client lies, so nothing can be judged
	view      *failure
}

// New makes a checker.
func New(k Kinds) *Checker {
	return &Checker{kinds: k, pending: map[protocols.NodeID]map[uint64]*Operation{},
		registers: map[uint64]*register{}, search: search{total: maxTotal}, pause: segment}
}

// Wants lists the kinds that are needed.
func (c *Checker) Wants() []protocols.ObservationKind {
	k := &c.kinds
	return []protocols.ObservationKind{k.Asked, k.Expects, k.Writes, k.Submitted, k.Returned, k.Refused, k.Failed, k.Dropped}
}

// Observe takes the next observation. What breaks the property is told when the
// segment ends that it is in: at the first call after a pause, or by Finish.
func (c *Checker) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		switch o.Kind {
		case protocols.NodeDown:
			c.crash(o.Node)
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
			return c.call(x, o.At)
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

// call takes an operation's call. What returned at the same instant may be
// concurrent with it; if all returned before, that is a pause.
func (c *Checker) call(x *Operation, at protocols.Time) (text string) {
	r := c.register(x.Key)
	if r.pending == 0 && len(r.open) >= c.pause && at > r.last {
		text = c.judge(x.Key, r)
	}
	x.Call = at
	r.pending++
	return text
}

// end takes an operation's end. A key that never pauses is looked at whenever its
// history has doubled.
func (c *Checker) end(x *Operation, how Outcome, o protocols.Observed) string {
	delete(c.pending[x.Client], x.Sequence)
	if x.Call == forever {
		return "" // it never left the client
	}
	x.Outcome, x.Result, x.Return = how, o.Value, o.At
	if how == Unknown {
		x.Result, x.Return = 0, forever
	}
	r := c.register(x.Key)
	r.end(x)
	switch n := len(r.open); {
	case r.closed:
		r.open, r.limbo = nil, nil
	case n >= maxPause && n&(n-1) == 0 && how != Unknown:
		v := r.explains(r.open, unreturned(c.underWay(x.Key), r.limbo), &c.search)
		if v == violated {
			return c.fail(x.Key, r)
		}
		if v == exhausted || n >= maxSegment {
			c.giveUp(x.Key, r, fmt.Sprintf("%d operations follow one another without a pause; write fewer clients or more keys", n))
		}
	}
	return ""
}

// underWay lists the operations on a key that have not ended.
func (c *Checker) underWay(key uint64) (list []*Operation) {
	for _, node := range slices.Sorted(maps.Keys(c.pending)) {
		for _, sequence := range slices.Sorted(maps.Keys(c.pending[node])) {
			if x := c.pending[node][sequence]; x.Key == key && x.Call != forever {
				list = append(list, x)
			}
		}
	}
	return list
}

// distrust gives up when a client lies: what it writes is not known. A replica may
// lie, that is what the check is for.
func (c *Checker) distrust(node protocols.NodeID) {
	if c.pending[node] != nil {
		c.blind, c.pending, c.registers = true, nil, nil
		c.undecided = fmt.Sprintf("node %d is a client and Byzantine, so what it writes is not known", node)
	}
}

// crash ends all operations of a node: nobody will hear of their results.
func (c *Checker) crash(node protocols.NodeID) {
	for _, sequence := range slices.Sorted(maps.Keys(c.pending[node])) {
		c.end(c.pending[node][sequence], Unknown, protocols.Observed{})
	}
}

// judge ends the segment of a key.
func (c *Checker) judge(key uint64, r *register) string {
	after, v := r.judge(&c.search)
	switch v {
	case violated:
		return c.fail(key, r)
	case exhausted:
		c.giveUp(key, r, fmt.Sprintf("%d operations have too many orders", len(r.open)))
		return ""
	}
	r.cut(after)
	return ""
}

// Finish judges what is left. Operations still under way have unknown results.
func (c *Checker) Finish(protocols.Time) (violation, undecided string) {
	var texts []string
	for _, node := range slices.Sorted(maps.Keys(c.pending)) {
		c.crash(node)
	}
	for _, key := range slices.Sorted(maps.Keys(c.registers)) {
		r := c.registers[key]
		if r.closed {
			continue
		}
		switch r.explains(r.open, r.limbo, &c.search) {
		case violated:
			texts = append(texts, c.fail(key, r))
		case exhausted:
			c.giveUp(key, r, fmt.Sprintf("%d operations have too many orders", len(r.open)))
		}
	}
	return strings.Join(texts, "; and "), c.undecided
}

// giveUp leaves a key undecided.
func (c *Checker) giveUp(key uint64, r *register, why string) {
	if c.undecided == "" {
		c.undecided = fmt.Sprintf("key %d: %s", key, why)
	}
	r.closed, r.open, r.limbo = true, nil, nil
}

func (c *Checker) register(key uint64) *register {
	r := c.registers[key]
	if r == nil {
		r = &register{starts: []start{{}}}
		c.registers[key] = r
	}
	return r
}
