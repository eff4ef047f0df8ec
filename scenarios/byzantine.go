package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Byzantine makes nodes misbehave. Those whom one fault strikes at a time
// collude.
type Byzantine struct {
	Nodes     Selector `key:"nodes" required:"true" example:"replica-0" doc:"who misbehaves; a role, or nodes that are drawn, are found anew each time the fault strikes"`
	Most      int      `key:"most" default:"0" max:"134217728" doc:"how many different nodes it strikes altogether, the first that it finds; 0 is no limit"`
	To        Selector `key:"to" example:"replica-1" doc:"whom they deceive, found when the fault strikes; without it, everybody"`
	Protocol  string   `key:"protocol" example:"gossip" doc:"the only protocol that they do it in; without it, all that they run"`
	Behaviour string   `key:"behaviour" select:"true" example:"silent" alias:"behavior" doc:"what they do"`

	Silent     *About        `case:"silent" doc:"they send nothing"`
	Drop       *Omission     `case:"drop" doc:"they lose some of what they send"`
	Delay      *Lateness     `case:"delay" doc:"they send everything later"`
	Tamper     *Omission     `case:"tamper" doc:"they flip a bit of what they send and seal the rest again, so that signatures no longer match"`
	Replay     *Repetition   `case:"replay" doc:"they send old messages again, their own and others'"`
	Flood      *Flooding     `case:"flood" doc:"they send the newest message again and again"`
	Lie        *Lie          `case:"lie" doc:"they tell a lie of the protocol's, signed with their own key"`
	Equivocate *Equivocation `case:"equivocate" doc:"they tell the truth to some and a lie to the others, or several; colluders lie alike to the same nodes"`
	Twice      *Doubling     `case:"twice" doc:"they send each message and a lie beside it: they vote twice, answer twice"`
	Amnesia    *Full         `case:"amnesia" doc:"they forget their disk at each restart"`
	Twins      *Full         `case:"twins" doc:"each runs twice under one identity; one instance talks with those of to, or with a drawn half, the other one with the rest (Bano et al. 2021)"`
}

// About says which messages a behaviour is about.
type About struct {
	Messages []string `key:"messages" example:"[push]" doc:"kinds of messages that it is about; without it, all"`
}

// The parameters of each behaviour.
type (
	Omission struct {
		Share draw.Probability `key:"share" default:"100%" doc:"chance of each message"`
		About `key:",inline"`
	}
	Lateness struct {
		By    time.Duration `key:"by" required:"true" example:"500ms" min:"1ns" max:"24h" doc:"how much later, on the node's own clock"`
		About `key:",inline"`
	}
	Repetition struct {
		Rate  strict.Rate `key:"rate" default:"10/s" doc:"messages that each of them sends so, drawn among the last that it sent or received"`
		About `key:",inline"`
	}
	Flooding struct {
		Rate  strict.Rate `key:"rate" default:"1000/s" doc:"messages that each of them sends so"`
		About `key:",inline"`
	}
	Lie struct {
		Lie   string `key:"lie" required:"true" example:"poison" doc:"which: one of those that 'meshsim list protocols' shows"`
		About `key:",inline"`
	}
	Equivocation struct {
		Lie   string `key:"lie" required:"true" example:"poison" doc:"which: one of those that 'meshsim list protocols' shows"`
		Sides int    `key:"sides" default:"2" min:"2" max:"16" doc:"how many versions there are, the truth included; without to, each goes to an equal part of each group"`
		About `key:",inline"`
	}
	Doubling struct {
		Lie   string `key:"lie" doc:"what is sent beside the truth; without it, the truth again"`
		About `key:",inline"`
	}
)

// behaviour makes the behaviour that is written.
func (t *tongue) behaviour() protocols.Behaviour {
	switch b := t.Byzantine; {
	case b.Silent != nil:
		return &byzantine.Silent{Scope: t.scope(b.Silent)}
	case b.Drop != nil:
		return &byzantine.Drop{Scope: t.scope(&b.Drop.About), Share: b.Drop.Share}
	case b.Delay != nil:
		return &byzantine.Delay{Scope: t.scope(&b.Delay.About), By: b.Delay.By}
	case b.Tamper != nil:
		return &byzantine.Tamper{Scope: t.scope(&b.Tamper.About), Share: b.Tamper.Share}
	case b.Replay != nil:
		every, burst := t.pulse(b.Replay.Rate)
		return &byzantine.Replay{Scope: t.scope(&b.Replay.About), Every: every, Burst: burst}
	case b.Flood != nil:
		every, burst := t.pulse(b.Flood.Rate)
		return &byzantine.Flood{Scope: t.scope(&b.Flood.About), Every: every, Burst: burst}
	case b.Lie != nil:
		return &byzantine.Lie{Scope: t.scope(&b.Lie.About), Name: t.lie(b.Lie.Lie)}
	case b.Equivocate != nil:
		e := b.Equivocate
		return &byzantine.Equivocate{Scope: t.scope(&e.About), Name: t.lie(e.Lie), Sides: e.Sides, Parts: t.strata()}
	case b.Twice != nil:
		return &byzantine.Twice{Scope: t.scope(&b.Twice.About), Name: t.lie(b.Twice.Lie)}
	case b.Amnesia != nil:
		return &byzantine.Amnesia{}
	case b.Twins != nil:
		return &byzantine.Twins{Parts: t.strata()}
	}
	return nil // was reported
}

// pulse is how often something is sent by a rate, and how many messages each
// time: not more often than each millisecond.
func (t *tongue) pulse(r strict.Rate) (every time.Duration, burst int) {
	gap := r.Interval()
	if gap < time.Microsecond {
		t.Report(t.path+".rate", "write a rate from 1/h to 1000000/s")
		return time.Second, 1
	}
	burst = int((time.Millisecond + gap - 1) / gap)
	return gap * time.Duration(burst), burst
}

// strata are the groups: what is divided is divided evenly in each.
func (c *compiler) strata() byzantine.Strata {
	var s byzantine.Strata
	for _, g := range c.plan.groups {
		s = append(s, g.lo)
	}
	return s
}

// byzantine makes the kernel's fault.
func (c *compiler) byzantine(f *Fault, path string) {
	b := f.Byzantine
	if f.Every > 0 && f.For == 0 {
		f.For = f.Every // until it strikes again
	}
	nodes, ok := c.pickOne(b.Nodes, path+".nodes")
	to, also := c.deceived(b, path+".to")
	t := tongue{c, b, path, c.concerned(b, nodes, ok, path)}
	behaviour := t.behaviour()
	if !ok || !also || behaviour == nil {
		return
	}
	out := f.timed(0)
	out.Byzantine = &sim.Byzantine{Nodes: c.selector(nodes), To: to, Most: b.Most, Protocol: b.Protocol, Behaviour: behaviour}
	c.base.Faults = append(c.base.Faults, out)
}

// deceived finds whom they deceive, nil for everybody.
func (c *compiler) deceived(b *Byzantine, path string) (to *sim.Selector, ok bool) {
	if len(b.To) == 0 {
		return nil, true
	}
	p, ok := c.pickOne(b.To, path)
	if !ok {
		return nil, false
	}
	s := c.selector(p)
	return &s, true
}

// wrapLiars wraps the protocols of nodes that may become Byzantine.
func (c *compiler) wrapLiars() {
	may, any := c.liars()
	if !any {
		return
	}
	wrapped := map[*protocols.Protocol]*protocols.Protocol{} // looked up only
	for i := range c.base.Groups {
		g := &c.base.Groups[i]
		stack := make([]*protocols.Protocol, len(g.Stack))
		for k, p := range g.Stack {
			if wrapped[p] == nil {
				wrapped[p] = byzantine.Wrap(p, may)
			}
			stack[k] = wrapped[p]
		}
		g.Stack = stack
	}
}

// liars are the nodes that a fault may strike, nil for all; any is false if no
// fault strikes so.
func (c *compiler) liars() (may []protocols.NodeID, any bool) {
	var sets set
	for i := range c.base.Faults {
		f := c.base.Faults[i].Byzantine
		switch {
		case f == nil:
			continue
		case f.Nodes.From == nil: // a role, or all
			return nil, true
		}
		any = true
		for _, id := range f.Nodes.From {
			sets = append(sets, span{id, id + 1})
		}
	}
	if !any {
		return nil, false
	}
	return newSet(sets...).ids(), true
}

// text tells who does what.
func (b *Byzantine) text() string {
	text := fmt.Sprintf("%s Byzantine: %s", selectorText(b.Nodes), b.Behaviour)
	switch {
	case b.Drop != nil && b.Drop.Share != draw.Always:
		text += " " + percent(b.Drop.Share)
	case b.Tamper != nil && b.Tamper.Share != draw.Always:
		text += " " + percent(b.Tamper.Share)
	case b.Delay != nil:
		text += " by " + strict.FormatDuration(b.Delay.By)
	case b.Lie != nil:
		text += " " + b.Lie.Lie
	case b.Equivocate != nil:
		text += " " + b.Equivocate.Lie
	case b.Twice != nil && b.Twice.Lie != "":
		text += ", with " + b.Twice.Lie
	}
	if b.Protocol != "" {
		text += " in " + b.Protocol
	}
	if len(b.To) > 0 {
		text += ", to " + selectorText(b.To)
	}
	if b.Most > 0 {
		text += fmt.Sprintf(", at most %d of them", b.Most)
	}
	return text
}
