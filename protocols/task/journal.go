package task

import (
	"cmp"
	"errors"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wal"
	"meshsim/protocols/wire"
)

// journal keeps on disk what entered at a node and is not over.
type journal struct {
	log  *wal.Log
	live []*Submit // ascending by identity
}

const journalFile = "task.journal"

// A journal is written anew when it is larger than this and than four times what
// stands of it.
const journalSlack = 1 << 16

// The first byte of a record.
const (
	recordEnter  = iota // a submission follows
	recordStrike        // the identity of one that is over
)

func (j *journal) find(id uint64) (int, bool) {
	return slices.BinarySearchFunc(j.live, id, func(m *Submit, id uint64) int { return cmp.Compare(m.id(), id) })
}

// recover reads what has not been over when the node went down. It enters anew
// when its lease is over, since another node may have it; at once without leases.
func (w *Worker) recover(env *protocols.Env) {
	if !w.Journal {
		return
	}
	w.journal = &journal{}
	log, replay, err := wal.Open(env.Disk, journalFile)
	if err != nil {
		env.Observe(JournalFailed, 0, 0)
	}
	w.journal.log = log
	for _, r := range replay.Records {
		w.journal.apply(r)
	}
	if errors.Is(err, wal.ErrDamaged) { // what cannot be read today may be read another day
		w.rewrite(env)
	}
	for _, m := range slices.Clone(w.journal.live) {
		env.Observe(Recovered, m.id(), 0)
		if m.Job != 0 || w.Lease == 0 {
			w.admit(env, m)
		} else {
			w.lease(env, m.Tasks[0].from(env.Self), env.Self)
		}
	}
}

// apply takes a record up. What cannot be read is left out.
func (j *journal) apply(record []byte) {
	if len(record) == 0 {
		return
	}
	if record[0] == recordStrike {
		r := wire.NewReader(record[1:])
		if at, known := j.find(r.Uint64()); known {
			j.live = slices.Delete(j.live, at, at+1)
		}
		return
	}
	m, err := decode(record[1:])
	if s, ok := m.(*Submit); ok && err == nil {
		j.add(s)
	}
}

func (j *journal) add(m *Submit) {
	if at, known := j.find(m.id()); !known {
		j.live = slices.Insert(j.live, at, m)
	}
}

// enter puts a submission on disk; what it leads to leaves after that.
func (w *Worker) enter(env *protocols.Env, m *Submit) {
	if w.journal == nil {
		return
	}
	w.journal.add(m)
	w.append(env, m.AppendTo([]byte{recordEnter}))
}

// strike notes on disk that a task or job is over. It waits for the next Sync: at
// worst the task runs again.
func (w *Worker) strike(env *protocols.Env, id uint64) {
	if w.journal == nil {
		return
	}
	at, known := w.journal.find(id)
	if !known {
		return
	}
	w.journal.live = slices.Delete(w.journal.live, at, at+1)
	w.append(env, wire.AppendUint64([]byte{recordStrike}, id))
}

func (w *Worker) append(env *protocols.Env, record []byte) {
	j := w.journal
	if j.log == nil {
		env.Observe(JournalFailed, 0, 1)
		return
	}
	if _, err := j.log.Append(env.Disk, record); err != nil {
		env.Observe(JournalFailed, 0, 1)
		return
	}
	if record[0] == recordEnter {
		env.Disk.Sync()
	}
	if j.log.Size() > journalSlack && j.log.Size() > 4*j.size() {
		w.rewrite(env)
	}
}

// size is about how many bytes a journal has of what is not over.
func (j *journal) size() (n int) {
	for _, m := range j.live {
		n += m.Size() + 32
	}
	return n
}

// rewrite makes a journal of what is not over.
func (w *Worker) rewrite(env *protocols.Env) {
	var records [][]byte
	for _, m := range w.journal.live {
		records = append(records, m.AppendTo([]byte{recordEnter}))
	}
	log, err := wal.Create(env.Disk, journalFile, nil, 1, records...)
	if err != nil {
		env.Observe(JournalFailed, 0, 1)
		return
	}
	w.journal.log = log
	env.Disk.Sync()
}
