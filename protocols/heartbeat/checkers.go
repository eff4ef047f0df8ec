package heartbeat

import (
	"fmt"
	"time"

	"meshsim/protocols"
)

func checkers(c Config) []protocols.CheckerSpec {
	return []protocols.CheckerSpec{
		{Name: "completeness", Doc: "a member that stays down is doubted by all live members that watch it, and known as failed by all or by none, once they had time enough",
			New: func(pc protocols.ProbeConfig) protocols.Checker { return &completeness{endings{newTruth(pc), c, 0}} }},
		{Name: "accuracy", Doc: "no member that is up and reachable is held for failed for good",
			New: func(pc protocols.ProbeConfig) protocols.Checker { return &accuracy{endings{newTruth(pc), c, 0}} }},
		{Name: "quorum", Doc: "no member holds another for failed unless a quorum has accused it; of SWIM nothing is asked",
			New: func(pc protocols.ProbeConfig) protocols.Checker { return newQuorumChecker(c, pc) }},
		{Name: "incarnation", Doc: "a member's incarnations rise while it is up, nobody knows of one that it has not begun, and nobody goes back to an earlier one",
			New: func(pc protocols.ProbeConfig) protocols.Checker { return newIncarnations(pc) }},
	}
}

// enough is how long after a change all live members should know it.
func (c *Config) enough(members int) protocols.Time {
	if c.Detector != "swim" {
		return protocols.Time(2*c.Timeout + 6*c.Interval + 2*c.Phi.Pause)
	}
	s := &c.SWIM
	rounds := 12 + 2*logarithm(members)*int64(s.Retransmit)/1000
	suspicion := int64(s.Suspicion) * max(1, (logarithm(members)+999)/1000)
	if l := s.Lifeguard; l != nil {
		rounds *= 2
		suspicion *= int64(l.MaxSuspicion)
	}
	return protocols.Time(int64(c.Interval)*(rounds+suspicion)) + protocols.Time(2*s.PingTimeout)
}

// endings is what is asked at the end of a run.
type endings struct {
	*truth
	c     Config
	pairs uint64 // that were held against the property
}

// Wants lists the kinds that are needed.
func (e *endings) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Suspected, Trusted, Failed}
}

// Observe takes the next observation.
func (e *endings) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		e.happen(o)
	} else {
		e.hold(o)
	}
	return ""
}

// Tally is the number of pairs that the property was held against.
func (e *endings) Tally() uint64 { return e.pairs }

// settled reports whether a member is in its state for that long.
func (e *endings) settled(place int, at, enough protocols.Time) bool {
	n := &e.nodes[place]
	return !n.frozen && at-n.since >= enough && at-n.thawed >= enough
}

// completeness asks what is held of those that are down.
type completeness struct{ endings }

// Finish looks at each member that is down for long.
func (c *completeness) Finish(at protocols.Time) (violation, undecided string) {
	enough := c.c.enough(len(c.members))
	for of := range c.nodes {
		n := &c.nodes[of]
		if !n.down || at-n.since < enough {
			continue
		}
		if by, why := c.missed(of, at, enough); why != "" {
			text := fmt.Sprintf("node %d %s node %d, which is down for %v", c.members[by], why, c.members[of], time.Duration(at-n.since))
			if c.parted || at-c.cut < enough {
				return "", text + "; but the mesh is parted"
			}
			return text, ""
		}
	}
	return "", ""
}

// missed finds a live member that should doubt another, and does not; why is "" if
// there is none.
func (c *completeness) missed(of int, at, enough protocols.Time) (by int, why string) {
	d := c.doubt(of)
	all := c.c.Detector == "swim" || c.c.Monitoring == "all" && c.c.Watch == "members"
	spread := d.failed.count > 0 && c.c.Watch == "members" && c.c.Confirm != "none"
	first := -1
	for i := range c.nodes {
		if i == of || !c.honest(i) || !c.settled(i, at, enough) {
			continue
		}
		c.pairs++
		switch doubts := d.suspected.has(i) || d.failed.has(i); {
		case all && !doubts:
			return i, "does not doubt"
		case spread && !d.failed.has(i):
			return i, "does not know, as others do, of the failure of"
		}
		if first < 0 {
			first = i
		}
	}
	if c.c.Watch == "announced" {
		return 0, "" // perhaps nobody was told to watch it
	}
	if first >= 0 && d.failed.count+d.suspected.count == 0 {
		return first, "and all others do not doubt"
	}
	return 0, ""
}

// accuracy asks what is held of those that are up.
type accuracy struct{ endings }

// Finish looks at each member that is up for long, in a mesh that is whole for long.
func (a *accuracy) Finish(at protocols.Time) (violation, undecided string) {
	enough := a.c.enough(len(a.members)) + protocols.Time(10*a.c.SWIM.Sync)
	if a.c.Detector != "swim" {
		enough = a.c.enough(len(a.members))
	}
	for of := range a.nodes {
		d := a.doubts[of]
		if !a.honest(of) || !a.settled(of, at, enough) {
			continue
		}
		a.pairs++
		if d == nil || at-d.changed < enough || a.parted || at-a.cut < enough {
			continue
		}
		d.failed.each(func(by int) {
			if violation == "" && a.honest(by) && a.settled(by, at, enough) {
				violation = fmt.Sprintf("node %d holds node %d for failed, which is up for %v", a.members[by], a.members[of], time.Duration(at-a.nodes[of].since))
			}
		})
	}
	return violation, ""
}
