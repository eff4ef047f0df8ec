package scenarios

import (
	"encoding/binary"
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/gossip"
	"meshsim/sim"
)

func (c *compiler) compilePublish(l *Traffic, path string) {
	p := l.Publish
	to, ok := c.gossipers(p.From, path+".from", func(*gossip.Config) string { return "" })
	if !ok {
		return
	}
	c.checkSize(int(p.Size), path+".size")
	c.load(l, to, func(r *draw.Rand) protocols.Message { return gossip.NewPublish(payload(int(p.Size), r)) })
}

func (c *compiler) compilePut(l *Traffic, path string) {
	p := l.Put
	to, ok := c.gossipers(p.From, path+".from", func(g *gossip.Config) string {
		if g.AntiEntropy == nil {
			return "anti_entropy"
		}
		return ""
	})
	if !ok {
		return
	}
	c.checkSize(int(p.Size), path+".size")
	c.load(l, to, func(r *draw.Rand) protocols.Message {
		key := fmt.Sprintf("key-%d", r.IntN(p.Keys))
		if r.Hit(p.Delete) {
			return gossip.NewDelete(key)
		}
		return gossip.NewPut(key, payload(int(p.Size), r))
	})
}

func (c *compiler) compileSet(l *Traffic, path string) {
	p := l.Set
	if p.Low > p.High {
		c.Report(path+".low", "%d is above high, %d", p.Low, p.High)
		return
	}
	to, ok := c.gossipers(p.Nodes, path+".nodes", func(g *gossip.Config) string {
		if g.Aggregation == nil {
			return "aggregation"
		}
		return ""
	})
	if !ok {
		return
	}
	next := func(r *draw.Rand) protocols.Message {
		return gossip.NewSet(p.Low + int64(r.IntN(int(p.High-p.Low)+1)))
	}
	if p.Rate.Count > 0 {
		c.load(l, to, next)
		return
	}
	start := l.Start
	c.loads = append(c.loads, func() sim.Workload { return &volley{at: start, to: to, next: next} })
}

// volley gives each node one message at an instant.
type volley struct {
	at   time.Duration
	to   []protocols.NodeID
	next func(r *draw.Rand) protocols.Message
}

// Next returns the next node's message.
func (v *volley) Next(r *draw.Rand) (sim.Injection, bool) {
	if len(v.to) == 0 {
		return sim.Injection{}, false
	}
	to := v.to[0]
	v.to = v.to[1:]
	return sim.Injection{At: v.at, To: to, Protocol: "gossip", Message: v.next(r)}, true
}

// payload is size bytes that differ from all others in the first eight.
func payload(size int, r *draw.Rand) []byte {
	b := make([]byte, size)
	binary.LittleEndian.PutUint64(b, r.Uint64())
	return b
}

// gossipers finds nodes that must run gossip, and reports those that do not, or
// whose configuration lacks a part.
func (c *compiler) gossipers(s Selector, path string, lacks func(*gossip.Config) string) ([]protocols.NodeID, bool) {
	p, ok := c.pickFixed(s, path)
	if !ok || c.Failed("protocols") {
		return nil, false
	}
	for i, g := range c.plan.groups {
		if len(p.from.intersect(newSet(g.span))) == 0 || c.Failed("nodes."+g.name+".protocols") {
			continue
		}
		config := c.Nodes[i].Value.Protocols.Value.Gossip
		if config == nil {
			c.Report(path, "nodes of %s do not run gossip; write protocols: {gossip: {}}, or choose others", g.name)
			return nil, false
		}
		if part := lacks(config); part != "" {
			c.Report(path, "nodes of %s do not have it; write protocols: {gossip: {%s: {}}}, or choose others", g.name, part)
			return nil, false
		}
	}
	return p.from.ids(), true
}

// checkSize reports what does not fit into a message of every node.
func (c *compiler) checkSize(size int, path string) {
	const head = 64
	for i := range c.Nodes {
		if g := c.Nodes[i].Value.Protocols.Value.Gossip; g != nil && size > g.MaxMessageBytes-head {
			c.Report(path, "%d bytes do not fit into messages of at most %d; write a larger protocols.gossip.max_message_bytes", size, g.MaxMessageBytes)
			return
		}
	}
}
