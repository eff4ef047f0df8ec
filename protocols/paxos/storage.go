package paxos

import (
	"errors"
	"fmt"

	"meshsim/protocols"
)

// open reads the record. A node that cannot must not answer as an acceptor, nor
// use a ballot: it may have promised, and used, others. It only learns, and tries
// again if the device may give the record back later.
func (n *node) open(env *protocols.Env) {
	var r record
	n.failed = r.load(env.Disk)
	if n.failed != nil {
		env.Observe(DiskFailed, 0, 0)
		if errors.Is(n.failed, protocols.ErrRead) {
			env.SetTimer(protocols.Timer(readTimer, 0), n.Retry)
		}
		return
	}
	if n.decided { // learned since the node started
		r.decided, r.decision = true, n.decision
	}
	n.record = r
}

// keep makes next the node's record, if it can be made durable.
func (n *node) keep(env *protocols.Env, next record) bool {
	if n.failed != nil {
		return false
	}
	if next.save(env.Disk) != nil {
		env.Observe(DiskFailed, 1, 0)
		return false
	}
	n.record = next
	return true
}

// Waits says what keeps the node from a decision.
func (n *node) Waits() string {
	switch {
	case n.decided:
		return ""
	case n.failed != nil:
		return "its record: " + n.failed.Error()
	case n.ballot != 0 && !n.phase2:
		return fmt.Sprintf("%d of %d promises for ballot %v", len(n.promises), n.majority, n.ballot)
	case n.ballot != 0:
		return fmt.Sprintf("%d acceptances of ballot %v", n.majority, n.ballot)
	case n.waits:
		return "the time of its next ballot"
	}
	return ""
}
