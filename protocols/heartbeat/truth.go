package heartbeat

import (
	"math/bits"
	"slices"

	"meshsim/protocols"
)

// truth is what checkers and probes know of the mesh: what really happened to the
// members, by the kernel's word, and what each holds of the others, by its own.
type truth struct {
	members []protocols.NodeID
	nodes   []fate
	live    int // members that are up and do not lie
	parted  bool
	cut     protocols.Time // when that changed last
	doubts  []*doubt       // of each member; nil: nobody ever doubted it
}

// fate is what happened to a member.
type fate struct {
	down, lies, frozen bool
	since              protocols.Time // it is up, or down, since then
	thawed             protocols.Time // it was frozen until then
	lives              uint32         // how often it booted
}

// doubt is who doubts a member.
type doubt struct {
	suspected, failed places
	changed           protocols.Time
}

func newTruth(c protocols.ProbeConfig) *truth {
	t := &truth{members: c.Members, nodes: make([]fate, len(c.Members)), live: len(c.Members), doubts: make([]*doubt, len(c.Members)), cut: never, parted: false}
	for i := range t.nodes {
		t.nodes[i].thawed = never
	}
	for _, id := range c.Byzantine {
		if i, ok := t.place(id); ok {
			t.nodes[i].lies = true
			t.live--
		}
	}
	return t
}

// never is a time before every run.
const never protocols.Time = -1 << 62

func (t *truth) place(id protocols.NodeID) (int, bool) { return slices.BinarySearch(t.members, id) }

// honest reports whether a member is up and does not lie.
func (t *truth) honest(place int) bool { return !t.nodes[place].down && !t.nodes[place].lies }

// doubt is who doubts a member.
func (t *truth) doubt(place int) *doubt {
	if t.doubts[place] == nil {
		n := (len(t.members) + 63) / 64
		t.doubts[place] = &doubt{suspected: places{words: make([]uint64, n)}, failed: places{words: make([]uint64, n)}}
	}
	return t.doubts[place]
}

// happen takes in what the kernel says. It returns the member that it is about; ok is
// false if it is about none.
func (t *truth) happen(o protocols.Observed) (place int, ok bool) {
	switch o.Kind {
	case protocols.MeshParted, protocols.MeshHealed:
		t.parted, t.cut = o.Kind == protocols.MeshParted, o.At
		return 0, false
	}
	place, ok = t.place(o.Node)
	if !ok {
		return 0, false
	}
	n := &t.nodes[place]
	was := t.honest(place)
	switch o.Kind {
	case protocols.NodeUp:
		n.down, n.since = false, o.At
		n.lives++
	case protocols.NodeDown:
		n.down, n.since = true, o.At
		t.forget(place)
	case protocols.NodePaused:
		n.frozen = true
	case protocols.NodeResumed:
		n.frozen, n.thawed = false, o.At
	case protocols.NodeCorrupted:
		n.lies = true
	}
	if is := t.honest(place); is != was {
		t.live--
		if is {
			t.live += 2
		}
	}
	return place, true
}

// forget drops what a member held of the others.
func (t *truth) forget(place int) {
	for _, d := range t.doubts {
		if d != nil {
			d.suspected.remove(place)
			d.failed.remove(place)
		}
	}
}

// hold takes in what a member says that it holds of a peer; ok is false of other
// observations.
func (t *truth) hold(o protocols.Observed) (by, of int, ok bool) {
	if o.Kind > Failed {
		return 0, 0, false
	}
	by, known := t.place(o.Node)
	of, also := t.place(protocols.NodeID(o.Key))
	if !known || !also || t.nodes[by].lies { // a liar's word is no evidence
		return 0, 0, false
	}
	d := t.doubt(of)
	d.changed = o.At
	switch o.Kind {
	case Suspected:
		d.suspected.add(by)
	case Trusted:
		d.suspected.remove(by)
		d.failed.remove(by)
	case Failed:
		d.failed.add(by)
	}
	return by, of, true
}

// places is a set of members by their places.
type places struct {
	words []uint64
	count int
}

func (p *places) has(i int) bool { return p.words[i>>6]&(1<<(i&63)) != 0 }

func (p *places) add(i int) {
	if !p.has(i) {
		p.words[i>>6] |= 1 << (i & 63)
		p.count++
	}
}

func (p *places) remove(i int) {
	if p.has(i) {
		p.words[i>>6] &^= 1 << (i & 63)
		p.count--
	}
}

// each calls f with each place, ascending.
func (p *places) each(f func(i int)) {
	for w, word := range p.words {
		for ; word != 0; word &= word - 1 {
			f(w<<6 + bits.TrailingZeros64(word))
		}
	}
}
