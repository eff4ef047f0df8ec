package gossip

import (
	"cmp"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// replica is a node's copy of the key-value state: for each key the newest
// write, and for each writer how far its writes are known.
//
// Invariant: for each writer w and each of its writes up to upTo(w), the replica
// holds that write or a newer one of the same key, or had collected it as a
// tombstone. So the vector of all upTo says all that another node needs to know
// to send exactly what is missing.
type replica struct {
	entries []*entry // by key, one a key
	writers []known  // by writer
	vector  uint64   // digest of all (writer, upTo)
	digest  uint64   // of the state that can be read
	clock   uint64   // the largest time seen (Lamport)

	tombstones []tombstone // in the order of arrival
	cursor     writer      // where the next Digest begins
	journal    journal
}

// known is what a replica has of one writer.
type known struct {
	by   writer
	upTo uint64
	log  []*entry // its writes that still stand, by time
}

type tombstone struct {
	*entry
	since protocols.Time
}

func (r *replica) find(key string) (int, bool) {
	return slices.BinarySearchFunc(r.entries, key, func(e *entry, k string) int { return strings.Compare(e.key, k) })
}

func (r *replica) findWriter(by writer) (int, bool) {
	return slices.BinarySearchFunc(r.writers, by, func(k known, w writer) int { return cmp.Compare(k.by, w) })
}

// upTo is the time up to which the writer's writes are known.
func (r *replica) upTo(by writer) uint64 {
	if i, ok := r.findWriter(by); ok {
		return r.writers[i].upTo
	}
	return 0
}

// writer returns the record of a writer, which it makes if needed. It is good
// until the next call.
func (r *replica) writer(by writer) *known {
	i, ok := r.findWriter(by)
	if !ok {
		r.writers = slices.Insert(r.writers, i, known{by: by})
	}
	return &r.writers[i]
}

// reach notes that all writes of a writer up to a time are known.
func (r *replica) reach(by writer, time uint64) {
	k := r.writer(by)
	if time > k.upTo {
		r.vector += vectorDigest(by, time) - vectorDigest(by, k.upTo)
		k.upTo = time
		r.clock = max(r.clock, time)
	}
}

// vectorDigest is the part of a writer in the digest of a vector.
func vectorDigest(by writer, upTo uint64) uint64 {
	if upTo == 0 {
		return 0
	}
	return draw.Derive(uint64(by), upTo)
}

// apply takes a write in if it is newer than what the replica has of its key,
// and reports whether it was.
func (r *replica) apply(env *protocols.Env, e *entry) bool {
	i, ok := r.find(e.key)
	if ok {
		old := r.entries[i]
		if !old.version.before(e.version) {
			return false
		}
		r.drop(old)
		r.entries[i] = e
	} else {
		r.entries = slices.Insert(r.entries, i, e)
	}
	k := r.writer(e.version.by)
	at, _ := k.find(e.version.time)
	k.log = slices.Insert(k.log, at, e)
	r.digest += e.digest()
	r.clock = max(r.clock, e.version.time)
	if e.deleted {
		r.tombstones = append(r.tombstones, tombstone{e, env.Now})
	}
	e.observe(env, Applied)
	return true
}

// drop takes an entry that stands no more out of its writer's log.
func (r *replica) drop(e *entry) {
	k := r.writer(e.version.by)
	if at, ok := k.find(e.version.time); ok {
		k.log = slices.Delete(k.log, at, at+1)
	}
	r.digest -= e.digest()
}

// find returns the place of a time in the log.
func (k *known) find(time uint64) (int, bool) {
	return slices.BinarySearchFunc(k.log, time, func(e *entry, t uint64) int { return cmp.Compare(e.version.time, t) })
}

// collect forgets tombstones that are older than age. What they have deleted
// does not come back from a node that missed it, since its time is known; but
// such a node, if it was cut off for longer than age, keeps what was deleted.
func (r *replica) collect(now protocols.Time, age int64) {
	for len(r.tombstones) > 0 && int64(now-r.tombstones[0].since) >= age {
		t := r.tombstones[0]
		r.tombstones[0] = tombstone{}
		r.tombstones = r.tombstones[1:]
		if i, ok := r.find(t.key); ok && r.entries[i] == t.entry {
			r.drop(t.entry)
			r.entries = slices.Delete(r.entries, i, i+1)
		}
	}
}

// room reports whether a write of the key can be stored.
func (r *replica) room(key string, limit int) bool {
	if len(r.entries) < limit {
		return true
	}
	_, ok := r.find(key)
	return ok
}
