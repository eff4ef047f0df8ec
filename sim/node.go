package sim

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// nodeState is what the kernel knows of every node: one cache line, since there
// may be a million. What few nodes have is in extras.
type nodeState struct {
	seq    uint64    // events made so far
	chain  uint64    // fingerprint of all that happened here
	timers timerSlot // the first of its timers
	extras int32     // index into worker.more, or -1
	group  uint16
	flags  nodeFlags
}

type nodeFlags uint8

const (
	nodeDown   nodeFlags = 1 << iota // crashed
	nodePaused                       // frozen: all calls wait
	nodeCostly                       // calls take CPU time or queue for a core
	nodeSkewed                       // its clock is not simulated time
	nodePiped                        // it has an uplink or downlink of finite rate
	nodeReborn                       // it crashed before: its state is not where New put it at first

	// nodeSlow marks nodes whose arrivals do not become calls at once.
	nodeSlow = nodeDown | nodePaused | nodeCostly | nodePiped
)

// extras is the rest of a node's state, for those that need more.
type extras struct {
	disk        protocols.Disk
	diskFree    int64    // when the device has done all that was asked of it
	diskUsed    bool     // it is in worker.disks
	bad         *badDisk // nil: nothing was ever wrong with it
	incarnation uint32   // crashes so far
	clock       clock
	cpu         cpu
	up, down    line
	bursts      []bool             // Gilbert–Elliott state by rule: true is bad
	lines       []line             // queues of link rules by rule
	streams     map[uint32]*stream // by receiver
	bootedAt    int64              // when it restarted last
	reborn      []protocols.Node   // its stack since its last crash; states that New made at first are gone
	downBy      []int              // the strikes that hold it down
	pausedBy    []int              // the strikes that hold it paused
	corruptions []*nodeOrder       // the orders by which it is Byzantine, in the order of striking
}

// extras returns the rest of a node's state, which it makes at the first use.
func (w *worker) extras(id uint32) *extras {
	n := &w.k.states[id]
	if n.extras < 0 {
		n.extras = int32(len(w.more))
		w.more = append(w.more, new(extras))
	}
	return w.more[n.extras]
}

// incarnation is the number of a node's crashes so far.
func (w *worker) incarnation(n *nodeState) uint32 {
	if n.extras < 0 {
		return 0
	}
	return w.more[n.extras].incarnation
}

// group is the compiled form of a Group.
type group struct {
	Group
	start, end uint32            // identities
	nodes      []protocols.Nodes // as they were made, by place in the stack
	slots      [256]int8         // protocol number → place in the stack, -1 if absent
	numbers    []uint8           // place in the stack → protocol number
	hearers    []int8            // places in the stack that listen to local events
	key        uint64            // what its nodes' roots derive from
}

// member is the key of a node: it depends on names alone, so that a node keeps
// its randomness when others are added.
func (g *group) member(id uint32) uint64 { return draw.Derive(g.key, uint64(id-g.start)) }

// root is the causal key of the boot of one of a node's protocols.
func (g *group) root(id uint32, slot int, incarnation uint32) uint64 {
	return draw.DeriveString(draw.Derive(g.member(id), uint64(incarnation)), g.Stack[slot].Name)
}

// table is the list of all protocols of a run; an event names one by its place.
type table struct {
	protocols []*protocols.Protocol
	labels    []uint64 // what stands for each in keys; its place would change when others are added
	members   [][]protocols.NodeID
}

func (t *table) number(name string) (uint8, bool) {
	for i, p := range t.protocols {
		if p.Name == name {
			return uint8(i), true
		}
	}
	return 0, false
}

func (k *kernel) protocolName(protocol uint8) string { return k.table.protocols[protocol].Name }

func (k *kernel) kindName(protocol, kind uint8) string {
	return nameAt(k.table.protocols[protocol].Kinds, int(kind))
}

func (k *kernel) timerName(protocol uint8, t protocols.TimerID) string {
	return nameAt(k.table.protocols[protocol].Timers, int(t.Name()))
}

func nameAt(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "unknown"
}

// setUp gives a node what its group declares.
func (w *worker) setUp(id uint32) {
	k := w.k
	n := &k.states[id]
	g := &k.groups[n.group]
	if !g.Clock.exact() {
		w.extras(id).clock = g.Clock.initial(draw.Derive(g.member(id), uint64(domainClock)))
		n.flags |= nodeSkewed
	}
	if !g.CPU.free() {
		n.flags |= nodeCostly
	}
	if g.DiskCapacity > 0 {
		w.extras(id).disk.SetFaults(protocols.DiskFaults{Capacity: g.DiskCapacity})
	}
	if g.Uplink.BitsPerSecond > 0 || g.Downlink.BitsPerSecond > 0 {
		n.flags |= nodePiped
	}
}

// boot starts the protocols of a node in the order of its stack, on one core.
// They hear of one another when all have started.
func (w *worker) boot(n *nodeState, id uint32, at int64) {
	g, end := &w.k.groups[n.group], at
	incarnation := w.incarnation(n)
	w.recorrupt(n, id, at)
	for slot, protocol := range g.numbers {
		key := g.root(id, slot, incarnation)
		node := w.begin(n, id, at, protocol, key)
		n.chain = link(n.chain, key, at, uint64(incarnation)<<32|uint64(protocol)<<8|2)
		if w.k.tracer != nil {
			w.traceCall(TraceEvent{At: protocols.Time(at), What: TraceStart, Node: protocols.NodeID(id),
				Protocol: w.k.protocolName(protocol), Key: key, Value: uint64(incarnation)})
		}
		node.Start(&w.env)
		done := w.effects(n, id, at, end, protocol, key)
		w.traceWork(done - end)
		end = done
		w.announce(int8(slot), key)
	}
	if end = w.tell(n, id, at, end); end > at {
		w.occupy(id, at, end)
	}
}
