package export

import (
	"slices"

	"meshsim/protocols"
	"meshsim/sim"
)

// Trace takes events. What a call sends at its own instant leaves from the call;
// it stands behind it in the order of the run.
func (p *Perfetto) Trace(events []sim.TraceEvent) {
	p.lives.Trace(events)
	for i := range events {
		e := &events[i]
		t := p.nodes[e.Node]
		if t == nil || e.At < p.from || e.At >= p.to {
			continue
		}
		switch {
		case isCall(e.What):
			p.call(t, e, events[i+1:])
		case e.What == sim.TraceSend:
			if !p.left(events[:i], e) {
				p.instant(t, e, "send "+e.Protocol+"."+e.Name, "message")
			}
		case e.What == sim.TraceDuplicate:
			p.instant(t, e, "duplicate "+e.Protocol+"."+e.Name, "message")
		case e.What == sim.TraceDrop:
			p.instant(t, e, "lost "+e.Protocol+"."+e.Name, "message")
		case e.What == sim.TraceObserve:
			p.instant(t, e, e.Protocol+"."+e.Name, "observation")
		}
	}
}

// together reports whether a message leaves at the instant of its call.
func together(call, send *sim.TraceEvent) bool {
	return send.What == sim.TraceSend && send.Cause == call.Key && send.At == call.At && send.Node == call.Node
}

// left reports whether a message was told with its call.
func (p *Perfetto) left(before []sim.TraceEvent, send *sim.TraceEvent) bool {
	for i := len(before) - 1; i >= 0 && before[i].At == send.At && before[i].Node == send.Node; i-- {
		if isCall(before[i].What) {
			return together(&before[i], send)
		}
	}
	return false
}

// call writes a call, with the messages that leave at once.
func (p *Perfetto) call(t *coreTracks, e *sim.TraceEvent, after []sim.TraceEvent) {
	out := trackEvent{at: e.At, what: instant, category: "call", name: e.Protocol + "." + e.Name}
	switch e.What {
	case sim.TraceStart:
		out.name = "start " + e.Protocol
		out.notes = append(out.notes, note{name: "incarnation", n: e.Value})
	case sim.TraceExpire:
		out.name = "timer " + e.Protocol + "." + e.Name
	case sim.TraceHear:
		out.name = "hear " + e.Protocol + "." + e.Name
	case sim.TraceDeliver:
		out.notes = append(out.notes, note{name: "from", text: p.name.peer(e.Peer)}, note{name: "bytes", n: uint64(e.Size)})
		if p.nodes[e.Peer] != nil {
			out.ends = []uint64{e.Key}
		}
	}
	for i := range after {
		s := &after[i]
		if s.At != e.At || s.Node != e.Node || isCall(s.What) {
			break
		}
		if together(e, s) && p.nodes[s.Peer] != nil {
			out.flows = append(out.flows, s.Key)
		}
	}
	out.track, out.at = p.place(t, e)
	if e.Work == 0 {
		p.event(&out)
		return
	}
	out.what = sliceBegin
	p.event(&out)
	p.event(&trackEvent{at: out.at + protocols.Time(e.Work), track: out.track, what: sliceEnd})
}

// place finds a core for a call: the first that is free or, for one that the call
// before set off, and for the boot of the next protocol, the same after that.
func (p *Perfetto) place(t *coreTracks, e *sim.TraceEvent) (track uint64, at protocols.Time) {
	at = e.At
	if e.What == sim.TraceHear || e.What == sim.TraceStart && t.at == e.At {
		at = max(at, t.until[t.last])
	} else if t.last = slices.IndexFunc(t.until, func(u protocols.Time) bool { return u <= e.At }); t.last < 0 {
		t.last = len(t.tracks)
		p.core(t, t.tracks[0], "another core", t.last)
	}
	t.at = e.At
	t.until[t.last] = at + protocols.Time(e.Work)
	return t.tracks[t.last], at
}

// instant writes what has no length.
func (p *Perfetto) instant(t *coreTracks, e *sim.TraceEvent, name, category string) {
	out := trackEvent{at: e.At, track: t.tracks[t.last], what: instant, name: name, category: category}
	other := p.nodes[e.Peer] != nil
	switch e.What {
	case sim.TraceObserve:
		out.notes = []note{{name: "key", n: e.Item}, {name: "value", n: e.Value}}
	case sim.TraceDrop:
		out.notes = []note{{name: "other end", text: p.name.peer(e.Peer)}}
		if other {
			out.ends = []uint64{e.Key}
		}
	default:
		out.notes = []note{{name: "to", text: p.name.peer(e.Peer)}, {name: "bytes", n: uint64(e.Size)}}
		if other {
			out.flows = []uint64{e.Key}
		}
	}
	p.event(&out)
}
