package capability

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

// fit is how well a node suits a task.
type fit struct {
	match  draw.Probability // as far as its claims are believed
	excess int              // levels that it offers beyond what is needed
}

// better reports whether f suits better than g.
func (f fit) better(g fit) bool {
	return f.match > g.match || f.match == g.match && f.excess < g.excess
}

// fitOf is how well an offer that is doubted so often suits needs.
func fitOf(offers, needs task.Vector, doubts uint8) fit {
	excess := 0
	for _, c := range offers {
		excess += int(c.Level)
	}
	for _, n := range needs {
		excess -= int(min(offers.Offers(n.Key), n.Level))
	}
	return fit{offers.Match(needs) >> doubts, excess}
}

// place is a node that could be chosen.
type place struct {
	id   protocols.NodeID
	room int
}

// outlook is what came of looking for a place.
type outlook uint8

const (
	nobody outlook = iota // matches, as far as is known
	busy                  // are all that match
	found
)

// choose looks for the best match with room. Cost: that of looking at all that
// is known.
func (s *router) choose(env *protocols.Env, w *task.Worker, j *job) (to protocols.NodeID, o outlook) {
	var best fit
	var equals []place
	consider := func(p place, f fit, may bool) {
		if f.match < j.threshold {
			return
		}
		o = max(o, busy)
		switch {
		case !may || p.room == 0:
		case o < found || f.better(best):
			o, best, equals = found, f, append(equals[:0], p)
		case f == best:
			equals = append(equals, p)
		}
	}
	consider(place{env.Self, s.room(w)}, fitOf(w.Offers(), j.task.Needs, 0), s.fits(w, j.task))
	own := len(equals) > 0
	for i := range s.table.list {
		e := &s.table.list[i]
		if e.old(env.Now) >= s.config.Expire || !w.Alive(e.id) || e.memory > 0 && j.task.Memory > e.memory {
			continue
		}
		consider(place{e.id, int(e.room)}, s.fit(env, e, j), !slices.Contains(j.refused, e.id))
	}
	if o < found {
		return 0, o
	}
	if own && equals[0].id == env.Self && w.Free() > 0 && w.Waiting() == 0 {
		return env.Self, found
	}
	return emptier(env, equals), found
}

// fit is how well a known node suits a task.
func (s *router) fit(env *protocols.Env, e *entry, j *job) fit {
	return fitOf(e.offers, j.task.Needs, s.doubts.of(e.id, env.Now, s.config.Forgive))
}

// fits reports whether a task's memory is here.
func (s *router) fits(w *task.Worker, t *task.Task) bool {
	return w.Settings().Memory == 0 || t.Memory <= w.Settings().Memory
}

// emptier is of two drawn at random the one with more room.
func emptier(env *protocols.Env, list []place) protocols.NodeID {
	if len(list) == 1 {
		return list[0].id
	}
	var two [2]int
	env.Rand.Sample(two[:], len(list))
	a, b := list[two[0]], list[two[1]]
	if b.room > a.room {
		return b.id
	}
	return a.id
}
