package protocoltest

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Options of a [Cluster]. The zero value is a network without loss where every
// message takes a millisecond.
type Options struct {
	Seed     uint64
	Latency  time.Duration    // of each message; 0 means 1ms
	Loss     draw.Probability // of each message
	Topology protocols.Topology
	Cut      func(from, to protocols.NodeID) bool // whether a partition cuts this link now; nil: none
	Goals    map[string][]float64                 // for the protocol's probe
	Observe  func(o protocols.Observed)           // sees every observation; may be nil
}

// A Cluster runs the nodes of one protocol in one goroutine, without a kernel:
// one constant latency, no CPU, no clock errors, disks that are durable at once.
// It is for tests of protocols that need many nodes, and small enough to be
// right at a glance. Equal options and calls give equal runs.
type Cluster struct {
	Protocol *protocols.Protocol
	Nodes    []protocols.Node // nil while a node is down
	Disks    []protocols.Disk
	Messages []protocols.Total // sent, by kind
	Observed []protocols.Total // by kind

	o      Options
	world  protocols.World
	now    protocols.Time
	queue  queue
	timers [][]timer
	up     []uint64 // incarnation of each node, counted from 1
	calls  uint64
	env    protocols.Env
	probe  protocols.Probe
	out    protocols.Figures
	called func(in *call, env *protocols.Env) // sees every call; may be nil
}

// timer is a timer of one node; only the last setting counts.
type timer struct {
	id      protocols.TimerID
	setting uint64 // 0: not set
}

// NewCluster makes n nodes and boots them.
func NewCluster(p *protocols.Protocol, n int, o Options) *Cluster {
	c := newCluster(p, n, o)
	c.start()
	return c
}

// newCluster makes the nodes; start boots them.
func newCluster(p *protocols.Protocol, n int, o Options) *Cluster {
	if o.Latency == 0 {
		o.Latency = time.Millisecond
	}
	if o.Topology == nil {
		o.Topology = Full(n)
	}
	c := &Cluster{
		Protocol: p, o: o, world: protocols.World{Nodes: n, Topology: o.Topology},
		Disks: make([]protocols.Disk, n), timers: make([][]timer, n), up: make([]uint64, n),
		Messages: make([]protocols.Total, len(p.Kinds)),
		Observed: make([]protocols.Total, len(p.Observations)),
		env:      *newEnv(),
	}
	for id := range n {
		c.world.Members = append(c.world.Members, protocols.NodeID(id))
	}
	if p.Probe != nil {
		c.probe = p.Probe(protocols.ProbeConfig{Nodes: n, Members: c.world.Members, Goals: o.Goals})
	}
	c.Nodes = list(p.New(c.world, c.world.Members))
	return c
}

func list(nodes protocols.Nodes) []protocols.Node {
	l := make([]protocols.Node, nodes.Len())
	for i := range l {
		l[i] = nodes.At(i)
	}
	return l
}

func (c *Cluster) start() {
	for id := range c.Nodes {
		c.boot(protocols.NodeID(id))
	}
}

// Now is the cluster's time.
func (c *Cluster) Now() protocols.Time { return c.now }

// Inject hands a message from outside to a node, at once.
func (c *Cluster) Inject(to protocols.NodeID, m protocols.Message) {
	c.call(call{do: receive, node: to, from: protocols.External, message: m})
}

// Hear hands a local event to a node, at once.
func (c *Cluster) Hear(to protocols.NodeID, e protocols.Event) {
	c.call(call{do: hear, node: to, event: e})
}

// Crash stops a node; its disk stays.
func (c *Cluster) Crash(id protocols.NodeID) {
	c.call(call{do: crash, node: id})
	c.Nodes[id] = nil
	c.timers[id] = c.timers[id][:0]
	c.Disks[id].Crash(true)
	c.observeNode(id, protocols.NodeDown)
}

// Restart boots a node that is down.
func (c *Cluster) Restart(id protocols.NodeID) {
	world := c.world
	world.Again = true
	c.Nodes[id] = c.Protocol.New(world, []protocols.NodeID{id}).At(0)
	c.boot(id)
}

// Run lets d pass.
func (c *Cluster) Run(d time.Duration) {
	end := c.now + protocols.Time(d)
	for c.queue.len() > 0 && c.queue.first().at <= end {
		e := c.queue.pop()
		c.now = e.at
		c.handle(&e)
	}
	c.now = end
}

// Sample lets the probe add to its series.
func (c *Cluster) Sample() {
	c.probe.Sample(c.now, &c.out)
}

// Figures ends the run and returns what the probe recorded.
func (c *Cluster) Figures() *protocols.Figures {
	totals := protocols.RunTotals{At: c.now, Observations: c.Observed, Messages: c.Messages}
	for _, n := range c.Nodes {
		if n != nil {
			totals.Live++
		}
	}
	c.probe.Finish(totals, &c.out)
	return &c.out
}

func (c *Cluster) boot(id protocols.NodeID) {
	c.observeNode(id, protocols.NodeUp)
	c.up[id]++
	c.call(call{do: boot, node: id})
}

func (c *Cluster) handle(e *event) {
	switch {
	case e.message != nil:
		c.call(call{do: receive, node: e.to, from: e.from, message: e.message})
	case c.due(e):
		c.call(call{do: expire, node: e.to, timer: e.timer})
	}
}

// due reports whether a timer event is that of the last setting, and unsets it.
func (c *Cluster) due(e *event) bool {
	t := c.timer(e.to, e.timer)
	if t.setting != e.order {
		return false
	}
	t.setting = 0
	return true
}

func (c *Cluster) timer(id protocols.NodeID, t protocols.TimerID) *timer {
	list := c.timers[id]
	for i := range list {
		if list[i].id == t {
			return &list[i]
		}
	}
	c.timers[id] = append(list, timer{id: t})
	return &c.timers[id][len(list)]
}

// call makes one call of a node, unless it is down, and carries its wishes out.
func (c *Cluster) call(in call) {
	if c.Nodes[in.node] == nil {
		return
	}
	c.calls++
	in.now, in.key = c.now, draw.Derive(draw.Derive(c.o.Seed, uint64(in.node)), c.calls)
	env := &c.env
	env.Reset(in.node, in.now, in.key, &c.Disks[in.node])
	in.on(c.Nodes[in.node], env)
	if _, ok := env.Disk.TakeSync(); ok {
		env.Disk.Complete(false)
	}
	if c.called != nil {
		c.called(&in, env)
	}
	for _, o := range env.Observations {
		c.observe(in.node, o)
	}
	for _, t := range env.Timers {
		c.setTimer(in.node, t)
	}
	for i, s := range env.Sends {
		c.send(in.node, i, s)
	}
}

func (c *Cluster) setTimer(id protocols.NodeID, op protocols.TimerOp) {
	t := c.timer(id, op.Timer)
	t.setting = 0
	if op.After >= 0 {
		t.setting = c.queue.push(event{at: c.now + protocols.Time(op.After), to: id, timer: op.Timer})
	}
}

func (c *Cluster) send(from protocols.NodeID, index int, s protocols.Send) {
	total := &c.Messages[s.Message.Kind()]
	total.Count++
	total.Sum += uint64(s.Message.Size())
	coin := draw.New(draw.Derive(draw.Derive(^c.o.Seed, c.calls), uint64(index)))
	if coin.Hit(c.o.Loss) || c.o.Cut != nil && c.o.Cut(from, s.To) {
		return
	}
	c.queue.push(event{at: c.now + protocols.Time(c.o.Latency), to: s.To, from: from, message: s.Message})
}

func (c *Cluster) observe(id protocols.NodeID, o protocols.Observation) {
	c.Observed[o.Kind].Count++
	c.Observed[o.Kind].Sum += o.Value
	c.tell(protocols.Observed{At: c.now, Node: id, Protocol: c.Protocol.Name, Observation: o})
}

func (c *Cluster) observeNode(id protocols.NodeID, k protocols.ObservationKind) {
	c.tell(protocols.Observed{At: c.now, Node: id, Protocol: "node",
		Observation: protocols.Observation{Kind: k, Value: c.up[id]}})
}

func (c *Cluster) tell(o protocols.Observed) {
	if c.o.Observe != nil {
		c.o.Observe(o)
	}
	if c.probe != nil {
		c.probe.Observe(o)
	}
}

// Full is the topology in which everybody knows everybody, at no cost.
type Full int

// Degree is the number of all others.
func (n Full) Degree(protocols.NodeID) int { return int(n) - 1 }

// Neighbour skips id.
func (n Full) Neighbour(id protocols.NodeID, i int) protocols.NodeID {
	if i >= int(id) {
		i++
	}
	return protocols.NodeID(i)
}
