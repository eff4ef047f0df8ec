package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// DHT is what nodes run that make a distributed hash table.
type DHT struct {
	dht.Config `key:",inline"`
	Seeds      Selector `key:"seeds" example:"core-0..core-2" doc:"through whom nodes join, named members; the first of them starts a ring that is joined; without them, the first eight members"`
}

// Lookup is a stream of operations on a distributed hash table.
type Lookup struct {
	From Selector    `key:"from" required:"true" example:"all" doc:"who asks; of several nodes one is drawn for each"`
	Do   string      `key:"do" default:"locate" enum:"locate,read,write" doc:"locate: find the node that is responsible for a key; read, write: and read or write what is stored there"`
	Keys int         `key:"keys" default:"0" min:"0" max:"100000000" doc:"keys that are asked for, one drawn for each; 0: any of all there can be"`
	Each bool        `key:"each" default:"false" doc:"take the keys in turn, instead of drawing one"`
	Size strict.Size `key:"size" default:"64B" min:"8B" max:"1MiB" doc:"of a value"`
	Flow `key:",inline"`
}

func lacksDHT(p *Protocols) string {
	if p.DHT == nil {
		return "dht: {}"
	}
	return ""
}

func (c *compiler) compileLookup(l *Traffic, path string) {
	p := l.Lookup
	to, ok := c.members(p.From, path+".from", lacksDHT)
	if p.Each && p.Keys == 0 {
		c.Report(path+".each", "needs to know how many keys there are; write keys: 1000")
		return
	}
	if !ok {
		return
	}
	flow, start, stop := *l.flow(), l.Start, min(l.Stop, c.Run.Duration)
	c.loads = append(c.loads, func() sim.Feed {
		made := 0
		return &stream{Flow: flow, start: start, stop: stop, next: func(r *draw.Rand) sim.Injection {
			made++
			return sim.Injection{To: to[r.IntN(len(to))], Protocol: "dht", Message: p.message(made-1, r)}
		}}
	})
}

// message is the i-th operation.
func (p *Lookup) message(i int, r *draw.Rand) protocols.Message {
	key := r.Uint64()
	switch {
	case p.Each:
		key = draw.Mix(uint64(i % p.Keys))
	case p.Keys > 0:
		key = draw.Mix(uint64(r.IntN(p.Keys)))
	}
	switch p.Do {
	case "read":
		return dht.NewRead(key)
	case "write":
		return dht.NewWrite(key, payload(int(p.Size), r))
	}
	return dht.NewLookup(key)
}

// text tells what enters.
func (p *Lookup) text() string {
	keys := "any keys"
	if p.Keys > 0 {
		keys = fmt.Sprintf("%d keys", p.Keys)
	}
	if p.Do == "write" {
		keys += " of " + sizeOf(p.Size)
	}
	return fmt.Sprintf("%s %s from %s, %s", p.Do, keys, selectorText(p.From), p.Flow.text())
}

// ringAlone reports whether nodes run a dht and none runs discovery, so that who
// leaves the mesh leaves the ring.
func (c *compiler) ringAlone() bool {
	ring := false
	for i := range c.Nodes {
		p := &c.Nodes[i].Value.Protocols.Value
		if p.Discovery != nil {
			return false
		}
		ring = ring || p.DHT != nil
	}
	return ring
}

// compileDHT tells nodes through whom they join, and reports tables that cannot
// work together: all who run one are on one ring.
func (c *compiler) compileDHT() {
	var common *DHT
	first := ""
	for i := range c.Nodes {
		name, d := c.Nodes[i].Key, c.Nodes[i].Value.Protocols.Value.DHT
		if d == nil {
			continue
		}
		if common != nil && (d.Virtual != common.Virtual || d.Ring != common.Ring || d.Table != common.Table || d.Copies != common.Copies) {
			c.reportIn(name, "dht", "differs in ring, table, virtual or copies from that of group %s, but all who run it are on one ring; write it once, under protocols", first)
			return
		}
		if common == nil {
			common, first = d, name
		}
		path := "nodes." + name + ".protocols.dht.seeds"
		if !c.Written(path) {
			path = "protocols.dht.seeds"
		}
		if c.Written(path) && !c.Failed(path) {
			d.Config.Seeds, _ = c.members(d.Seeds, path, lacksDHT)
		}
	}
}

// ringCalls estimates how often a node that runs a distributed hash table is called
// for itself; lookups are calls of the mesh.
func (d *DHT) ringCalls(active time.Duration) float64 {
	calls := 0.0
	per := func(period time.Duration, n float64) {
		if period > 0 {
			calls += float64(seconds(active) / seconds(period) * n)
		}
	}
	per(d.Stabilise, 8)
	if d.Table == "fingers" {
		per(d.FixFingers, 10)
	}
	per(d.Merge, 5)
	per(d.Repair, 1)
	return float64(calls * float64(d.Virtual))
}
