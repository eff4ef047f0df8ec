package discovery

import (
	"meshsim/protocols"
)

// opinion is what a node thinks of another one: what it has seen itself, and what
// others say. Both in hundredths of points.
type opinion struct {
	of    protocols.NodeID
	own   int16
	heard int16
}

const (
	point = 100 // hundredths
	most  = 100 * point
	// hearsayCap bounds what all others together can do to a name, and timeoutFloor
	// what a node that does not answer can do to its own. Both together stay above
	// shunBelow: only who was caught lying is shunned.
	hearsayCap   = 20 * point
	timeoutFloor = -25 * point
	shunBelow    = -50 * point
	maxOpinions  = 32
	maxShunned   = 1000
	maxReports   = 4
	reportFrom   = 10 * point
)

// What is seen of a peer, and what it counts.
const (
	alive        = point / 10
	answered     = point
	forwarded    = 2 * point
	timedOut     = -5 * point
	notForwarded = -point
)

// opinionOf finds the opinion of a node, or makes one. When there are too many, the
// least of all has to go. Who is shunned is kept besides.
func (n *node) opinionOf(id protocols.NodeID) *opinion {
	least, shunned := -1, 0
	for i := range n.book {
		o := &n.book[i]
		switch {
		case o.of == id:
			return o
		case o.own < shunBelow && len(n.book) < maxShunned:
			shunned++
		case least < 0 || o.weight() < n.book[least].weight() || o.weight() == n.book[least].weight() && o.of < n.book[least].of:
			least = i
		}
	}
	if len(n.book)-shunned < maxOpinions {
		n.book = append(n.book, opinion{})
		least = len(n.book) - 1
	}
	n.book[least] = opinion{of: id}
	return &n.book[least]
}

func (n *node) opinionAt(id protocols.NodeID) opinion {
	for i := range n.book {
		if n.book[i].of == id {
			return n.book[i]
		}
	}
	return opinion{of: id}
}

func (o *opinion) weight() int {
	return max(int(o.own), -int(o.own)) + max(int(o.heard), -int(o.heard))
}

// standing is what a peer is worth: what was seen, and the little that was heard.
func (n *node) standing(id protocols.NodeID) int {
	o := n.opinionAt(id)
	return int(o.own) + int(o.heard)
}

// shuns reports whether the node has nothing to do with a peer.
func (n *node) shuns(id protocols.NodeID) bool { return n.opinionAt(id).own < shunBelow }

// credit notes something good.
func (n *node) credit(id protocols.NodeID, points int) {
	o := n.opinionOf(id)
	o.own = int16(min(int(o.own)+points, most))
}

// blame notes something that may also happen to the honest.
func (n *node) blame(id protocols.NodeID, points int) {
	o := n.opinionOf(id)
	if int(o.own) > timeoutFloor {
		o.own = int16(max(int(o.own)+points, timeoutFloor))
	}
}

// caught notes a lie that the node was told itself.
func (n *node) caught(env *protocols.Env, liar protocols.NodeID) {
	env.Observe(Refused, uint64(liar), 0)
	n.shun(env, liar)
}

// shun breaks with who is proved to lie.
func (n *node) shun(env *protocols.Env, liar protocols.NodeID) {
	if !n.shuns(liar) {
		env.Observe(Shunned, uint64(liar), 0)
	}
	n.opinionOf(liar).own = -most
	n.forget(liar)
	n.unrequest(env, liar)
	if i := n.linkTo(liar); i >= 0 {
		env.Send(liar, disconnect)
		n.unlink(env, i, byLie)
		n.repair(env)
	}
}

// hearsay weighs what another node says of a third one. It moves what was heard
// towards what is said, a quarter of the way for a reporter of the highest standing,
// not at all for a stranger; and never beyond the cap, or the share of it that the
// reporter's own standing allows. Who contradicts what the node has seen loses by it.
func (n *node) hearsay(reporter protocols.NodeID, r Report) {
	said := min(max(int(r.Score), -100), 100) * point
	own := int(n.opinionAt(r.Node).own)
	if r.Node == reporter || said < -most/2 && own > most/5 {
		n.blame(reporter, timedOut)
		return
	}
	trust := n.standing(reporter)
	if trust <= 0 || uint64(r.Node) >= uint64(n.world.Nodes) {
		return
	}
	trust = min(trust, most)
	limit := hearsayCap * trust / most
	o := n.opinionOf(r.Node)
	target := min(max(said/5, -limit), limit)
	o.heard += int16((target - int(o.heard)) * trust / (4 * most))
}

// decay forgets a little of all, once each shuffle: the share for which a half is
// forgotten in the half-life, ln 2 of the shuffle in half-lives.
func (n *node) decay() {
	kept := n.book[:0]
	for _, o := range n.book {
		o.own, o.heard = n.faded(o.own), n.faded(o.heard)
		if o.own != 0 || o.heard != 0 {
			kept = append(kept, o)
		}
	}
	n.book = kept
}

func (n *node) faded(v int16) int16 {
	by := int64(v) * int64(n.Shuffle/1000) * 693 / 1000 / max(int64(n.HalfLife/1000), 1)
	switch {
	case v > 0:
		return int16(max(int64(v)-max(by, 1), 0))
	case v < 0:
		return int16(min(int64(v)-min(by, -1), 0))
	}
	return 0
}

// reports are the strongest opinions that the node has formed itself.
func (n *node) reports() []Report {
	var list []Report
	for i := range n.book {
		o := &n.book[i]
		if max(o.own, -o.own) < reportFrom {
			continue
		}
		r := Report{o.of, int8(o.own / point)}
		at := len(list)
		for at > 0 && stronger(r, list[at-1]) {
			at--
		}
		if at < maxReports {
			list = append(list, Report{})
			copy(list[at+1:], list[at:])
			list[at] = r
			list = list[:min(len(list), maxReports)]
		}
	}
	return list
}

// stronger orders reports: the stronger first, of equal ones that of the lower node.
func stronger(a, b Report) bool {
	x, y := max(int(a.Score), -int(a.Score)), max(int(b.Score), -int(b.Score))
	return x > y || x == y && a.Node < b.Node
}
