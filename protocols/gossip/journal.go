package gossip

import (
	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// journal keeps a node's own writes on disk, since it may be the only one that
// has them; those of others it gets back from the others. The file has a header
// (generation, time of the last write left out) and a record for each write, all
// with checksums; what is torn at the end is cut off.
type journal struct {
	by   writer // who this node is as a writer; 0 if it never wrote
	size int    // of the file
}

const journalFile = "gossip.writes"

// A journal is written anew when it is larger than this and than four times
// what stands of it.
const journalSlack = 4096

// restore reads the node's own writes back.
func (r *replica) restore(env *protocols.Env) {
	b := env.Disk.Read(journalFile)
	rest := wire.NewReader(b)
	header := wire.NewChecked(rest.Bytes(len(b)))
	generation, last := uint32(header.UvarintMax(1<<32-1)), header.UvarintMax(maxTime)
	if header.Close(journalFile) != nil {
		return // no journal
	}
	r.journal.by = newWriter(env.Self, generation)
	for rest.Len() > 0 {
		record := wire.NewChecked(rest.Bytes(len(b)))
		e := readEntry(&record, r.journal.by)
		if record.Close(journalFile) != nil {
			break
		}
		r.journal.size = len(b) - rest.Len()
		last = max(last, e.version.time)
		r.apply(env, e)
	}
	r.reach(r.journal.by, last)
	r.rewrite(env)
}

// open makes the journal of a node that has none: a new writer, told apart from
// one that the node may have been before it lost its disk by the clock.
func (r *replica) open(env *protocols.Env) {
	generation := 1 + uint32(max(env.Now, 0)/1e6%(1<<32-1))
	r.journal.by = newWriter(env.Self, generation)
	r.rewrite(env)
}

// record appends a write of this node.
func (r *replica) record(env *protocols.Env, e *entry) {
	b := sealed(e.appendTo(nil))
	env.Disk.Append(journalFile, b)
	env.Disk.Sync()
	r.journal.size += len(b)
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

// rewrite writes the header and the node's writes that still stand.
func (r *replica) rewrite(env *protocols.Env) {
	header := wire.AppendUvarint(nil, uint64(uint32(r.journal.by)))
	b := sealed(wire.AppendUvarint(header, r.upTo(r.journal.by)))
	if i, ok := r.findWriter(r.journal.by); ok {
		for _, e := range r.writers[i].log {
			b = append(b, sealed(e.appendTo(nil))...)
		}
	}
	env.Disk.Write(journalFile, b)
	env.Disk.Sync()
	r.journal.size = len(b)
}

// sealed is a record: its length, itself, its checksum.
func sealed(b []byte) []byte { return wire.AppendBytes(nil, wire.AppendChecksum(b, 0)) }
