package gossip

import (
	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// journal keeps a node's own writes on disk, since it may be the only one that
// has them; those of others it gets back from the others. The file has a header
// (generation, time of the last write left out) and a record for each write, all
// with checksums. A node that finds it damaged, torn at the end, or not to be
// read writes on under another identity: others may have what it has lost.
type journal struct {
	by   writer // who this node is as a writer; 0 if it did not write since its journal was lost
	size int    // of the file
}

const journalFile = "gossip.writes"

// A journal is written anew when it is larger than this and than four times
// what stands of it.
const journalSlack = 4096

// restore reads the node's own writes back, as far as they are whole.
func (r *replica) restore(env *protocols.Env) {
	b, err := env.Disk.Read(journalFile)
	if err != nil {
		return // it starts empty, and learns from the others
	}
	rest := wire.NewReader(b)
	header := wire.NewChecked(rest.Bytes(len(b)))
	generation, last := uint32(header.UvarintMax(1<<32-1)), header.UvarintMax(maxTime)
	if header.Close(journalFile) != nil {
		return // no journal
	}
	by, damaged := newWriter(env.Self, generation), false
	for rest.Len() > 0 && !damaged {
		record := wire.NewChecked(rest.Bytes(len(b)))
		e := readEntry(&record, by)
		if damaged = record.Close(journalFile) != nil; !damaged {
			last = max(last, e.version.time)
			r.apply(env, e)
		}
	}
	r.reach(by, last)
	if !damaged && rest.Err() == nil {
		r.journal = journal{by: by, size: len(b)}
		r.rewrite(env)
	}
}

// open makes the journal of a node that has none, if there is room: a new writer,
// told apart from one that the node may have been before it lost its disk by the
// clock.
func (r *replica) open(env *protocols.Env) bool {
	by := newWriter(env.Self, 1+uint32(max(env.Now, 0)/1e6%(1<<32-1)))
	for _, known := r.findWriter(by); known; _, known = r.findWriter(by) {
		by++ // the clock went back
	}
	r.journal.by = by
	if !r.rewrite(env) {
		r.journal.by = 0
	}
	return r.journal.by != 0
}

// record appends a write of this node, if there is room.
func (r *replica) record(env *protocols.Env, e *entry) bool {
	b := sealed(e.appendTo(nil))
	if env.Disk.Append(journalFile, b) != nil {
		return false
	}
	env.Disk.Sync()
	r.journal.size += len(b)
	return true
}

// tidy writes the journal anew when most of it stands no more.
func (r *replica) tidy(env *protocols.Env) {
	if r.journal.size <= journalSlack {
		return
	}
	standing := 0
	for _, e := range r.writer(r.journal.by).log {
		standing += e.size() + 2*wire.ChecksumSize
	}
	if r.journal.size > 4*standing {
		r.rewrite(env)
	}
}

// rewrite writes the header and the node's writes that still stand, if there is
// room; else the old journal stays.
func (r *replica) rewrite(env *protocols.Env) bool {
	header := wire.AppendUvarint(nil, uint64(uint32(r.journal.by)))
	b := sealed(wire.AppendUvarint(header, r.upTo(r.journal.by)))
	if i, ok := r.findWriter(r.journal.by); ok {
		for _, e := range r.writers[i].log {
			b = append(b, sealed(e.appendTo(nil))...)
		}
	}
	if env.Disk.Replace(journalFile, b) != nil {
		return false
	}
	env.Disk.Sync()
	r.journal.size = len(b)
	return true
}

// sealed is a record: its length, itself, its checksum.
func sealed(b []byte) []byte { return wire.AppendBytes(nil, wire.AppendChecksum(b, 0)) }
