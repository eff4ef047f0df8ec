package discovery

import (
	"time"

	"meshsim/protocols"
)

// merge looks for parts of the mesh that this part has lost, whatever happened: a
// seed joins through another one; other nodes, more rarely, begin a shuffle at a seed
// and link with whom that leads to.
func (n *node) merge(env *protocols.Env) {
	period := n.Merge
	if n.isSeed(env.Self) {
		n.joining.tries = 0
		n.joinSeed(env)
	} else {
		n.turnToSeed(env)
		period *= rarely
	}
	env.SetTimer(protocols.Timer(mergeTimer, 0), period/2+time.Duration(env.Rand.Int64N(int64(period))))
}

// rarely is how many times more rarely a node turns to a seed that is none itself.
const rarely = 5

// turnToSeed sends a walk out that begins at a seed.
func (n *node) turnToSeed(env *protocols.Env) {
	if to, ok := n.otherSeed(env); ok && n.phase == joined {
		n.walker, n.merging = uint32(to)+1, true
		env.Send(to, &Introduction{kind: KindWalk, TTL: uint8(n.ActiveWalk), Of: n.own})
	}
}

func (n *node) joinSeed(env *protocols.Env) {
	n.joining.contact = 0
	if to, ok := n.otherSeed(env); ok {
		n.joining.contact = uint32(to) + 1
		env.Send(to, &Introduction{kind: KindJoin, Of: n.own})
		env.SetTimer(protocols.Timer(joinTimer, 0), n.backOff(env))
	}
}

// otherSeed draws a seed that is not the node itself, and no neighbour.
func (n *node) otherSeed(env *protocols.Env) (protocols.NodeID, bool) {
	fits := func(s protocols.NodeID) bool { return s != env.Self && n.linkTo(s) < 0 && !n.shuns(s) }
	count := 0
	for _, s := range n.Seeds {
		if fits(s) {
			count++
		}
	}
	if count == 0 {
		return 0, false
	}
	pick := env.Rand.IntN(count)
	for _, s := range n.Seeds {
		if fits(s) {
			if pick == 0 {
				return s, true
			}
			pick--
		}
	}
	panic("discovery: fewer seeds than were counted")
}
