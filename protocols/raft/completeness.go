package raft

import (
	"fmt"
	"slices"

	"meshsim/protocols"
)

// completeness is the Leader Completeness Property: it follows all logs from the
// last committed entry on, and looks at each new leader's.
type completeness struct {
	logs  []tail
	leads []uint64 // by node: the term that it leads, 0 if none

	committed struct {
		index, chain uint64
		term         uint64 // of the leader that committed it
	}
}

// tail is the end of a log: the hash of the log at first and at each index after.
type tail struct {
	first  uint64
	chains []uint64
}

func newCompleteness(nodes int) *completeness {
	c := &completeness{logs: make([]tail, nodes), leads: make([]uint64, nodes)}
	for i := range c.logs {
		c.logs[i].restart(0, 0)
	}
	return c
}

// Wants lists the kinds that are needed.
func (c *completeness) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Leader, SteppedDown, Appended, Truncated, Restored, Committed}
}

// Observe returns how the property is broken.
func (c *completeness) Observe(o protocols.Observed) string {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			c.leads[o.Node] = 0
		}
		return ""
	}
	log := &c.logs[o.Node]
	_, index := Unpack(o.Key)
	switch o.Kind {
	case SteppedDown:
		c.leads[o.Node] = 0
	case Restored:
		log.restart(index, o.Value)
	case Appended:
		log.append(index, o.Value, c.committed.index)
	case Truncated:
		log.cut(o.Key)
	case Leader:
		c.leads[o.Node] = o.Value
		return c.check(o.Node)
	case Committed:
		return c.commit(o.Node, index, o.Value)
	}
	return ""
}

// commit notes a committed entry. A leader of a later term may be there already;
// then it must have it, too.
func (c *completeness) commit(id protocols.NodeID, index, chain uint64) string {
	if index <= c.committed.index {
		return ""
	}
	c.committed.index, c.committed.chain, c.committed.term = index, chain, c.leads[id]
	for other, term := range c.leads {
		if term > c.leads[id] {
			if text := c.check(protocols.NodeID(other)); text != "" {
				return text
			}
		}
	}
	return ""
}

// check looks for the last committed entry in a leader's log. A hash stands for
// all entries before, so that one is enough.
func (c *completeness) check(id protocols.NodeID) string {
	k := &c.committed
	if k.index == 0 || c.leads[id] <= k.term {
		return ""
	}
	log := &c.logs[id]
	chain, known := log.at(k.index)
	switch {
	case k.index > log.last():
		return fmt.Sprintf("node %d leads term %d with a log that ends at entry %d, but entry %d was committed in term %d", id, c.leads[id], log.last(), k.index, k.term)
	case known && chain != k.chain:
		return fmt.Sprintf("node %d leads term %d, and its log up to entry %d is not what was committed in term %d", id, c.leads[id], k.index, k.term)
	}
	return ""
}

func (t *tail) last() uint64 { return t.first + uint64(len(t.chains)) - 1 }

func (t *tail) at(index uint64) (chain uint64, ok bool) {
	if index < t.first || index > t.last() {
		return 0, false
	}
	return t.chains[index-t.first], true
}

func (t *tail) restart(index, chain uint64) {
	t.first, t.chains = index, append(t.chains[:0], chain)
}

// append adds an entry, and now and then forgets what lies before the last
// committed one.
func (t *tail) append(index, chain, committed uint64) {
	if index <= t.first || index > t.last()+1 {
		t.restart(index, chain)
		return
	}
	t.chains = append(t.chains[:index-t.first], chain)
	if n := min(committed, t.last()) - min(t.first, committed); n > 1024 {
		t.chains = slices.Delete(t.chains, 0, int(n))
		t.first += n
	}
}

// cut removes the entries from an index on. Of a log that is cut below what is
// remembered nothing is known but its length.
func (t *tail) cut(from uint64) {
	if from > t.first {
		t.chains = t.chains[:min(uint64(len(t.chains)), from-t.first)]
		return
	}
	t.restart(from-1, 0)
}
