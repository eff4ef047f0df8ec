package keys

import (
	"encoding/binary"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Costed makes signatures and tags of a keyed hash.
func Costed(seed uint64) protocols.Crypto {
	return costed{sign: draw.DeriveString(seed, "signatures"), tag: draw.DeriveString(seed, "tags")}
}

type costed struct{ sign, tag uint64 }

// Sign fills the first 16 bytes, the rest is 0.
func (c costed) Sign(by protocols.NodeID, d protocols.Digest) (s protocols.Signature) {
	t := hash(draw.Derive(c.sign, uint64(by)), d)
	copy(s[:], t[:])
	return s
}

func (c costed) Verify(by protocols.NodeID, d protocols.Digest, s *protocols.Signature) bool {
	return c.Sign(by, d) == *s
}

func (c costed) Tag(from, to protocols.NodeID, d protocols.Digest) protocols.Tag {
	return hash(draw.Derive(c.tag, uint64(from)<<32|uint64(to)), d)
}

// hash is 128 bits of the key and the digest.
func hash(key uint64, d protocols.Digest) (t protocols.Tag) {
	for i := 0; i < len(d); i += 8 {
		key = draw.Mix(key ^ binary.LittleEndian.Uint64(d[i:]))
	}
	binary.LittleEndian.PutUint64(t[:], key)
	binary.LittleEndian.PutUint64(t[8:], draw.Mix(key+1))
	return t
}
