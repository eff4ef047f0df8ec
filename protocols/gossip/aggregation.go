package gossip

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Aggregation says what the nodes compute together of a number that each has.
type Aggregation struct {
	Function string        `key:"function" default:"average" enum:"average,sum,count,min,max" doc:"what is computed of the nodes' values; count is the number of nodes"`
	Exchange string        `key:"exchange" default:"push-pull" enum:"push-pull,push-sum" doc:"how: two nodes average what they have (Jelasity et al. 2005), or each gives half away (Kempe et al. 2003)"`
	Interval time.Duration `key:"interval" default:"1s" doc:"length of a cycle, in which each node starts one exchange"`
	Timeout  time.Duration `key:"timeout" default:"500ms" doc:"how long a node waits for the answer to a push-pull exchange; one that comes later does harm"`
	Epoch    int           `key:"epoch" default:"30" min:"0" doc:"cycles after which all begin anew with their present values; 0: never"`
	Initial  string        `key:"initial" default:"zero" enum:"zero,uniform,peak" doc:"the value that a node has before it is given one: 0, a random one below a million, or as many as there are nodes at one node and 0 at the others"`
}

// DefaultAggregation returns the configuration of an empty aggregation block.
func DefaultAggregation() *Aggregation {
	return &Aggregation{Function: "average", Exchange: "push-pull", Interval: time.Second,
		Timeout: 500 * time.Millisecond, Epoch: 30, Initial: "zero"}
}

func (a *Aggregation) validate(v *validation) {
	v.word("aggregation.function", a.Function, "average", "sum", "count", "min", "max")
	v.word("aggregation.exchange", a.Exchange, "push-pull", "push-sum")
	v.word("aggregation.initial", a.Initial, "zero", "uniform", "peak")
	v.period("aggregation.interval", a.Interval)
	v.period("aggregation.timeout", a.Timeout)
	v.between("aggregation.epoch", a.Epoch, 0, 1<<20)
}

// function is Aggregation.Function as a number.
type function uint8

const (
	average function = iota
	sum
	count
	least
	greatest
)

// newFunction is what is computed; a is nil where nothing is.
func newFunction(a *Aggregation) function {
	if a == nil {
		return average
	}
	switch a.Function {
	case "sum":
		return sum
	case "count":
		return count
	case "min":
		return least
	case "max":
		return greatest
	}
	return average
}

// counts reports whether the function needs the number of nodes.
func (f function) counts() bool { return f == sum || f == count }

// extreme reports whether the function is idempotent: then nothing is conserved
// and exchanges may overlap.
func (f function) extreme() bool { return f == least || f == greatest }

// MaxValue is the largest absolute value that a node can be given.
const MaxValue = 1 << 36

// scale is the unit of values in fixed-point arithmetic: floats are not the
// same on all machines, and integers let two nodes split a sum exactly.
const scale = 1 << 24

// aggregate is a node's part in the aggregation.
type aggregate struct {
	local   int64  // the node's own value
	epoch   int64  // by the node's clock, or adopted from a node that is ahead
	passive bool   // came in the middle of the epoch: waits for the next
	value   int64  // the running estimate, times scale; with push-sum a sum of values
	weight  uint64 // with push-sum: the weight that belongs to value
	shares  shares // what is held of each leader's unit, to count the nodes

	// A push-pull exchange that this node has started.
	waiting  bool
	partner  protocols.NodeID
	sequence uint32 // of the exchange; begins anywhere, as a restart forgets it
	tries    int    // partners that refused, in this cycle

	recent  [8]uint64 // exchanges answered last: a link may deliver a request twice
	answers uint64
}

// startAggregation takes part at once if an epoch has just begun, which is so
// for all nodes when the mesh boots, else from the next epoch on.
func (n *node) startAggregation(env *protocols.Env) {
	a := &aggregate{local: n.initialValue(env), passive: true, sequence: uint32(env.Rand.Uint64())}
	n.extra().aggregate = a
	env.Observe(Local, 0, uint64(a.local))
	epoch, into := n.epochAt(env.Now)
	a.epoch = epoch
	if into < n.Aggregation.Interval {
		n.beginEpoch(env, epoch)
	}
	n.nextEpoch(env)
	n.nextCycle(env)
}

// nextCycle sets the timer of the exchange in the next cycle, or in the present
// one if it has just begun. The instant in the cycle is drawn anew each time: if
// the nodes came in the same order in all cycles, the variance would fall by
// 0.294 instead of 0.303 a cycle.
func (n *node) nextCycle(env *protocols.Env) {
	interval := n.Aggregation.Interval
	left := (interval - time.Duration(env.Now)%interval) % interval
	env.SetTimer(protocols.Timer(cycleTimer, 0), left+time.Duration(env.Rand.Int64N(int64(interval))))
}

func (n *node) initialValue(env *protocols.Env) int64 {
	switch {
	case n.Aggregation.Initial == "uniform":
		return env.Rand.Int64N(1_000_000)
	case n.Aggregation.Initial == "peak" && env.Self == n.world.Members[0]:
		return int64(len(n.world.Members))
	}
	return 0
}

// epochAt numbers the epochs of the node's clock and says how far into one it is.
func (n *node) epochAt(now protocols.Time) (epoch int64, into time.Duration) {
	if n.Aggregation.Epoch == 0 {
		return 0, time.Duration(now)
	}
	length := int64(n.Aggregation.Epoch) * int64(n.Aggregation.Interval)
	epoch, rest := int64(now)/length, int64(now)%length
	if rest < 0 {
		epoch, rest = epoch-1, rest+length
	}
	return epoch, time.Duration(rest)
}

func (n *node) nextEpoch(env *protocols.Env) {
	if n.Aggregation.Epoch == 0 {
		return
	}
	_, into := n.epochAt(env.Now)
	length := time.Duration(n.Aggregation.Epoch) * n.Aggregation.Interval
	env.SetTimer(protocols.Timer(epochTimer, 0), length-into)
}

// epochOver begins the epoch of the node's clock, unless it was adopted before.
func (n *node) epochOver(env *protocols.Env) {
	if epoch, _ := n.epochAt(env.Now); epoch > n.more.aggregate.epoch {
		n.beginEpoch(env, epoch)
	}
	n.nextEpoch(env)
}

// beginEpoch starts anew from the node's own value. Some nodes, eight on
// average, become leaders: each gives a unit into the mesh, of which in the end
// everybody holds one part in n (Jelasity et al., section 3.3).
func (n *node) beginEpoch(env *protocols.Env, epoch int64) {
	a := n.more.aggregate
	n.stopWaiting(env)
	a.epoch, a.passive = epoch, false
	a.value, a.weight, a.shares = a.local*scale, unitWeight, nil
	if n.function.counts() && env.Rand.Hit(draw.Ratio(min(leaders, uint64(len(n.world.Members))), uint64(len(n.world.Members)))) {
		a.shares = shares{{env.Self, unitShare}}
	}
	n.observeEstimate(env)
}

// Leaders of an epoch, on average. That there is none has a chance of e^-8.
const leaders = 8

// adopt follows a node that is in a later epoch, which is so at its beginning:
// the news of a new epoch spreads with the exchanges (section 4.2). A node that
// claims to be further ahead than clocks can be is not followed.
func (n *node) adopt(env *protocols.Env, epoch int64) {
	a := n.more.aggregate
	if own, _ := n.epochAt(env.Now); epoch > a.epoch && epoch <= own+1 {
		n.beginEpoch(env, epoch)
	}
}

// set gives the node another value. It counts from the next epoch on; where
// there is none, at once.
func (n *node) set(env *protocols.Env, value int64) {
	a := n.aggregate()
	if a == nil {
		return
	}
	if value > MaxValue || value < -MaxValue {
		env.Observe(Refused, 0, 8)
		return
	}
	before := a.local
	a.local = value
	env.Observe(Local, 0, uint64(value))
	if n.Aggregation.Epoch == 0 {
		a.value = n.function.moved(a.value, before*scale, value*scale)
		n.observeEstimate(env)
	}
}

// moved is an estimate after a node's own value has changed: the difference
// belongs to the sum that is averaged. An extreme only moves outwards.
func (f function) moved(estimate, old, now int64) int64 {
	if f.extreme() {
		return f.merged(estimate, now)
	}
	return estimate + now - old
}

// merged is the extreme of two.
func (f function) merged(a, b int64) int64 {
	if f == least {
		return min(a, b)
	}
	return max(a, b)
}

// cycle starts the exchange of this cycle.
func (n *node) cycle(env *protocols.Env) {
	a := n.more.aggregate
	n.nextCycle(env)
	switch {
	case a.passive || a.waiting:
	case n.pushSum:
		n.giveHalf(env)
	default:
		a.tries = 0
		n.askToSwap(env)
	}
}

func (n *node) aggregate() *aggregate {
	if n.more == nil {
		return nil
	}
	return n.more.aggregate
}

// observeEstimate shows what the node would answer now.
func (n *node) observeEstimate(env *protocols.Env) {
	a := n.more.aggregate
	if v, ok := a.estimate(n.function, n.pushSum); ok && !a.passive {
		env.Observe(Estimate, uint64(a.epoch), uint64(v))
	}
}
