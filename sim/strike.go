package sim

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// strike puts a fault in force from at until until.
func (k *kernel) strike(f *Fault, at, until int64, count int) {
	k.strikes++
	s := stroke{k: k, fault: f, at: at, until: until, id: k.strikes,
		key: draw.Derive(draw.DeriveString(k.root, "fault "+f.Name), uint64(count))}
	switch {
	case f.Crash != nil:
		s.orders("crash", f.Crash.Nodes, orderCrash, orderRestart)
	case f.Pause != nil:
		s.orders("pause", f.Pause.Nodes, orderPause, orderResume)
	case f.Clock != nil:
		s.orders("clock", f.Clock.Nodes, orderClock, orderClockBack)
	case f.Churn != nil:
		s.churn(f.Churn)
	case f.Partition != nil:
		s.partition(f.Partition)
	case f.Degrade != nil:
		s.degrade(f.Degrade)
	case f.Disk != nil:
		s.orders("disk", f.Disk.Nodes, orderSpoil, orderMend)
	case f.Byzantine != nil:
		s.corrupt(f.Byzantine)
	default:
		panic("sim: a fault without a verb")
	}
}

// stroke is one time that a fault strikes.
type stroke struct {
	k         *kernel
	fault     *Fault
	at, until int64
	id        int // unique in the run
	key       uint64
	picks     uint64 // selections drawn so far
}

// orders sends an order to each selected node, and another at the end.
func (s *stroke) orders(verb string, sel Selector, begin, end orderVerb) {
	nodes := s.pick(sel)
	s.k.remember(s.fault, verb, s.at, s.until, len(nodes))
	for _, id := range nodes {
		s.order(id, s.at, &nodeOrder{verb: begin, strike: s.id, fault: s.fault, key: s.key})
		if s.until < s.k.end {
			s.order(id, s.until, &nodeOrder{verb: end, strike: s.id, fault: s.fault})
		}
	}
}

// order makes an order an event of its node, first at its instant. Nodes that
// have not booted yet obey at once.
func (s *stroke) order(id protocols.NodeID, at int64, o *nodeOrder) {
	k := s.k
	k.scripted++
	w := k.workerOf(uint32(id))
	e := &event{at: at, seq: k.scripted<<8 | internal, from: scripted, to: uint32(id), msg: o}
	if !k.booted && at == k.now {
		w.run(e)
		return
	}
	w.put(e)
}

// pick draws the nodes of a selector, ascending.
func (s *stroke) pick(sel Selector) []protocols.NodeID {
	s.picks++
	from := sel.From
	if sel.Observed != "" {
		id, ok := s.k.roles.holder(sel.Observed)
		if !ok {
			return nil
		}
		return []protocols.NodeID{id}
	}
	if from == nil {
		from = s.k.everybody()
	}
	n := len(from)
	switch {
	case sel.Count > 0:
		n = min(n, sel.Count)
	case sel.Share > 0:
		n = int(mulHigh(uint64(sel.Share), uint64(n)<<1)+1) >> 1 // to the nearest
		n = min(n, len(from))
	}
	if n == len(from) {
		return from
	}
	return choose(from, n, draw.Derive(s.key, s.picks))
}

// choose draws n of the candidates: those whose keyed words are smallest, so
// that a larger share contains the smaller one.
func choose(from []protocols.NodeID, n int, key uint64) []protocols.NodeID {
	type lot struct {
		word uint64
		id   protocols.NodeID
	}
	lots := make([]lot, len(from))
	for i, id := range from {
		lots[i] = lot{draw.Derive(key, uint64(id)), id}
	}
	slices.SortFunc(lots, func(a, b lot) int {
		switch {
		case a.word < b.word:
			return -1
		case a.word > b.word:
			return 1
		}
		return int(a.id) - int(b.id)
	})
	chosen := make([]protocols.NodeID, n)
	for i := range chosen {
		chosen[i] = lots[i].id
	}
	slices.Sort(chosen)
	return chosen
}
