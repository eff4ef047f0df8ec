package sim

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// network is the compiled form of Network. Nodes are sorted into classes that
// no rule tells apart; a small table gives the route between two classes.
type network struct {
	routes  []route
	class   []uint16 // by node; nil if there is one class
	classes int
	table   []uint16 // from·classes + to → index of routes
	zones   *Zones
	zone    []int16 // by node, -1: none; nil without a matrix
}

// route is the compiled form of a Link.
type route struct {
	base, floor int64
	jitter      *draw.Dist
	loss        draw.Probability
	zoned       bool
	plain       bool // latency and independent loss are all there is
	rule        int  // 0 is the default; senders keep state by it
	link        *Link
}

// maxClasses bounds the table of routes. It is reached only by hundreds of rules
// with sets that overlap in all ways.
const maxClasses = 2048

// defaultFloor is the least latency where a Link names none.
const defaultFloor = 20_000 // 20 µs: a switch and two network stacks

func compileNetwork(c *Network, nodes int, groups []group) (*network, error) {
	n := &network{zones: c.Zones}
	n.routes = append(n.routes, compileRoute(&c.Default, 0))
	for i := range c.Links {
		n.routes = append(n.routes, compileRoute(&c.Links[i].Link, i+1))
	}
	n.placeZones(nodes, groups)
	if len(c.Links) == 0 {
		return n, nil
	}
	return n, n.classify(c.Links, nodes)
}

func compileRoute(l *Link, rule int) route {
	r := route{base: int64(l.Latency.Base), floor: int64(l.Latency.Floor), jitter: l.Latency.Jitter,
		loss: l.Loss.P, zoned: l.Latency.Zoned, rule: rule, link: l}
	if r.floor <= 0 {
		r.floor = defaultFloor
	}
	r.plain = !l.Loss.GilbertElliott && l.Duplicate == 0 && l.Reorder == 0 && l.Corrupt == 0 &&
		l.Pipe.BitsPerSecond == 0 && !l.Stream
	return r
}

func (n *network) placeZones(nodes int, groups []group) {
	if n.zones == nil {
		return
	}
	n.zone = make([]int16, nodes)
	for i := range groups {
		g := &groups[i]
		for id := g.start; id < g.end; id++ {
			n.zone[id] = -1
			if len(g.Zones) > 0 {
				n.zone[id] = int16(g.Zones[int(id-g.start)%len(g.Zones)])
			}
		}
	}
}

// classify gives each node the class of its memberships in the rules' sets.
func (n *network) classify(rules []LinkRule, nodes int) error {
	n.class = make([]uint16, nodes)
	n.classes = 1
	members := [][2][]bool{{make([]bool, len(rules)), make([]bool, len(rules))}} // class → is in From, To of each rule
	for r := range rules {
		for side, set := range [2]*Set{&rules[r].From, &rules[r].To} {
			if set.All {
				for c := range members {
					members[c][side][r] = true
				}
				continue
			}
			split := map[uint16]uint16{} // looked up only: class outside → class inside
			for _, id := range set.IDs {
				old := n.class[id]
				inside, ok := split[old]
				if !ok {
					if len(members) == maxClasses {
						return fmt.Errorf("the link rules tell more than %d kinds of nodes apart; use fewer rules or larger sets", maxClasses)
					}
					inside = uint16(len(members))
					split[old] = inside
					m := [2][]bool{slices.Clone(members[old][0]), slices.Clone(members[old][1])}
					m[side][r] = true
					members = append(members, m)
				}
				n.class[id] = inside
			}
		}
	}
	n.classes = len(members)
	n.table = make([]uint16, n.classes*n.classes)
	for from := range members {
		for to := range members {
			for r := range rules {
				if members[from][0][r] && members[to][1][r] {
					n.table[from*n.classes+to] = uint16(r + 1)
				}
			}
		}
	}
	return nil
}

// route is the way from one node to another.
func (n *network) route(from, to uint32) *route {
	if n.class == nil {
		return &n.routes[0]
	}
	return &n.routes[n.table[int(n.class[from])*n.classes+int(n.class[to])]]
}

// latency draws how long a message takes, without queues.
func (n *network) latency(r *route, from, to uint32, key uint64) int64 {
	d := r.base
	if r.zoned && n.zone != nil {
		if a, b := n.zone[from], n.zone[to]; a >= 0 && b >= 0 {
			d = int64(n.zones.OneWay[int(a)*len(n.zones.Names)+int(b)])
		}
	}
	if r.jitter != nil {
		s := draws(key, domainLatency)
		d += min(r.jitter.Sample(&s), never)
	}
	return max(d, r.floor)
}

// lookahead is the smallest latency that any two nodes can have.
func (n *network) lookahead() int64 {
	least := int64(never)
	for i := range n.routes {
		r := &n.routes[i]
		jitter := int64(0)
		if r.jitter != nil {
			jitter = r.jitter.Min()
		}
		zoned := r.zoned && n.zone != nil
		if !zoned || slices.Contains(n.zone, -1) {
			least = min(least, max(r.floor, r.base+jitter))
		}
		if zoned {
			least = min(least, max(r.floor, n.leastZoned()+jitter))
		}
	}
	return least
}

// leastZoned is the smallest entry of the matrix between zones with nodes.
func (n *network) leastZoned() int64 {
	z := len(n.zones.Names)
	used := make([]bool, z)
	for _, id := range n.zone {
		if id >= 0 {
			used[id] = true
		}
	}
	least := int64(never)
	for a := range used {
		for b := range used {
			if used[a] && used[b] {
				least = min(least, int64(n.zones.OneWay[a*z+b]))
			}
		}
	}
	return least
}

// send gives a message to the network at time at. Everything that chance or a
// fault does to it on its way is decided here, by its sender.
func (w *worker) send(n *nodeState, id uint32, at int64, o *outgoing) {
	k := w.k
	if o.to >= uint32(len(k.states)) {
		panic(fmt.Sprintf("sim: node %d sends to node %d, but there are only %d", id, o.to, len(k.states)))
	}
	if k.tracer != nil {
		w.traceSend(id, at, o)
	}
	r := k.net.route(id, o.to)
	if !r.plain || k.disturbed || n.flags&nodePiped != 0 {
		w.sendSpecial(n, id, at, o, r)
		return
	}
	n.seq++
	if r.loss != 0 && r.loss.Hit(word(o.key, domainLoss)) {
		w.lose(at, id, o)
		return
	}
	d := k.net.latency(r, id, o.to, o.key)
	if w.counts.latency != nil {
		w.counts.latency.Add(d)
	}
	arrives, seq := at+d, n.seq<<8|uint64(o.protocol)
	if k.ordered == nil && arrives >= w.limit && arrives < k.end {
		e := w.out[k.owner(o.to)].reserve(&w.pool, arrives) // what put does, without a copy
		e.at, e.key, e.seq, e.from, e.to, e.msg = arrives, o.key, seq, id, o.to, o.message
		return
	}
	w.put(&event{at: arrives, key: o.key, seq: seq, from: id, to: o.to, msg: o.message})
}

// lose counts a message that the link lost.
func (w *worker) lose(at int64, id uint32, o *outgoing) {
	w.counts.drops.Loss++
	w.counts.kinds[o.protocol][o.kind].Lost++
	w.traceLost(at, id, o, "loss")
}

// traceDuplicate notes that a message was doubled; of is the key of the first.
func (w *worker) traceDuplicate(at int64, id uint32, o *outgoing, of uint64) {
	if w.k.tracer == nil {
		return
	}
	w.trace(TraceEvent{At: protocols.Time(at), What: TraceDuplicate, Node: protocols.NodeID(id), Peer: protocols.NodeID(o.to),
		Protocol: w.k.protocolName(o.protocol), Name: w.k.kindName(o.protocol, o.kind), Size: o.size, Key: o.key, Cause: of})
}

func (w *worker) traceLost(at int64, id uint32, o *outgoing, why string) {
	if w.k.tracer == nil {
		return
	}
	w.trace(TraceEvent{At: protocols.Time(at), What: TraceDrop, Node: protocols.NodeID(id), Peer: protocols.NodeID(o.to),
		Protocol: w.k.protocolName(o.protocol), Name: w.k.kindName(o.protocol, o.kind) + ": " + why, Size: o.size, Key: o.key})
}
