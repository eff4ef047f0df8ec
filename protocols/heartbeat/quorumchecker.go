package heartbeat

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/quorum"
)

// quorumChecker counts who has accused whom.
type quorumChecker struct {
	needed   int // accusations; 0: nothing is asked
	lies     *truth
	liars    int
	accusers map[protocols.NodeID][]accuser // looked up only
	asked    uint64
}

// accuser is the highest incarnation of a peer that a member has accused.
type accuser struct {
	by          protocols.NodeID
	incarnation uint64
}

func newQuorumChecker(c Config, pc protocols.ProbeConfig) *quorumChecker {
	n := len(pc.Members)
	q := &quorumChecker{lies: newTruth(pc), accusers: map[protocols.NodeID][]accuser{}}
	for i := range q.lies.nodes {
		if q.lies.nodes[i].lies {
			q.liars++
		}
	}
	switch {
	case c.Detector == "swim" || c.Confirm == "none":
	case c.Quorum > 0:
		q.needed = c.Quorum
	case c.Confirm == "members":
		q.needed = quorum.Majority(n)
	case c.Watch != "members":
		q.needed = 1 // how many observers a peer has nobody else knows
	case c.Monitoring == "all":
		q.needed = quorum.Majority(n - 1)
	default:
		q.needed = quorum.Majority(min(c.K, n-1))
	}
	return q
}

// Wants lists the kinds that are needed.
func (q *quorumChecker) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Accused, Failed}
}

// Tally is the number of failures that were looked at.
func (q *quorumChecker) Tally() uint64 { return q.asked }

// Observe counts an accusation, or holds a failure against them.
func (q *quorumChecker) Observe(o protocols.Observed) string {
	peer := protocols.NodeID(o.Key)
	switch {
	case o.Protocol == protocols.NodeProtocol:
		if i, ok := q.lies.place(o.Node); ok && o.Kind == protocols.NodeCorrupted && !q.lies.nodes[i].lies {
			q.lies.nodes[i].lies = true
			q.liars++
		}
	case q.needed == 0:
	case o.Kind == Accused:
		q.accuse(peer, accuser{o.Node, o.Value})
	default:
		q.asked++
		if n := q.count(peer, o.Value) + q.liars; n < q.needed {
			return fmt.Sprintf("node %d holds node %d for failed in incarnation %d, of which %d have accused it, not %d", o.Node, peer, o.Value, n, q.needed)
		}
	}
	return ""
}

func (q *quorumChecker) accuse(peer protocols.NodeID, a accuser) {
	list := q.accusers[peer]
	for i := range list {
		if list[i].by == a.by {
			list[i].incarnation = max(list[i].incarnation, a.incarnation)
			return
		}
	}
	q.accusers[peer] = append(list, a)
}

// count is how many have accused a peer in an incarnation or a later one, those left
// out that are known to lie.
func (q *quorumChecker) count(peer protocols.NodeID, incarnation uint64) (n int) {
	for _, a := range q.accusers[peer] {
		if i, ok := q.lies.place(a.by); ok && !q.lies.nodes[i].lies && a.incarnation >= incarnation {
			n++
		}
	}
	return n
}
