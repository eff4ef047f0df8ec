package keys

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"

	"meshsim/protocols"
)

// Real makes signatures by ed25519 (RFC 8032) and tags by HMAC-SHA-256 (RFC
// 2104), cut to 128 bits. A signature that was verified is remembered: the same
// one is verified once by each worker, however many nodes ask.
func Real(seed uint64) protocols.Crypto {
	return &real{seed: seed, keys: map[protocols.NodeID]ed25519.PrivateKey{}, verified: map[proof]bool{}}
}

type real struct {
	seed     uint64
	keys     map[protocols.NodeID]ed25519.PrivateKey // made at the first use
	verified map[proof]bool
}

// proof is a signature that somebody asked for.
type proof struct {
	by        protocols.NodeID
	digest    protocols.Digest
	signature protocols.Signature
}

// maxVerified bounds what is remembered: 20 MiB.
const maxVerified = 1 << 17

func (r *real) Sign(by protocols.NodeID, d protocols.Digest) protocols.Signature {
	return protocols.Signature(ed25519.Sign(r.key(by), d[:]))
}

func (r *real) Verify(by protocols.NodeID, d protocols.Digest, s *protocols.Signature) bool {
	p := proof{by, d, *s}
	ok, known := r.verified[p]
	if known {
		return ok
	}
	if len(r.verified) == maxVerified {
		clear(r.verified)
	}
	ok = ed25519.Verify(r.key(by).Public().(ed25519.PublicKey), d[:], s[:])
	r.verified[p] = ok
	return ok
}

func (r *real) Tag(from, to protocols.NodeID, d protocols.Digest) protocols.Tag {
	secret := r.secret("tag", uint64(from)<<32|uint64(to))
	h := hmac.New(sha256.New, secret[:])
	h.Write(d[:])
	return protocols.Tag(h.Sum(nil)[:len(protocols.Tag{})])
}

func (r *real) key(of protocols.NodeID) ed25519.PrivateKey {
	k, ok := r.keys[of]
	if !ok {
		secret := r.secret("ed25519", uint64(of))
		k = ed25519.NewKeyFromSeed(secret[:])
		r.keys[of] = k
	}
	return k
}

// secret derives what only one node, or one pair of nodes, knows.
func (r *real) secret(use string, whose uint64) [32]byte {
	b := append([]byte("meshsim "), use...)
	b = binary.LittleEndian.AppendUint64(b, r.seed)
	return sha256.Sum256(binary.LittleEndian.AppendUint64(b, whose))
}
