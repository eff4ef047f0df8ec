package heartbeat

import (
	"slices"

	"meshsim/protocols"
)

// askOthers asks some others to ping the target, which has not answered (section 3.1).
func (p *prober) askOthers(env *protocols.Env) {
	for _, id := range p.some(env, p.SWIM.Indirect, p.target) {
		p.asked++
		p.send(env, id, KindIndirect, p.period, env.Self, p.target)
	}
}

// onIndirect pings somebody for another member. With Lifeguard that one is told, too, if
// there is no answer: then it knows that it can hear.
func (p *prober) onIndirect(env *protocols.Env, from protocols.NodeID, m *Probe) {
	if !p.isMember(m.Target) || m.Origin != from {
		return
	}
	p.send(env, m.Target, KindProbe, m.Sequence, from, m.Target)
	if p.SWIM.Lifeguard != nil {
		r := relay{from, m.Sequence, m.Target}
		p.relays = append(p.relays, r)
		env.SetTimer(r.timer(), p.SWIM.PingTimeout*4/5)
	}
}

// onAck hands an answer on to whom it is for.
func (p *prober) onAck(env *protocols.Env, m *Probe) {
	if m.Origin == env.Self {
		if p.waiting && m.Sequence == p.period && m.Target == p.target {
			p.waiting = false
			env.StopTimer(protocols.Timer(pingTimer, 0))
			p.feel(-1)
		}
		return
	}
	if !p.isMember(m.Origin) {
		return
	}
	i := slices.Index(p.relays, relay{m.Origin, m.Sequence, m.Target})
	if i >= 0 {
		env.StopTimer(p.relays[i].timer())
		p.relays = slices.Delete(p.relays, i, i+1)
	}
	p.send(env, m.Origin, KindAck, m.Sequence, m.Origin, m.Target)
}

// relayOver says that somebody has not answered.
func (p *prober) relayOver(env *protocols.Env, t protocols.TimerID) {
	i := slices.IndexFunc(p.relays, func(r relay) bool { return r.timer() == t })
	if i < 0 {
		return
	}
	r := p.relays[i]
	p.relays = slices.Delete(p.relays, i, i+1)
	p.send(env, r.origin, KindNack, r.sequence, r.origin, r.target)
}
