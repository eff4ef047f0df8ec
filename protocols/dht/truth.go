package dht

import (
	"meshsim/protocols"
)

// truth is the ring as it is: what probes and checkers hold the nodes' views
// against. It needs the observations Joined and Left of the protocol, and those of
// the kernel.
type truth struct {
	c       Config
	ring    []spot
	on      []bool // by index in ring: it has joined, and its node is up
	first   map[protocols.NodeID][]int
	changed protocols.Time // when a member last came or went, or the mesh was parted or healed
	parted  bool
	split   bool // it was parted once
	lying   bool
	live    int // nodes with a place on the ring
	count   map[protocols.NodeID]int
}

func newTruth(c Config, p protocols.ProbeConfig) *truth {
	t := &truth{c: c, ring: spots(p.Members, c.Virtual), first: map[protocols.NodeID][]int{}, count: map[protocols.NodeID]int{}}
	t.on = make([]bool, len(t.ring))
	for i, s := range t.ring {
		t.first[s.peer.Node] = append(t.first[s.peer.Node], i)
	}
	return t
}

// observe takes what may change the ring, and ignores all else.
func (t *truth) observe(o protocols.Observed) {
	if o.Protocol != protocols.NodeProtocol {
		switch o.Kind {
		case Joined, Left:
			t.set(unpack(o.Value), o.Kind == Joined, o.At)
		}
		return
	}
	switch o.Kind {
	case protocols.NodeDown:
		for _, i := range t.first[o.Node] {
			t.set(t.ring[i].peer, false, o.At)
		}
	case protocols.NodePaused, protocols.NodeResumed:
		t.changed = o.At
	case protocols.NodeCorrupted:
		t.lying = true
	case protocols.MeshParted, protocols.MeshHealed:
		t.parted, t.split, t.changed = o.Kind == protocols.MeshParted, true, o.At
	}
}

func (t *truth) set(q Peer, on bool, at protocols.Time) {
	i := follows(t.ring, Place(q))
	if t.on[i] == on || t.ring[i].peer != q {
		return
	}
	t.on[i], t.changed = on, at
	if on {
		if t.count[q.Node]++; t.count[q.Node] == 1 {
			t.live++
		}
	} else if t.count[q.Node]--; t.count[q.Node] == 0 {
		t.live--
	}
}

// quiet reports whether nothing has changed for so long that the views of all nodes
// must be right, and no node lies.
func (t *truth) quiet(since protocols.Time) bool {
	ready := t.c.Ring == "ready" && t.changed == 0
	return !t.parted && !t.lying && (ready || since-t.changed > protocols.Time(t.c.settling()))
}

// settled reports whether keys must be where they belong, too: after a partition
// they may have been stored on both sides.
func (t *truth) settled(since protocols.Time) bool {
	return t.quiet(since) && (!t.split || since-t.changed > protocols.Time(t.c.repairing()))
}

// successor is the index of the first place at or behind a key that is on the
// ring, -1 if nobody is.
func (t *truth) successor(key uint64) int {
	if len(t.ring) == 0 {
		return -1
	}
	i := follows(t.ring, key)
	for range t.ring {
		if t.on[i] {
			return i
		}
		i = (i + 1) % len(t.ring)
	}
	return -1
}

// responsible is who has to answer for a key.
func (t *truth) responsible(key uint64) (Peer, bool) {
	i := t.successor(key)
	if i < 0 {
		return nobody, false
	}
	return t.ring[i].peer, true
}

// after is the next place on the ring behind one; that itself if it is alone.
func (t *truth) after(place uint64) Peer {
	q, _ := t.responsible(place + 1)
	return q
}
