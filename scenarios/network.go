package scenarios

import (
	"time"

	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Network says what happens to messages on their way.
type Network struct {
	Zones   *Zones     `key:"zones" doc:"measured latencies between regions"`
	Default Link       `key:"default" doc:"all links that no entry of links speaks of"`
	Links   []LinkRule `key:"links" doc:"links that differ from the default; the last entry that matches a pair counts"`
}

// Zones is a matrix of latencies.
type Zones struct {
	Matrix string `key:"matrix" short:"true" required:"true" example:"aws19" doc:"aws19, gcp20, planetlab490, or a CSV file of round trips in milliseconds; half of one is the way there"`
}

// Link says what happens on the way from one node to another.
type Link struct {
	Latency   time.Duration `key:"latency" default:"10ms" max:"24h" alias:"delay" doc:"one way, without jitter and queues; network.zones overrides the default's where both ends have a zone"`
	Zoned     bool          `key:"zoned" default:"true" doc:"whether network.zones gives the latency where both ends have a zone; false in links that name a latency"`
	Jitter    `key:",inline"`
	Floor     time.Duration    `key:"floor" default:"20us" min:"1ns" max:"24h" doc:"no message is faster, whatever is drawn; the smallest one bounds how far the simulator looks ahead"`
	Loss      Loss             `key:"loss" alias:"drop" doc:"messages that get lost"`
	Duplicate draw.Probability `key:"duplicate" default:"0%" alias:"dup" doc:"messages that arrive twice"`
	Reorder   draw.Probability `key:"reorder" default:"0%" doc:"messages that are held back so that later ones overtake them"`
	ReorderBy time.Duration    `key:"reorder_by" default:"10ms" max:"24h" doc:"by how much at most"`
	Corrupt   draw.Probability `key:"corrupt" default:"0%" alias:"corruption" doc:"messages of which one bit flips"`
	Bandwidth strict.Bandwidth `key:"bandwidth" alias:"rate,throughput" default:"unlimited" max:"1000Tbit/s" doc:"of all that a node sends over links of this entry; the rest waits"`
	Queue     strict.Bound     `key:"queue" default:"unlimited" max:"1024TiB" doc:"bytes that may wait for the bandwidth, more are dropped"`
	Transport string           `key:"transport" default:"datagram" enum:"datagram,stream" doc:"datagram: as UDP; stream: in order and sent again when lost, as TCP"`
	Retry     time.Duration    `key:"retry" default:"200ms" min:"1us" max:"1h" doc:"of streams: the first retransmission timeout, doubled each time"`
}

// Loss is independent or comes in bursts.
type Loss struct {
	Model          string          `key:"model" select:"true" default:"bernoulli" doc:"how losses fall"`
	Bernoulli      *Bernoulli      `case:"bernoulli" doc:"each message by itself"`
	GilbertElliott *GilbertElliott `case:"gilbert-elliott" doc:"in bursts: a link is in a good or a bad state, which may change at each message (Gilbert 1960, Elliott 1963)"`
}

// Bernoulli loses each message with one probability.
type Bernoulli struct {
	P draw.Probability `key:"p" short:"true" default:"0%" doc:"chance that a message is lost"`
}

// GilbertElliott loses messages in bursts; the letters are those of tc-netem.
type GilbertElliott struct {
	P        draw.Probability `key:"p" required:"true" example:"1%" doc:"chance to enter the bad state at a message"`
	R        draw.Probability `key:"r" required:"true" example:"30%" doc:"chance to leave it at a message"`
	LossBad  draw.Probability `key:"loss_bad" default:"100%" doc:"loss in the bad state"`
	LossGood draw.Probability `key:"loss_good" default:"0%" doc:"loss in the good state"`
}

// LinkRule speaks of the links between some nodes.
type LinkRule struct {
	From    Selector          `key:"from" example:"edge" doc:"who sends"`
	To      Selector          `key:"to" example:"core" doc:"who receives"`
	Between []Selector        `key:"between" example:"[edge, core]" doc:"two sets, for both directions at once"`
	Link    strict.Over[Link] `key:",inline"`
}

// compileNetwork makes the kernel's network. Zones were read before.
func (c *compiler) compileNetwork() {
	if c.zones != nil {
		c.base.Network.Zones = &sim.Zones{Names: c.zones.Names, OneWay: c.zones.OneWay}
	}
	n := &c.Network
	c.base.Network.Default = c.compileLink(&n.Default, "network.default")
	for i := range n.Links {
		path := indexed("network.links", i)
		rule := &n.Links[i]
		rule.Link.Apply(c.Decoder, n.Default)
		l := &rule.Link.Value
		if c.Written(path+".latency") && !c.Written(path+".zoned") {
			l.Zoned = false
		}
		link := c.compileLink(l, path)
		for _, ends := range c.ends(rule.From, rule.To, rule.Between, path, true) {
			c.base.Network.Links = append(c.base.Network.Links, sim.LinkRule{From: c.setOf(ends[0]), To: c.setOf(ends[1]), Link: link})
		}
	}
}

// ends are the directed pairs of sets that from, to and between name, fixed
// says that they must not be drawn.
func (c *compiler) ends(from, to Selector, between []Selector, path string, fixed bool) [][2]picked {
	find := c.pickOne
	if fixed {
		find = c.pickFixed
	}
	switch one := len(from) > 0 || len(to) > 0; {
	case one && len(between) > 0:
		c.Report(path+".between", "between stands with from or to; write one or the other")
		return nil
	case len(between) > 0 && len(between) != 2:
		c.Report(path+".between", "between needs two sets, got %d; write [core, edge]", len(between))
		return nil
	case len(between) == 2:
		a, okA := find(between[0], path+".between[0]")
		b, okB := find(between[1], path+".between[1]")
		if !okA || !okB {
			return nil
		}
		return [][2]picked{{a, b}, {b, a}}
	case !one:
		c.Report(path, "which links? write from: and to:, or between: [core, edge]")
		return nil
	}
	a, okA := c.end(from, path+".from", find)
	b, okB := c.end(to, path+".to", find)
	if !okA || !okB {
		return nil
	}
	return [][2]picked{{a, b}}
}

// end is one end of a link; left out it is everybody.
func (c *compiler) end(s Selector, path string, find func(Selector, string) (picked, bool)) (picked, bool) {
	if len(s) == 0 {
		return picked{whole: true, from: c.plan.all()}, true
	}
	return find(s, path)
}

func (c *compiler) setOf(p picked) sim.Set {
	if p.whole {
		return sim.Set{All: true}
	}
	return sim.Set{IDs: c.list(p.from)}
}

// compileLink makes a kernel's link.
func (c *compiler) compileLink(l *Link, path string) sim.Link {
	switch {
	case l.Latency >= l.Floor:
	case c.Written(path + ".latency"):
		c.Report(path+".latency", "%v is below the floor of %v, so it would never be reached; write floor: %v, too", l.Latency, l.Floor, max(l.Latency, 1))
	default:
		c.Report(path+".floor", "%v is above the latency of %v; write a latency, too", l.Floor, l.Latency)
	}
	if l.Bandwidth == 0 && l.Queue != 0 && c.Written(path+".queue") {
		c.Report(path+".queue", "nothing waits where bandwidth is unlimited; write a bandwidth, too")
	}
	out := sim.Link{
		Latency:   sim.Latency{Base: l.Latency, Zoned: l.Zoned && c.zones != nil, Jitter: c.compileJitter(&l.Jitter, path), Floor: l.Floor},
		Loss:      l.Loss.config(),
		Duplicate: l.Duplicate, Reorder: l.Reorder, Corrupt: l.Corrupt,
		Stream: l.Transport == "stream",
	}
	if l.Reorder > 0 {
		out.ReorderBy = l.ReorderBy
	}
	if l.Bandwidth > 0 {
		out.Pipe = sim.Pipe{BitsPerSecond: int64(l.Bandwidth), QueueBytes: int64(l.Queue)}
	}
	if out.Stream {
		out.Retry = l.Retry
	}
	return out
}

func (l *Loss) config() sim.Loss {
	switch {
	case l.Bernoulli != nil:
		return sim.Loss{P: l.Bernoulli.P}
	case l.GilbertElliott != nil:
		g := l.GilbertElliott
		return sim.Loss{GilbertElliott: true, P: g.LossGood, ToBad: g.P, ToGood: g.R, Bad: g.LossBad}
	}
	return sim.Loss{}
}
