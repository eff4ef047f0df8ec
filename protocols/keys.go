package protocols

import (
	"slices"
	"time"
)

// Digest is the SHA-256 of what is signed or compared. A message is signed by
// its digest, so a signature costs the same however long the message is.
type Digest [32]byte

// Signature proves to everybody who made it: ed25519's 64 bytes.
type Signature [64]byte

// Tag proves to one receiver who sent a message: HMAC-SHA-256, cut to 128 bits.
type Tag [16]byte

// Crypto is the arithmetic behind [Env.Sign] and its like; package keys has
// two. Each node has one pair of keys, and one secret with each other node. A
// Crypto belongs to one goroutine, and may remember what it verified: nothing of
// that can be seen.
type Crypto interface {
	Sign(by NodeID, d Digest) Signature
	Verify(by NodeID, d Digest, s *Signature) bool
	Tag(from, to NodeID, d Digest) Tag
}

// CryptoCosts is the CPU time that a node is charged, each time anew.
type CryptoCosts struct {
	Sign   time.Duration // a signature
	Verify time.Duration // the check of one
	Tag    time.Duration // a tag, made or checked
}

// Sign signs with the node's own key: it cannot sign with another's.
func (env *Env) Sign(d Digest) Signature {
	env.Work(env.Costs.Sign)
	return env.Crypto.Sign(env.Self, d)
}

// SignAs signs as a node whose key this one has: itself, or an accomplice. ok is
// false of all others, whose signatures it cannot make.
func (env *Env) SignAs(by NodeID, d Digest) (s Signature, ok bool) {
	if by != env.Self && !slices.Contains(env.Accomplices, by) {
		return s, false
	}
	env.Work(env.Costs.Sign)
	return env.Crypto.Sign(by, d), true
}

// Verify reports whether s is by's signature of d.
func (env *Env) Verify(by NodeID, d Digest, s *Signature) bool {
	env.Work(env.Costs.Verify)
	return env.Crypto.Verify(by, d, s)
}

// Tag proves d to one receiver.
func (env *Env) Tag(to NodeID, d Digest) Tag {
	env.Work(env.Costs.Tag)
	return env.Crypto.Tag(env.Self, to, d)
}

// VerifyTag reports whether from made the tag of d for this node. Whoever
// receives a tag could have made it, so it proves nothing to a third.
func (env *Env) VerifyTag(from NodeID, d Digest, t Tag) bool {
	env.Work(env.Costs.Tag)
	return env.Crypto.Tag(from, env.Self, d) == t
}
