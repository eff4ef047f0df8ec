package pbft

import (
	"fmt"
	"strings"

	"meshsim/protocols/quorum"
)

// Waits says what the replica waits for, "" if for nothing.
func (n *replica) Waits() string {
	switch p := n.queue.oldest(); {
	case n.halted != "":
		return "halted: " + n.halted
	case n.changing:
		return n.waitsForView()
	case n.transfer.known.sequence > n.executed && n.transfer.known.sequence >= n.log.low:
		return fmt.Sprintf("the state of checkpoint %d, executed is %d", n.transfer.known.sequence, n.executed)
	case max(n.top, n.retry.heard) >= n.firstOpen():
		return n.waitsForNumber(n.firstOpen())
	case p != nil:
		return fmt.Sprintf("a pre-prepare of primary %d in view %d for request %d of %d", n.primary(n.view), n.view, p.Command.Sequence, p.Client())
	}
	return ""
}

// Waits says what the client waits for, "" if for nothing.
func (n *asker) Waits() string {
	if n.client == nil {
		return ""
	}
	return n.client.Waits()
}

func (n *replica) waitsForView() string {
	wanted := quorum.NewSet(n.n)
	for place, m := range n.change.latest {
		if m != nil && m.View == n.view {
			wanted.Add(place)
		}
	}
	if wanted.Count() < n.quorum {
		return fmt.Sprintf("%d of %d view-changes for view %d: silent are %s", wanted.Count(), n.quorum, n.view, n.missing(&wanted))
	}
	return fmt.Sprintf("the new-view of view %d from its primary %d", n.view, n.primary(n.view))
}

func (n *replica) waitsForNumber(sequence uint64) string {
	s := n.log.find(sequence)
	switch {
	case s == nil || s.proposal == nil:
		return fmt.Sprintf("the pre-prepare for %d in view %d from primary %d", sequence, n.view, n.primary(n.view))
	case !s.prepared:
		return n.waitsForVotes("prepares", &s.prepares, n.quorum-1, s)
	case !s.committed:
		return n.waitsForVotes("commits", &s.commits, n.quorum, s)
	}
	return fmt.Sprintf("the batch of %d", sequence)
}

func (n *replica) waitsForVotes(what string, t *tally, need int, s *slot) string {
	return fmt.Sprintf("%d of %d %s for %d in view %d: silent are %s", t.of(s.proposal.Batch), need, what, s.sequence, n.view, n.missing(&t.voters))
}

// missing lists the replicas that are not in a set.
func (n *replica) missing(set *quorum.Set) string {
	var list []string
	for place, id := range n.replicas {
		if !set.Has(place) {
			list = append(list, fmt.Sprint(uint32(id)))
		}
	}
	return strings.Join(list, ", ")
}
