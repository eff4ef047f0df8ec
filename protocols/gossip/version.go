package gossip

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"math"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/wire"
)

// A writer is who writes keys: a node, in the high 32 bits, and in the low ones
// its generation, which changes when the node loses its disk. So the times of
// one writer only grow, whatever a node forgets.
type writer uint64

func newWriter(node protocols.NodeID, generation uint32) writer {
	return writer(node)<<32 | writer(generation)
}

func (w writer) node() protocols.NodeID { return protocols.NodeID(w >> 32) }

// version orders the writes of a key: by Lamport time, then by writer.
type version struct {
	time uint64 // at most maxTime
	by   writer
}

// maxTime bounds Lamport times so that they pack with a node and a flag.
const maxTime = 1<<39 - 1

func (v version) before(w version) bool {
	return cmp.Or(cmp.Compare(v.time, w.time), cmp.Compare(v.by, w.by)) < 0
}

// entry is a write: a key's value, or that it was deleted. It is immutable and
// shared by all replicas that hold it.
type entry struct {
	key     string
	value   []byte
	version version
	deleted bool
	item    uint64 // hash of the key, for observations and digests
	content uint32 // CRC-32C of the value, for checkers
}

func newEntry(key string, value []byte, v version, deleted bool) *entry {
	return &entry{key, value, v, deleted, draw.DeriveString(0, key), crc32.Checksum(value, castagnoli)}
}

// observe tells that the write was made or taken in, and of which value.
func (e *entry) observe(env *protocols.Env, kind protocols.ObservationKind) {
	env.Observe(kind, e.item, e.packed())
	env.Observe(Content, e.packed(), uint64(e.content))
}

// packed is the version as observations show it: it grows with the version, but
// for ties between nodes whose numbers differ by a multiple of 2^24. The lowest
// bit says that the key was deleted.
func (e *entry) packed() uint64 {
	p := e.version.time<<25 | uint64(e.version.by.node()&(1<<24-1))<<1
	if e.deleted {
		p |= 1
	}
	return p
}

// packedNode is who made the write with a packed version, modulo 2^24.
func packedNode(packed uint64) protocols.NodeID {
	return protocols.NodeID(packed >> 1 & (1<<24 - 1))
}

// digest is the entry's part in the digest of the state that it stands in: of
// what can be read, so deleted keys have none.
func (e *entry) digest() uint64 { return stateDigest(e.item, e.packed()) }

// stateDigest is the part of a key with that packed version. The digest of a
// state is the sum over its keys.
func stateDigest(item, packed uint64) uint64 {
	if packed&1 != 0 {
		return 0
	}
	return draw.Derive(item, packed)
}

// size is the length of what appendTo appends.
func (e *entry) size() int {
	return wire.BytesSize(e.key) + wire.UvarintSize(e.version.time<<1) + wire.BytesSize(e.value)
}

// appendTo appends key, 2·time + deleted, value. Who wrote it is said once for
// all entries of a part.
func (e *entry) appendTo(b []byte) []byte {
	t := e.version.time << 1
	if e.deleted {
		t |= 1
	}
	b = wire.AppendUvarint(wire.AppendBytes(b, e.key), t)
	return wire.AppendBytes(b, e.value)
}

// An entry is at least so long.
const minEntrySize = 3

func readEntry(r *wire.Reader, by writer) *entry {
	key := r.String(maxKeyBytes)
	t := r.UvarintMax(maxTime<<1 | 1)
	value := append([]byte(nil), r.Bytes(math.MaxInt)...)
	return newEntry(key, value, version{t >> 1, by}, t&1 != 0)
}

// maxKeyBytes is the length of the longest key.
const maxKeyBytes = 255

// String returns key=value@time/node.
func (e *entry) String() string {
	if e.deleted {
		return fmt.Sprintf("%s deleted@%d/%d", e.key, e.version.time, e.version.by.node())
	}
	return fmt.Sprintf("%s=%s@%d/%d", e.key, e.value, e.version.time, e.version.by.node())
}
