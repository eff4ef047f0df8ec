package scenarios

import (
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/scenarios/strict"
)

// A tongue is what Byzantine nodes can speak of: what their fault names must exist
// in a protocol that they run.
type tongue struct {
	*compiler
	*Byzantine
	path string
	runs []*protocols.Protocol // that the fault is about and some of its nodes run
}

// concerned lists the protocols that a fault is about. It reports one that is
// named and that nobody runs, or none of the nodes.
func (c *compiler) concerned(b *Byzantine, nodes picked, found bool, path string) (list []*protocols.Protocol) {
	all := c.descriptors()
	for _, p := range all {
		if (b.Protocol == "" || p.Name == b.Protocol) && (!found || c.runsOn(p.Name, nodes)) {
			list = append(list, p)
		}
	}
	if len(list) > 0 || len(all) == 0 {
		return list
	}
	switch {
	case b.Protocol == "":
		c.Report(path+".nodes", "none of them runs a protocol")
	case slices.Contains(names(all), b.Protocol):
		c.Report(path+".nodes", "none of them runs %s", b.Protocol)
	default:
		c.Report(path+".protocol", "no node runs %q%s", b.Protocol, closest(b.Protocol, names(all)))
	}
	return nil
}

// runsOn reports whether some of the nodes run a protocol. Who may come to hold a
// role is not known.
func (c *compiler) runsOn(protocol string, nodes picked) bool {
	for i, g := range c.plan.groups {
		if nodes.role != "" || len(nodes.from.intersect(newSet(g.span))) > 0 {
			if slices.Contains(names(c.base.Groups[i].Stack), protocol) {
				return true
			}
		}
	}
	return false
}

func names(list []*protocols.Protocol) (names []string) {
	for _, p := range list {
		names = append(names, p.Name)
	}
	return names
}

// lie reports a lie that none of the protocols has, and returns its name.
func (t *tongue) lie(name string) string {
	var known []string
	for _, p := range t.runs {
		for _, l := range p.Lies {
			known = append(known, l.Name)
		}
	}
	switch {
	case name == "" || len(t.runs) == 0 || slices.Contains(known, name):
	case len(known) == 0:
		t.Report(t.path+".lie", "no lie is called %q; %s has none", name, strings.Join(names(t.runs), ", "))
	default:
		t.Report(t.path+".lie", "no lie is called %q%s", name, closest(name, known))
	}
	return name
}

// scope reports kinds of messages that none of the protocols has.
func (t *tongue) scope(a *About) byzantine.Scope {
	var known []string
	for _, p := range t.runs {
		known = append(known, p.Kinds...)
	}
	for i, kind := range a.Messages {
		if len(known) > 0 && !slices.Contains(known, kind) {
			t.Report(indexed(t.path+".messages", i), "no message is called %q%s", kind, closest(kind, known))
		}
	}
	return byzantine.Scope{Kinds: a.Messages}
}

// closest proposes a word, and lists all.
func closest(s string, known []string) string {
	list := "; there are " + strings.Join(known, ", ")
	if w := strict.Nearest(s, known); w != "" {
		return "; did you mean " + w + "?" + list
	}
	return list
}
