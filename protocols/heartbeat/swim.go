package heartbeat

import (
	"slices"
	"time"

	"meshsim/protocols"
)

// prober is a member of SWIM (Das, Gupta, Motivala, "SWIM: scalable weakly-consistent
// infection-style process group membership protocol", DSN 2002).
type prober struct {
	member
	announced []protocols.NodeID // watch announced: whom it was told of, ascending
	period    uint32             // counted from 1
	order     permutation        // in which targets are pinged
	step      int                // the next place in it
	target    protocols.NodeID   // of this period
	waiting   bool               // it has not answered yet
	asked     int                // how many others were asked to ping it
	nacks     int                // and how many of them said that it is silent
	news      []news
	suspects  []*suspicion
	relays    []relay
	health    int // Lifeguard's local health multiplier: 0 is well
}

// relay is a ping for somebody else that is under way.
type relay struct {
	origin   protocols.NodeID
	sequence uint32
	target   protocols.NodeID
}

// timer is the timer of a relay.
func (r *relay) timer() protocols.TimerID {
	return protocols.Timer(relayTimer, uint64(r.origin)<<28|uint64(r.sequence)&(1<<28-1))
}

// Start begins a new incarnation. One that was here before tells so, and asks what
// it has missed.
func (p *prober) Start(env *protocols.Env) {
	p.board(env)
	p.firstInterval(env)
	p.tellWatching(env, p.watches())
	if p.SWIM.Sync > 0 {
		env.SetTimer(protocols.Timer(syncTimer, 0), time.Duration(env.Rand.Int64N(int64(p.SWIM.Sync))))
	}
	if p.incarnation > 1 {
		p.spread(env.Self, 0)
		p.exchange(env)
	}
}

// Receive handles a message. None comes from outside.
func (p *prober) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	if !p.isMember(from) {
		return
	}
	switch m := message.(type) {
	case *Probe:
		p.applyAll(env, m.Updates)
		p.onProbe(env, from, m)
	case *State:
		p.onState(env, from, m)
	}
}

// onProbe is about pings.
func (p *prober) onProbe(env *protocols.Env, from protocols.NodeID, m *Probe) {
	switch m.kind {
	case KindProbe:
		p.send(env, from, KindAck, m.Sequence, m.Origin, env.Self)
	case KindAck:
		p.onAck(env, m)
	case KindIndirect:
		p.onIndirect(env, from, m)
	case KindNack:
		if p.waiting && m.Sequence == p.period && m.Target == p.target {
			p.nacks++
		}
	}
}

// Expire handles a timer.
func (p *prober) Expire(env *protocols.Env, t protocols.TimerID) {
	switch t.Name() {
	case intervalTimer:
		if t.Argument() == 0 {
			p.nextPeriod(env)
		}
	case pingTimer:
		if t.Argument() == 0 && p.waiting {
			p.askOthers(env)
		}
	case relayTimer:
		p.relayOver(env, t)
	case suspicionTimer:
		p.suspicionOver(env, protocols.NodeID(t.Argument()))
	case syncTimer:
		if t.Argument() == 0 && p.SWIM.Sync > 0 {
			env.SetTimer(t, p.SWIM.Sync)
			p.exchange(env)
		}
	}
}

// Hear handles what other protocols on the node announce.
func (p *prober) Hear(env *protocols.Env, e protocols.Event) {
	if p.Watch != "announced" || !p.isMember(e.Node) || e.Node == env.Self {
		return
	}
	i, known := slices.BinarySearch(p.announced, e.Node)
	switch {
	case (e.Kind == protocols.PeerUp || e.Kind == protocols.PeerBack) && !known:
		p.announced = slices.Insert(p.announced, i, e.Node)
	case (e.Kind == protocols.PeerLeft || e.Kind == protocols.PeerFailed) && known:
		p.announced = slices.Delete(p.announced, i, i+1)
	default:
		return
	}
	p.step = 0
	p.tellWatching(env, p.watches())
}

// nextPeriod judges the target of the last period, and pings the next.
func (p *prober) nextPeriod(env *protocols.Env) {
	if p.waiting {
		p.waiting = false
		p.feel(1)
		if p.nacks < p.asked && p.SWIM.Lifeguard != nil {
			p.feel(1)
		}
		p.silent(env, p.target)
	}
	p.nextInterval(env, p.stretched(p.Interval))
	p.period++
	target, ok := p.nextTarget(env)
	if !ok {
		return
	}
	p.target, p.waiting, p.asked, p.nacks = target, true, 0, 0
	p.send(env, target, KindProbe, p.period, env.Self, target)
	env.SetTimer(protocols.Timer(pingTimer, 0), p.stretched(p.SWIM.PingTimeout))
}

// feel changes Lifeguard's local health (Dadgar, Phillips, Currey, "Lifeguard: local
// health awareness for more accurate failure detection", DSN-W 2018, section IV.A).
func (p *prober) feel(worse int) {
	if l := p.SWIM.Lifeguard; l != nil {
		p.health = min(max(p.health+worse, 0), l.MaxHealth)
	}
}

// stretched is a time as long as this node's health demands.
func (p *prober) stretched(d time.Duration) time.Duration { return d * time.Duration(1+p.health) }

// peers is how many other members there are, those that failed included.
func (p *prober) peers() int {
	if p.Watch == "announced" {
		return len(p.announced)
	}
	return p.size() - 1
}

// watches is how many of them are watched.
func (p *prober) watches() int { return p.peers() - p.count(failed) }

// peerAt is the i-th of them.
func (p *prober) peerAt(self protocols.NodeID, i int) protocols.NodeID {
	if p.Watch == "announced" {
		return p.announced[i]
	}
	if id := p.at(i); id != self {
		return id
	}
	return p.at(p.size() - 1) // which no i leads to
}

// knows reports whether somebody is one of them.
func (p *prober) knows(id protocols.NodeID) bool {
	if p.Watch == "announced" {
		return contains(p.announced, id)
	}
	return p.isMember(id)
}

// nextTarget is whom to ping now: the next in an order that is drawn anew when all had
// their turn (section 4.3), or anybody.
func (p *prober) nextTarget(env *protocols.Env) (id protocols.NodeID, ok bool) {
	if p.SWIM.Targets == "random" {
		list := p.some(env, 1, env.Self)
		if len(list) == 0 {
			return 0, false
		}
		return list[0], true
	}
	n := p.peers()
	for range n {
		if p.step == 0 {
			p.order = newPermutation(n, env.Rand.Uint64())
		}
		id := p.peerAt(env.Self, p.order.at(p.step))
		if p.step++; p.step == n {
			p.step = 0
		}
		if !p.is(id, failed) {
			return id, true
		}
	}
	return 0, false
}

// some draws up to k distinct peers that have not failed, without one.
func (p *prober) some(env *protocols.Env, k int, but protocols.NodeID) (list []protocols.NodeID) {
	n := p.peers()
	for tries := 4*k + n; len(list) < min(k, n) && tries > 0; tries-- {
		id := p.peerAt(env.Self, env.Rand.IntN(n))
		if id != but && !p.is(id, failed) && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// send sends a message about a ping, with news.
func (p *prober) send(env *protocols.Env, to protocols.NodeID, kind protocols.Kind, sequence uint32, origin, target protocols.NodeID) {
	env.Send(to, &Probe{kind, sequence, origin, target, p.newsFor(env, to)})
}
