package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/gossip"
	"meshsim/sim"
)

func lacksGossip(p *Protocols) string {
	if p.Gossip == nil {
		return "gossip: {}"
	}
	return ""
}

func lacksReplica(p *Protocols) string {
	if p.Gossip == nil || p.Gossip.AntiEntropy == nil {
		return "gossip: {anti_entropy: {}}"
	}
	return ""
}

func lacksAggregation(p *Protocols) string {
	if p.Gossip == nil || p.Gossip.Aggregation == nil {
		return "gossip: {aggregation: {}}"
	}
	return ""
}

func (c *compiler) compilePublish(l *Traffic, path string) {
	p := l.Publish
	to, ok := c.members(p.From, path+".from", lacksGossip)
	if !ok {
		return
	}
	c.checkSize(int(p.Size), path+".size")
	c.load(l, "gossip", to, func(r *draw.Rand) protocols.Message { return gossip.NewPublish(payload(int(p.Size), r)) })
}

func (c *compiler) compilePut(l *Traffic, path string) {
	p := l.Put
	to, ok := c.members(p.From, path+".from", lacksReplica)
	if !ok {
		return
	}
	c.checkSize(int(p.Size), path+".size")
	c.load(l, "gossip", to, func(r *draw.Rand) protocols.Message {
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
	to, ok := c.members(p.Nodes, path+".nodes", lacksAggregation)
	if !ok {
		return
	}
	next := func(r *draw.Rand) protocols.Message {
		return gossip.NewSet(p.Low + int64(r.IntN(int(p.High-p.Low)+1)))
	}
	if p.Rate.Count > 0 {
		c.load(l, "gossip", to, next)
		return
	}
	start := l.Start
	c.loads = append(c.loads, func() sim.Feed { return &volley{at: start, to: to, protocol: "gossip", next: next} })
}

// volley gives each node one message at an instant.
type volley struct {
	at       time.Duration
	to       []protocols.NodeID
	protocol string
	next     func(r *draw.Rand) protocols.Message
}

// Next returns the next node's message.
func (v *volley) Next(r *draw.Rand) (sim.Injection, bool) {
	if len(v.to) == 0 {
		return sim.Injection{}, false
	}
	to := v.to[0]
	v.to = v.to[1:]
	return sim.Injection{At: v.at, To: to, Protocol: v.protocol, Message: v.next(r)}, true
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
