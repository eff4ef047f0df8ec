package scenarios

import (
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/scenarios/strict"
)

// What a Byzantine fault names must exist in a protocol that its nodes run.

// checkBelieved reports a protocol that nobody runs.
func (c *compiler) checkBelieved(b *Byzantine, path string) {
	var known []string
	for _, p := range c.descriptors() {
		known = append(known, p.Name)
	}
	if b.Protocol != "" && len(known) > 0 && !slices.Contains(known, b.Protocol) {
		c.Report(path+".protocol", "no node runs %q%s", b.Protocol, closest(b.Protocol, known))
	}
}

// checkRuns reports nodes of which none runs the protocol.
func (c *compiler) checkRuns(b *Byzantine, nodes picked, path string) {
	if b.Protocol == "" || nodes.role != "" || c.Failed(path+".protocol") {
		return
	}
	for i, g := range c.plan.groups {
		if len(nodes.from.intersect(newSet(g.span))) > 0 && runs(c.base.Groups[i].Stack, b.Protocol) {
			return
		}
	}
	c.Report(path+".nodes", "none of them runs %s", b.Protocol)
}

func runs(stack []*protocols.Protocol, name string) bool {
	return slices.ContainsFunc(stack, func(p *protocols.Protocol) bool { return p.Name == name })
}

// concerned lists the protocols that a fault may be about.
func (c *compiler) concerned(b *Byzantine) []*protocols.Protocol {
	return slices.DeleteFunc(c.descriptors(), func(p *protocols.Protocol) bool { return b.Protocol != "" && p.Name != b.Protocol })
}

// lie reports a lie that no protocol has, and returns its name.
func (c *compiler) lie(b *Byzantine, name, path string) string {
	var known []string
	for _, p := range c.concerned(b) {
		for _, l := range p.Lies {
			if l.Name == name {
				return name
			}
			known = append(known, l.Name)
		}
	}
	switch {
	case name == "" || c.Failed(path+".protocol") || len(c.descriptors()) == 0:
	case len(known) == 0:
		c.Report(path+".lie", "no lie is called %q; %s has none of its own", name, orAll(b.Protocol))
	default:
		c.Report(path+".lie", "no lie is called %q%s", name, closest(name, known))
	}
	return name
}

func orAll(protocol string) string {
	if protocol == "" {
		return "what runs"
	}
	return protocol
}

// checkMessages reports kinds of messages that no protocol has.
func (c *compiler) checkMessages(b *Byzantine, a *About, path string) {
	var known []string
	for _, p := range c.concerned(b) {
		known = append(known, p.Kinds...)
	}
	for i, kind := range a.Messages {
		if len(known) > 0 && !slices.Contains(known, kind) {
			c.Report(indexed(path+".messages", i), "no message is called %q%s", kind, closest(kind, known))
		}
	}
}

// closest proposes a word, and lists all.
func closest(s string, known []string) string {
	list := "; there are " + strings.Join(known, ", ")
	if w := strict.Nearest(s, known); w != "" {
		return "; did you mean " + w + "?" + list
	}
	return list
}
