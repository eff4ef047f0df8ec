package byzantine

import (
	"slices"

	"meshsim/protocols"
)

// act is a behaviour in force.
type act struct {
	*protocols.Corruption
	number uint64 // unique in the node's life, from 1: names its timer
	kinds  []bool // that it is about, by kind; nil: all
	does   doing  // what it does with messages; nil: nothing
}

// A doing is what a behaviour does with a message that it is about: it says what
// is sent instead.
type doing interface {
	say(to *saying, a *act, s protocols.Send)
}

// saying is where a behaviour says what is sent.
type saying struct {
	*liar
	env   *protocols.Env
	batch uint32 // of what this call holds back; 0: nothing yet
}

func (t *saying) send(to protocols.NodeID, m protocols.Message) { t.env.Send(to, m) }

// concerns reports whether a behaviour is about a message.
func (a *act) concerns(self protocols.NodeID, s protocols.Send) bool {
	if s.To == self || !a.about(s.Message.Kind()) {
		return false
	}
	return a.To == nil || contains(a.To, s.To)
}

func (a *act) about(k protocols.Kind) bool {
	return a.kinds == nil || int(k) < len(a.kinds) && a.kinds[k]
}

func contains(sorted []protocols.NodeID, id protocols.NodeID) bool {
	_, ok := slices.BinarySearch(sorted, id)
	return ok
}

// scope finds the kinds that are named.
func (l *liar) scope(s Scope) []bool {
	if len(s.Kinds) == 0 {
		return nil
	}
	kinds := make([]bool, len(l.protocol.Kinds))
	for i, name := range l.protocol.Kinds {
		kinds[i] = slices.Contains(s.Kinds, name)
	}
	return kinds
}

// peer draws one of those whom a behaviour deceives, not the node itself; ok is
// false if there is nobody.
func (l *liar) peer(self protocols.NodeID, a *act) (id protocols.NodeID, ok bool) {
	from := a.To
	if from == nil {
		from = l.world.Members
	}
	n := len(from)
	mine, found := slices.BinarySearch(from, self)
	if found {
		n--
	}
	if n == 0 {
		return 0, false
	}
	i := l.rand.IntN(n)
	if found && i >= mine {
		i++
	}
	return from[i], true
}
