package dht

import (
	"slices"

	"meshsim/protocols"
)

// ledger is which nodes hold which keys. It needs the observations Held, Dropped
// and Wrote, and those of the kernel.
type ledger struct {
	index   map[uint64]int32 // by key
	entries []entry
	of      map[protocols.NodeID][]int32 // what each node has held
	need    int                          // holders that a key shall have
	short   int                          // keys that have fewer
}

// entry is what is known of one key.
type entry struct {
	key     uint64
	version uint64 // the newest that a writer was told is stored; 0: none
	at      protocols.Time
	holders []protocols.NodeID
}

func newLedger(c Config) *ledger {
	return &ledger{index: map[uint64]int32{}, of: map[protocols.NodeID][]int32{}, need: c.Copies + 1}
}

// heldKinds are the observations that a ledger needs.
var heldKinds = []protocols.ObservationKind{Wrote, Held, Dropped}

// entry finds that of a key, or makes it.
func (l *ledger) entry(key uint64) (int32, *entry) {
	i, ok := l.index[key]
	if !ok {
		i = int32(len(l.entries))
		l.index[key] = i
		l.entries = append(l.entries, entry{key: key})
	}
	return i, &l.entries[i]
}

// observe takes what changes who holds what, and calls lost for each key that
// nobody holds any longer.
func (l *ledger) observe(o protocols.Observed, lost func(e *entry, crashed bool)) {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			for _, i := range l.of[o.Node] {
				l.remove(&l.entries[i], o, true, lost)
			}
			delete(l.of, o.Node)
		}
		return
	}
	switch o.Kind {
	case Held:
		i, e := l.entry(o.Key)
		if slices.Contains(e.holders, o.Node) {
			return
		}
		e.holders = append(e.holders, o.Node)
		l.of[o.Node] = append(l.of[o.Node], i)
		switch {
		case len(e.holders) == 1 && l.need > 1:
			l.short++
		case len(e.holders) == l.need && l.need > 1:
			l.short--
		}
	case Dropped:
		if i, ok := l.index[o.Key]; ok {
			l.remove(&l.entries[i], o, false, lost)
		}
	case Wrote:
		if _, e := l.entry(o.Key); o.Value > e.version {
			e.version, e.at = o.Value, o.At
		}
	}
}

// remove takes a node from the holders of a key.
func (l *ledger) remove(e *entry, o protocols.Observed, crashed bool, lost func(e *entry, crashed bool)) {
	i := slices.Index(e.holders, o.Node)
	if i < 0 {
		return
	}
	e.holders = slices.Delete(e.holders, i, i+1)
	switch left := len(e.holders); {
	case left == 0 && l.need > 1:
		l.short-- // there is nothing to repair any more
	case left == l.need-1:
		l.short++
	}
	if len(e.holders) == 0 && lost != nil {
		lost(e, crashed)
	}
}
