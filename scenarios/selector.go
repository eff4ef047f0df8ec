package scenarios

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
)

// Selector names nodes: one [Pick] or a list of them.
type Selector = strict.List[Pick]

// A Pick names some nodes in one of these forms:
//
//	all                         every node
//	core                        a group
//	core-0, core-0..core-9      members of a group
//	zone:eu-west-1              a zone
//	raft.leader                 who holds a role when the fault strikes
//	10% of edge, 1/3 of all     a part, drawn anew each time
//	random 3 of edge            that many, drawn anew each time
type Pick struct {
	text string

	whole bool   // all
	zone  string // zone:…
	name  string // a group or a member
	last  string // the last member of a range that begins with name
	role  string

	share draw.Probability // this part of them
	count int              // this many of them
}

var (
	wordForm  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*$`)
	roleForm  = regexp.MustCompile(`^[a-z][a-z0-9-]*\.[a-z][a-z0-9_-]*$`)
	zoneForm  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)
	partForm  = regexp.MustCompile(`^([0-9./]+ ?%?) +of +(.*)$`)
	countForm = regexp.MustCompile(`^random +([0-9]+)(?: +of +(.*))?$`)
)

// UnmarshalText reads one of the forms.
func (p *Pick) UnmarshalText(b []byte) error {
	*p = Pick{text: string(b)}
	rest := p.text
	if m := countForm.FindStringSubmatch(rest); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || m[1][0] == '0' {
			return fmt.Errorf("%q: write a number of nodes from 1 on, as in random 3 of edge", p.text)
		}
		p.count, rest = n, m[2]
		if rest == "" {
			rest = "all"
		}
	} else if m := partForm.FindStringSubmatch(rest); m != nil {
		share, err := strict.ParseProbability(m[1])
		if err != nil || share == 0 {
			return fmt.Errorf("%q: write a part as 10%% or 1/3, as in 10%% of edge; for a number of nodes write random 3 of edge", p.text)
		}
		p.share, rest = share, m[2]
	}
	return p.base(rest)
}

// base reads what is selected from.
func (p *Pick) base(s string) error {
	first, last, isRange := strings.Cut(s, "..")
	zone, isZone := strings.CutPrefix(s, "zone:")
	switch {
	case s == "all":
		p.whole = true
	case isZone && zoneForm.MatchString(zone):
		p.zone = zone
	case isRange && wordForm.MatchString(first) && wordForm.MatchString(last):
		p.name, p.last = first, last
	case wordForm.MatchString(s):
		p.name = s
	case roleForm.MatchString(s) && (p.share != 0 || p.count != 0):
		return fmt.Errorf("%q: one node holds a role; write %s", p.text, s)
	case roleForm.MatchString(s):
		p.role = s
	default:
		return fmt.Errorf("%.60q names no nodes; write a group, core-0, core-0..core-9, zone:eu, all, 10%% of edge, random 3 of edge, or a role such as raft.leader", p.text)
	}
	return nil
}

// MarshalText writes the pick as it was read.
func (p Pick) MarshalText() ([]byte, error) { return []byte(p.text), nil }

// TypeName says what a pick is, for help.
func (Pick) TypeName() string { return "nodes, as core, edge-7, zone:eu or 10% of edge" }

// fixed says whether the pick always names the same nodes.
func (p *Pick) fixed() bool { return p.role == "" && p.share == 0 && p.count == 0 }
