package sim

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
)

// kernel is one run.
type kernel struct {
	cfg     *Config
	order   order
	root    uint64 // what all randomness derives from
	end     int64
	states  []nodeState
	groups  []group
	table   table
	net     *network
	tracer  Tracer
	workers []*worker
	ids     []protocols.NodeID // of all nodes, ascending; made at the first use

	blockBits   uint
	owners      []uint8  // block → worker
	firstGroups []uint16 // block → group of its first node
	shift       uint     // a window is 2^shift ns, at most the lookahead
	now         int64    // all events before it have run
	booted      bool
	ordered     *ordered
	pace        pace

	timeline  timeline
	cuts      []*cut
	corrupted nodeSet                           // who lies or has lied; nil: nobody
	struck    map[*Byzantine][]protocols.NodeID // by faults that may strike so many only; looked up only
	degrades  []*degrade
	disturbed bool
	restarts  bool // some fault makes nodes restart
	strikes   int
	scripted  uint64 // orders given so far
	sources   []source
	injected  uint64 // messages from outside so far

	wanted   []uint64 // by protocol: kinds of observations that somebody wants
	checks   []watch
	probes   []watch
	roles    roles
	gathered []observed
	live     int
	stopped  Ending
	err      error // what the caller did wrong, found during the run
	result   *Result
	timed    *Histogram // of latency, at the last sample; nil: there was none, or it is not recorded
}

// newKernel compiles a Config. The error names what a caller did wrong.
func newKernel(cfg *Config) (*kernel, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	k := &kernel{cfg: cfg, root: draw.Mix(cfg.Seed + 0x5851f42d4c957f2d), end: int64(cfg.Duration), tracer: cfg.Trace,
		result: &Result{Seed: cfg.Seed, Figures: map[string]protocols.Figures{}}}
	k.order = order{tieKey: draw.DeriveString(k.root, "order of simultaneous events")}
	k.compileGroups()
	var err error
	if k.net, err = compileNetwork(&cfg.Network, len(k.states), k.groups); err != nil {
		return nil, err
	}
	if err := k.compileWatches(); err != nil {
		return nil, err
	}
	k.restarts = slices.ContainsFunc(cfg.Faults, func(f Fault) bool { return f.Crash != nil || f.Churn != nil })
	k.shift = uint(floorLog2(k.net.lookahead()))
	k.makeWorkers(blockBitsMin)
	k.startWorkload()
	return k, nil
}

func (k *kernel) compileGroups() {
	total := 0
	for i := range k.cfg.Groups {
		g := &k.cfg.Groups[i]
		k.groups = append(k.groups, k.compileGroup(g, uint32(total)))
		total += g.Count
	}
	k.states = make([]nodeState, total)
	k.live = total
	for i := range k.groups {
		for id := k.groups[i].start; id < k.groups[i].end; id++ {
			k.states[id] = nodeState{timers: timerSlot{hint: noHint}, extras: -1, group: uint16(i)}
		}
	}
	k.gatherMembers()
	for i := range k.groups {
		k.makeNodes(&k.groups[i])
	}
}

func (k *kernel) compileGroup(c *Group, start uint32) group {
	g := group{Group: *c, start: start, end: start + uint32(c.Count),
		key: draw.DeriveString(k.root, "group "+c.Name)}
	if g.Crypto == nil {
		g.Crypto = &keys.Measured
	}
	for i := range g.slots {
		g.slots[i] = -1
	}
	for slot, p := range c.Stack {
		number, ok := k.table.number(p.Name)
		if !ok {
			number = uint8(len(k.table.protocols))
			k.table.protocols = append(k.table.protocols, p)
			k.table.labels = append(k.table.labels, draw.DeriveString(0, p.Name))
		}
		g.slots[number] = int8(slot)
		g.numbers = append(g.numbers, number)
	}
	return g
}

// gatherMembers lists who runs each protocol.
func (k *kernel) gatherMembers() {
	k.table.members = make([][]protocols.NodeID, len(k.table.protocols))
	for i := range k.groups {
		g := &k.groups[i]
		for _, number := range g.numbers {
			m := slices.Grow(k.table.members[number], int(g.end-g.start))
			for id := g.start; id < g.end; id++ {
				m = append(m, protocols.NodeID(id))
			}
			k.table.members[number] = m
		}
	}
}

// makeNodes makes the states of a group's nodes, protocol by protocol, so that
// those of one protocol lie side by side.
func (k *kernel) makeNodes(g *group) {
	ids := make([]protocols.NodeID, g.end-g.start)
	for i := range ids {
		ids[i] = protocols.NodeID(g.start) + protocols.NodeID(i)
	}
	for slot, p := range g.Stack {
		nodes := p.New(k.world(g.numbers[slot]), ids)
		if nodes.Len() != len(ids) {
			panic(fmt.Sprintf("sim: %s was asked for %d nodes and made %d", p.Name, len(ids), nodes.Len()))
		}
		g.nodes = append(g.nodes, nodes)
		if nodes.Len() > 0 {
			if _, ok := nodes.At(0).(protocols.Hearer); ok {
				g.hearers = append(g.hearers, int8(slot))
			}
		}
	}
}

func (k *kernel) world(protocol uint8) protocols.World {
	return protocols.World{Nodes: len(k.states), Topology: k.topology(), Members: k.table.members[protocol]}
}

func (k *kernel) topology() protocols.Topology {
	if k.cfg.Topology != nil {
		return k.cfg.Topology
	}
	return full(len(k.states))
}

// full is the topology in which everybody knows everybody.
type full int

// Complete marks a topology in which everybody knows everybody.
func (n full) Complete() bool { return true }

func (n full) Degree(protocols.NodeID) int { return int(n) - 1 }

func (n full) Neighbour(id protocols.NodeID, i int) protocols.NodeID {
	if protocols.NodeID(i) >= id {
		i++
	}
	return protocols.NodeID(i)
}

// everybody lists all nodes.
func (k *kernel) everybody() []protocols.NodeID {
	if k.ids == nil {
		k.ids = make([]protocols.NodeID, len(k.states))
		for i := range k.ids {
			k.ids[i] = protocols.NodeID(i)
		}
	}
	return k.ids
}

// Blocks of nodes fit a core's cache; a worker owns a range of them. Small
// meshes have small blocks, so that each worker gets its share.
const (
	blockBitsMax = 11
	blockBitsMin = 7
)

// makeWorkers divides the nodes among workers, in blocks of at least 2^least.
func (k *kernel) makeWorkers(least uint) {
	n := max(1, k.cfg.Workers)
	k.blockBits = blockBitsMax
	for k.blockBits > least && len(k.states)>>k.blockBits < 4*n && n > 1 {
		k.blockBits--
	}
	blocks := (len(k.states)-1)>>k.blockBits + 1
	n = min(n, blocks)
	k.owners = make([]uint8, blocks)
	for b := range k.owners {
		k.owners[b] = uint8(b * n / blocks)
	}
	k.findGroups()
	var perNode []NodeTotal
	if k.cfg.Detail.PerNode {
		perNode = make([]NodeTotal, len(k.states))
	}
	for i := range n {
		w := &worker{k: k, id: i, counts: newCounters(&k.table, k.cfg.Detail, perNode)}
		w.env = k.newEnv()
		for range n {
			w.out = append(w.out, newCalendar(k.shift))
		}
		first := slices.Index(k.owners, uint8(i))
		w.block.init(k.blockBits, first, blocksOf(k.owners, uint8(i)))
		k.workers = append(k.workers, w)
	}
}

// newEnv makes an Env with room of its own, which no other worker's borders on.
func (k *kernel) newEnv() protocols.Env {
	const room = 64
	newKeys := k.cfg.Keys
	if newKeys == nil {
		newKeys = keys.Costed
	}
	return protocols.Env{
		Crypto: newKeys(draw.DeriveString(k.root, "keys")),
		Sends:  make([]protocols.Send, 0, room), Timers: make([]protocols.TimerOp, 0, room),
		Observations: make([]protocols.Observation, 0, room),
	}
}

func blocksOf(owners []uint8, worker uint8) int {
	n := 0
	for _, o := range owners {
		if o == worker {
			n++
		}
	}
	return n
}

func (k *kernel) owner(id uint32) uint8 { return k.owners[id>>k.blockBits] }

func (k *kernel) workerOf(id uint32) *worker { return k.workers[k.owner(id)] }

func floorLog2(n int64) int {
	b := 0
	for n > 1 {
		n >>= 1
		b++
	}
	return b
}
