package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"meshsim/protocols"
	"meshsim/scenarios/strict"
)

// layout is which nodes belong to which group and zone.
type layout struct {
	groups []groupSpan
	nodes  int
}

type groupSpan struct {
	name  string
	zones []string // member i is in zones[i mod len]
	span
}

func (l *layout) add(name string, count int, zones []string) {
	lo := protocols.NodeID(l.nodes)
	l.nodes += count
	l.groups = append(l.groups, groupSpan{name, zones, span{lo, protocols.NodeID(l.nodes)}})
}

func (l *layout) all() set { return set{{0, protocols.NodeID(l.nodes)}} }

// NodeName is what a node is called: its group and its place in it.
func (s *Scenario) NodeName(id protocols.NodeID) string {
	for _, g := range s.plan.groups {
		if id < g.hi {
			return fmt.Sprintf("%s-%d", g.name, id-g.lo)
		}
	}
	return fmt.Sprint(uint32(id))
}

func (l *layout) group(name string) (groupSpan, bool) {
	for _, g := range l.groups {
		if g.name == name {
			return g, true
		}
	}
	return groupSpan{}, false
}

// member finds core-7. The error says what there is.
func (l *layout) member(name string) (protocols.NodeID, error) {
	at := strings.LastIndexByte(name, '-')
	if at > 0 {
		if g, ok := l.group(name[:at]); ok {
			i, err := strconv.Atoi(name[at+1:])
			if err != nil || strconv.Itoa(i) != name[at+1:] {
				return 0, fmt.Errorf("%q is no member of %s; they are %s", name, g.name, g.members())
			}
			if i >= g.count() {
				return 0, fmt.Errorf("%s does not exist; the members of %s are %s", name, g.name, g.members())
			}
			return g.lo + protocols.NodeID(i), nil
		}
	}
	return 0, fmt.Errorf("no group or node is called %q%s", name, l.suggest(name))
}

func (g groupSpan) members() string {
	if g.count() == 1 {
		return g.name + "-0 alone"
	}
	return fmt.Sprintf("%s-0 … %s-%d", g.name, g.name, g.count()-1)
}

func (l *layout) suggest(name string) string {
	var names []string
	for _, g := range l.groups {
		names = append(names, g.name)
	}
	if w := strict.Nearest(name, names); w != "" {
		return fmt.Sprintf("; did you mean %q?", w)
	}
	return "; groups are " + strings.Join(names, ", ")
}

// maxStripes bounds the spans of a zone that the members of a group are in by
// turns.
const maxStripes = 1 << 22

// zone returns the nodes in a zone.
func (l *layout) zone(name string) (set, error) {
	var spans []span
	var known []string
	for _, g := range l.groups {
		for i, z := range g.zones {
			known = append(known, z)
			if z != name {
				continue
			}
			if len(g.zones) == 1 {
				spans = append(spans, g.span)
				continue
			}
			if g.count()/len(g.zones) > maxStripes {
				return nil, fmt.Errorf("the members of %s are in too many places by turns to select by zone; split the group", g.name)
			}
			for id := int(g.lo) + i; id < int(g.hi); id += len(g.zones) {
				spans = append(spans, span{protocols.NodeID(id), protocols.NodeID(id + 1)})
			}
		}
	}
	if len(spans) > 0 {
		return newSet(spans...), nil
	}
	if w := strict.Nearest(name, known); w != "" && w != name {
		return nil, fmt.Errorf("no node is in zone %q; did you mean %q?", name, w)
	}
	return nil, fmt.Errorf("no node is in zone %q; groups name theirs with zone or zones", name)
}

// find returns the nodes that a pick selects from.
func (l *layout) find(p *Pick) (set, error) {
	switch {
	case p.whole:
		return l.all(), nil
	case p.zone != "":
		return l.zone(p.zone)
	case p.last != "":
		return l.between(p.name, p.last)
	}
	if g, ok := l.group(p.name); ok {
		return newSet(g.span), nil
	}
	id, err := l.member(p.name)
	return set{{id, id + 1}}, err
}

func (l *layout) between(first, last string) (set, error) {
	a, err := l.member(first)
	if err != nil {
		return nil, err
	}
	b, err := l.member(last)
	switch {
	case err != nil:
		return nil, err
	case first[:strings.LastIndexByte(first, '-')] != last[:strings.LastIndexByte(last, '-')]:
		return nil, fmt.Errorf("%s and %s are in different groups; write a range for each", first, last)
	case a > b:
		return nil, fmt.Errorf("the range ends before it begins; write %s..%s", last, first)
	}
	return set{{a, b + 1}}, nil
}
