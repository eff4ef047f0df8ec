package partition

// side is the coordinator's side: those who have pledged to a round since oldest,
// less those that do not fit together. Two members fit if neither says that it
// does not reach the other, so one that lies can only be left out by it: what it
// says of itself brings it no further than what the others say of it.
func (n *node) side(oldest uint64) places {
	var in places
	in.add(n.self)
	for i := range n.reign.last {
		if n.reign.last[i].round >= oldest && n.reign.last[i].round > 0 {
			in.add(i)
		}
	}
	if n.Side == "clique" {
		n.thin(&in)
	} else {
		n.prune(&in)
	}
	return in
}

// view is whom a member does not reach.
func (n *node) view(place int) places {
	if place == n.self {
		return n.reach.unreached
	}
	return n.reign.last[place].unreached
}

// gaps lists, for each member of a side that does not reach all others or is not
// reached by all, those others.
func (n *node) gaps(in places) []places {
	gaps := make([]places, n.n)
	in.each(n.n, func(i int) {
		n.view(i).each(n.n, func(j int) {
			if j != i && in.has(j) {
				gaps[i].add(j)
				gaps[j].add(i)
			}
		})
	})
	return gaps
}

// thin leaves a clique with the coordinator: as long as two do not reach one
// another it takes out a member: one that came lately before one that was in it,
// since it may not have noticed yet that a cut has healed; then the one with the
// most gaps; of equal ones the last. That need not be the largest clique, which
// nobody finds in reasonable time.
func (n *node) thin(in *places) {
	gaps := n.gaps(*in)
	gaps[n.self].each(n.n, func(j int) { n.leave(in, gaps, j) })
	for {
		worst, most, fresh := -1, 0, false
		for i := range gaps {
			c, late := gaps[i].count(), n.cameLately(i)
			if c > 0 && (late && !fresh || late == fresh && c >= most) {
				worst, most, fresh = i, c, late
			}
		}
		if worst < 0 {
			return
		}
		n.leave(in, gaps, worst)
	}
}

// cameLately reports whether a member is out of the side and has pledged for less
// than a lease.
func (n *node) cameLately(place int) bool {
	w := &n.reign.last[place]
	return n.reign.out.has(place) && w.round-w.since < n.settled()
}

// leave takes a member out of a side, and its gaps with it.
func (n *node) leave(in *places, gaps []places, place int) {
	in.remove(place)
	gaps[place].each(n.n, func(j int) { gaps[j].remove(place) })
	gaps[place] = nil
}

// prune leaves members that each reach a quorum in the side, themselves counted,
// and the coordinator.
func (n *node) prune(in *places) {
	gaps := n.gaps(*in)
	gaps[n.self].each(n.n, func(j int) { n.leave(in, gaps, j) })
	for changed := true; changed; {
		changed = false
		for i := range gaps {
			if i != n.self && in.has(i) && in.count()-gaps[i].count() < n.needed {
				n.leave(in, gaps, i)
				changed = true
			}
		}
	}
}
