package discovery

import (
	"crypto/sha256"
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// Announcement is what a node tells of itself to whom it may concern: that it is
// there, until when that may be believed, or that it leaves. It is signed, so
// others can pass it on but not invent or prolong it. It is shared and never
// changed.
type Announcement struct {
	ID        protocols.NodeID
	Leaving   bool
	Sequence  uint64         // of two announcements of a node the higher one counts
	Expires   protocols.Time // on the node's own clock
	Signature protocols.Signature
}

// digest is what is signed.
func (a *Announcement) digest() protocols.Digest {
	var room [64]byte
	return sha256.Sum256(a.appendBody(append(room[:0], "discovery"...)))
}

// sign signs a with the node's own key.
func (a *Announcement) sign(env *protocols.Env) *Announcement {
	a.Signature = env.Sign(a.digest())
	return a
}

// mark tells announcements apart in observations: a part of the signature.
func (a *Announcement) mark() uint64 {
	r := wire.NewReader(a.Signature[:8])
	return r.Uint64()
}

// same reports whether two announcements are one, bit by bit.
func (a *Announcement) same(b *Announcement) bool { return a == b || *a == *b }

func (a *Announcement) appendBody(b []byte) []byte {
	b = wire.AppendUvarint(b, uint64(a.ID))
	b = wire.AppendBool(b, a.Leaving)
	b = wire.AppendUvarint(b, a.Sequence)
	return wire.AppendUvarint(b, wire.Zigzag(int64(a.Expires)))
}

func (a *Announcement) size() int {
	return wire.UvarintSize(uint64(a.ID)) + 1 + wire.UvarintSize(a.Sequence) + wire.UvarintSize(wire.Zigzag(int64(a.Expires))) + len(a.Signature)
}

func (a *Announcement) appendTo(b []byte) []byte {
	return append(a.appendBody(b), a.Signature[:]...)
}

// minAnnouncement is the size of the shortest announcement.
const minAnnouncement = 4 + 64

func readAnnouncement(r *wire.Reader) *Announcement {
	a := &Announcement{ID: protocols.NodeID(r.UvarintMax(1<<32 - 1)), Leaving: r.Bool(), Sequence: r.Uvarint()}
	a.Expires = protocols.Time(wire.Unzigzag(r.Uvarint()))
	a.Signature = readSignature(r)
	return a
}

// String returns who it is of, and what it says.
func (a *Announcement) String() string {
	if a.Leaving {
		return fmt.Sprintf("%d/%d leaving", a.ID, a.Sequence)
	}
	return fmt.Sprintf("%d/%d", a.ID, a.Sequence)
}

// renew makes the node's announcement of this moment. Sequence numbers are the
// clock's milliseconds, so that they grow over crashes without a disk; where the
// clock was set back, the node learns from others which number it is above.
func (n *node) renew(env *protocols.Env, leaving bool) {
	sequence := uint64(max(env.Now, 0)) / 1e6
	if n.own != nil {
		sequence = max(sequence, n.own.Sequence+1)
	}
	n.sign(env, sequence, leaving)
}

func (n *node) sign(env *protocols.Env, sequence uint64, leaving bool) {
	a := &Announcement{ID: env.Self, Leaving: leaving, Sequence: sequence, Expires: env.Now + protocols.Time(n.Lifetime)}
	n.own = a.sign(env)
	env.Observe(Announced, a.mark(), uint64(a.Expires))
}

// A finding is what a node thinks of an announcement that it was given.
type finding uint8

const (
	fresh   finding = iota // true, and news
	known                  // true, and no news
	useless                // of oneself, of nobody, of who is shunned, or too old
	forged                 // somebody else signed it
)

// examine judges an announcement. Only a wrong signature proves a lie; what has
// expired may have been long on its way, and a clock may be wrong. An announcement
// that the node holds itself is not verified again.
func (n *node) examine(env *protocols.Env, a *Announcement) finding {
	switch {
	case a.ID == env.Self:
		return n.examineOwn(env, a)
	case uint64(a.ID) >= uint64(n.world.Nodes) || n.shuns(a.ID):
		return useless
	case n.expired(env, a) || a.Expires > env.Now+protocols.Time(n.Lifetime+n.Skew):
		return useless
	}
	if held := n.held(a.ID); held != nil && held.Sequence >= a.Sequence {
		if held.same(a) {
			return known
		}
		return useless
	}
	if !env.Verify(a.ID, a.digest(), &a.Signature) {
		return forged
	}
	env.Observe(Believed, uint64(a.ID), a.mark())
	env.Observe(BelievedUntil, uint64(a.ID), uint64(a.Expires))
	return fresh
}

// examineOwn finds an announcement of the node itself that is as new as the newest
// that it knows of: its clock was set back while it was down. It goes above that.
func (n *node) examineOwn(env *protocols.Env, a *Announcement) finding {
	if a.Sequence < n.own.Sequence || a.same(n.own) || a.Sequence == 1<<64-1 || n.phase == left {
		return useless
	}
	if !env.Verify(a.ID, a.digest(), &a.Signature) {
		return forged
	}
	n.sign(env, a.Sequence+1, false)
	return useless
}

// expired reports whether an announcement must not be believed any more.
func (n *node) expired(env *protocols.Env, a *Announcement) bool {
	return env.Now > a.Expires+protocols.Time(n.Skew)
}

// held is the announcement of a peer that the node holds, nil if none.
func (n *node) held(id protocols.NodeID) *Announcement {
	if i := n.linkTo(id); i >= 0 {
		return n.active[i].of
	}
	if i := n.passiveAt(id); i >= 0 {
		return n.passive[i]
	}
	return nil
}
