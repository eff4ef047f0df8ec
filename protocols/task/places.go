package task

import (
	"maps"
	"slices"

	"meshsim/protocols"
)

// places follows, for checkers and probes, where each task is that is not over.
type places struct {
	open map[uint64]*place
	ran  idSet // tasks that ran to their end, at least once
	over idSet // tasks that are done or rejected
}

// place is where a task is.
type place struct {
	asked   uint64             // when the task was asked for; 0 of parts
	in      []protocols.NodeID // who has it in hand; two while it is handed over
	answers []protocols.NodeID // who answers for it without having it: its origin
	crashed bool               // somebody crashed who had it
	whole   bool               // it was asked for by itself: no part
}

// root reports whether the task is no part of another.
func (x *place) root() bool { return x.whole }

func newPlaces() *places { return &places{open: map[uint64]*place{}} }

// placed are the kinds that places need.
var placed = []protocols.ObservationKind{Submitted, Spawned, Rejected, Ran, Done, Took, Gave, Leased, Reclaimed, Recovered}

// observe takes the next observation.
func (p *places) observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			p.crash(o.Node)
		}
		return
	}
	x := p.open[o.Key]
	switch o.Kind {
	case Submitted, Spawned:
		if x == nil {
			x = &place{}
			p.open[o.Key] = x
		}
		if o.Kind == Submitted {
			x.asked, x.whole = o.Value, true
		}
		x.in = with(x.in, o.Node)
	case Ran:
		p.ran.add(o.Key)
	case Done, Rejected:
		p.over.add(o.Key)
		delete(p.open, o.Key)
	}
	if x == nil {
		return
	}
	switch o.Kind {
	case Took, Reclaimed:
		x.in, x.answers = with(x.in, o.Node), without(x.answers, o.Node)
	case Gave:
		x.in, x.answers = without(x.in, o.Node), without(x.answers, o.Node)
	case Leased:
		x.in, x.answers = without(x.in, o.Node), with(x.answers, o.Node)
	case Recovered:
		x.answers = with(x.answers, o.Node)
	}
}

// crash takes from a node what it had. It returns the tasks, ascending.
func (p *places) crash(node protocols.NodeID) (had []uint64) {
	for _, id := range slices.Sorted(maps.Keys(p.open)) {
		x := p.open[id]
		if slices.Contains(x.in, node) || slices.Contains(x.answers, node) {
			x.in, x.answers, x.crashed = without(x.in, node), without(x.answers, node), true
			had = append(had, id)
		}
	}
	return had
}

// gone are the tasks that nobody has and nobody answers for, ascending. One that was
// over and entered again, as its origin crashed and did not know, is not gone.
func (p *places) gone() (ids []uint64) {
	for _, id := range slices.Sorted(maps.Keys(p.open)) {
		if x := p.open[id]; len(x.in)+len(x.answers) == 0 && !p.over.has(id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// said lists by node the tasks that it has or answers for and that were never over,
// by what was observed, ascending.
func (p *places) said() map[protocols.NodeID][]uint64 {
	by := map[protocols.NodeID][]uint64{}
	for _, id := range slices.Sorted(maps.Keys(p.open)) {
		if p.over.has(id) {
			continue // who hears late that it is over lets go of it
		}
		x := p.open[id]
		for _, n := range x.in {
			by[n] = append(by[n], id)
		}
		for _, n := range x.answers {
			if !slices.Contains(x.in, n) {
				by[n] = append(by[n], id)
			}
		}
	}
	return by
}

func with(list []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	if slices.Contains(list, id) {
		return list
	}
	return append(list, id)
}

func without(list []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	return slices.DeleteFunc(list, func(x protocols.NodeID) bool { return x == id })
}

// idSet is a set of tasks. Those that a workload numbers in a row take a bit each.
type idSet struct {
	rows   map[uint64][]uint64
	others map[uint64]bool
}

// RowBits is the number of low bits of an identity that count within a workload's
// row of tasks.
const RowBits = 40

func (s *idSet) add(id uint64) {
	row, n := id>>RowBits, id&(1<<RowBits-1)
	if row >= 1<<12 || n >= 1<<27 {
		if s.others == nil {
			s.others = map[uint64]bool{}
		}
		s.others[id] = true
		return
	}
	if s.rows == nil {
		s.rows = map[uint64][]uint64{}
	}
	bits := s.rows[row]
	for uint64(len(bits)) <= n/64 {
		bits = append(bits, 0)
	}
	bits[n/64] |= 1 << (n % 64)
	s.rows[row] = bits
}

func (s *idSet) has(id uint64) bool {
	row, n := id>>RowBits, id&(1<<RowBits-1)
	if row >= 1<<12 || n >= 1<<27 {
		return s.others[id]
	}
	bits := s.rows[row]
	return n/64 < uint64(len(bits)) && bits[n/64]&(1<<(n%64)) != 0
}
