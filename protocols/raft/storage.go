package raft

import (
	"errors"
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/wal"
	"meshsim/protocols/wire"
)

// The files of a replica (5.2, Figure 2: "Updated on stable storage before
// responding to RPCs").
const (
	voteFile = "raft.vote" // term and vote, replaced as a whole
	logFile  = "raft.log"  // in front the snapshot, then an entry for each record, numbered by its index
)

// storage is what a node knows of its disk.
type storage struct {
	wal    *wal.Log
	snap   *snapshot // the latest, in the log's head; nil: none yet
	failed error     // something could not be written
	buffer []byte    // scratch of saveEntry

	mustSync bool // something was written that this call's messages depend on
	maySync  bool // a leader has written entries that count for nothing until they are durable
	willSync bool // the timer for that is set
}

// saveVote writes the term and whom the node voted for in it.
func (n *node) saveVote(env *protocols.Env) {
	b := wire.AppendUvarint(nil, n.term)
	b = wire.AppendUvarint(b, uint64(n.vote))
	err := env.Disk.Replace(voteFile, wire.AppendChecksum(b, 0))
	if n.mutant == skipsVoteSync && err == nil {
		return
	}
	n.wrote(err)
}

// saveEntry writes an entry behind the last.
func (n *node) saveEntry(env *protocols.Env, index uint64, e *Entry) {
	if n.failed != nil {
		return // the log has a gap already
	}
	n.buffer = e.appendTo(n.buffer[:0])
	number, err := n.wal.Append(env.Disk, n.buffer)
	if err == nil && number != index {
		panic(fmt.Sprintf("raft: entry %d has number %d on disk", index, number))
	}
	if n.Parallel && n.role == leader && !n.isAlone() && err == nil {
		n.maySync = true
		return
	}
	n.wrote(err)
}

// saveSnapshot writes a snapshot and forgets the entries up to base.
func (n *node) saveSnapshot(env *protocols.Env, s *snapshot, base position) {
	head := wire.AppendUvarint(nil, base.index)
	head = wire.AppendUvarint(head, base.term)
	head = wire.AppendUint64(head, base.chain)
	n.snap = s
	n.wrote(n.wal.Compact(env.Disk, append(head, s.bytes...), base.index+1))
}

func (n *node) wrote(err error) {
	n.mustSync = true
	if err != nil && n.failed == nil {
		n.failed = err
	}
}

// flush ends a call: what it sends waits until all it wrote is durable. A leader
// may write its entries while they are on their way to others, in a call of their
// own; it counts them when they are durable (dissertation, 10.2.1). A replica that
// could not write has promised nothing; it stops, and starts anew from what its
// disk holds, as after a crash.
func (n *node) flush(env *protocols.Env) {
	switch {
	case n.failed != nil:
		env.Sends = env.Sends[:0]
		n.halt(env, n.failed)
	case n.mustSync, n.maySync && n.role != leader:
		env.Disk.Sync()
		env.Observe(Wrote, uint64(n.wal.Size()), 0)
		if n.maySync && n.role == leader {
			env.Send(n.id, &Synced{Term: n.term, Index: n.log.last()})
		}
		n.mustSync, n.maySync = false, false
	case n.maySync && !n.willSync:
		n.willSync = true
		env.SetTimer(protocols.Timer(syncTimer, 0), 0)
	}
}

// Between two looks at a disk that failed.
const rebootAfter = time.Second

// halt ends a replica. If the disk may work again, it will start anew; what was
// damaged stays so, and the replica silent.
func (n *node) halt(env *protocols.Env, why error) {
	if n.role == leader {
		env.Observe(SteppedDown, 0, n.term)
	}
	n.halted, n.role, n.lead = why, follower, nil
	env.Observe(Halted, 0, 0)
	for name := range timers {
		env.StopTimer(protocols.Timer(name, 0))
	}
	if errors.Is(why, protocols.ErrFull) || errors.Is(why, protocols.ErrRead) {
		env.SetTimer(protocols.Timer(rebootTimer, 0), rebootAfter)
	}
}

// reboot starts anew. What the call that failed wrote before it did is read again,
// so it must be durable before anything is said about it.
func (n *node) reboot(env *protocols.Env) {
	env.Disk.Sync()
	*n = node{shared: n.shared, id: n.id, vote: nobody, leader: nobody, readOnly: n.readOnly}
	n.boot(env)
}

// load reads what the disk holds.
func (n *node) load(disk *protocols.Disk) error {
	if err := n.loadVote(disk); err != nil {
		return err
	}
	log, replay, err := wal.Open(disk, logFile)
	if err != nil {
		return err
	}
	n.wal, n.mustSync = log, replay.Cut > 0
	n.configs = []members{{voters: n.replicas[:n.founders()]}}
	if replay.Head != nil {
		if err := n.loadHead(replay.Head); err != nil {
			return err
		}
	}
	return n.loadEntries(&replay)
}

func (n *node) loadVote(disk *protocols.Disk) error {
	b, err := disk.Read(voteFile)
	if b == nil || err != nil {
		return err
	}
	r := wire.NewChecked(b)
	n.term, n.vote = r.UvarintMax(maxTerm), protocols.NodeID(r.UvarintMax(uint64(nobody)))
	if n.mutant == votesTwice {
		n.vote = nobody
	}
	return r.Close(voteFile)
}

// loadHead takes up the snapshot.
func (n *node) loadHead(head []byte) error {
	r := wire.NewReader(head)
	base := position{r.UvarintMax(maxIndex), r.UvarintMax(maxTerm), r.Uint64()}
	bytes := append([]byte(nil), head[len(head)-r.Len():]...)
	if r.Err() != nil {
		return r.Close(logFile)
	}
	n.log.reset(base)
	return n.takeSnapshot(bytes)
}

func (n *node) loadEntries(replay *wal.Replay) error {
	if replay.First != n.log.base.index+1 {
		return fmt.Errorf("%s begins with entry %d, not %d", logFile, replay.First, n.log.base.index+1)
	}
	for _, record := range replay.Records {
		r := wire.NewReader(record)
		e := readEntry(&r)
		if err := r.Close(logFile); err != nil {
			return err
		}
		p := n.log.append(e)
		if e.Kind == EntryMembers && p.index > n.commit {
			m, _ := readMembers(e.Data)
			m.index = p.index
			n.configs = append(n.configs, m)
		}
	}
	return nil
}

// founders is how many replicas vote at first.
func (s *shared) founders() int {
	if s.Voters == 0 {
		return len(s.replicas)
	}
	return min(s.Voters, len(s.replicas))
}
