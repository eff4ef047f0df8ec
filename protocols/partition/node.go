package partition

import (
	"time"

	"meshsim/protocols"
)

// The names of timers. The argument of pledge and permit is the number of a
// pledge.
const (
	tickTimer   uint8 = iota // the next probes and, of a coordinator, the next claim
	pledgeTimer              // a pledge does not bind any more
	permitTimer              // what rests on a pledge does not last any more
	standTimer               // nobody claims, so stand oneself
	settleTimer              // ask whether all protocols on the node have caught up
	limitTimer               // they have had time enough
)

var timerNames = []string{"tick", "pledge", "permit", "stand", "settle", "limit"}

// What nodes observe. Keys and values are given behind each.
const (
	Coordinator protocols.ObservationKind = iota // a quorum stands by it for the first time in its reign: epoch, the epoch's number
	Abdicated                                    // it reigns no more: epoch, last round with a quorum
	Pledged                                      // it stands by another coordinator than before: epoch, 0
	Freed                                        // it stands by nobody: the epoch before, 0
	ReadOnly                                     // it accepts no writes from now on: epoch, cause
	Back                                         // it belongs to a side with a quorum again, and catches up: epoch, 0
	Writable                                     // writes are welcome: epoch, 0
	Hurried                                      // they are, although not all protocols on the node have caught up: epoch, protocols that have not
	Suspected                                    // it reaches less than half of its peers: peers that it reaches, peers
	Cleared                                      // it reaches half or more of them again: the same
)

var observationNames = []string{"coordinator", "abdicated", "pledged", "freed", "read-only", "back", "writable", "hurried", "suspected", "cleared"}

// Cause is why a node went read-only.
type Cause uint64

// The causes.
const (
	Booted   Cause = iota // it has just started
	Lapsed                // no quorum was heard of in time
	Excluded              // the coordinator does not count it to its side
	Isolated              // it reaches less than half of its peers
)

// mutant is a fault that a test plants, to see that a checker finds it.
type mutant uint8

const (
	honest         mutant = iota
	countsItself          // takes any side for one with a quorum
	standsByAll           // pledges to every coordinator at a time
	staysReadOnly         // never comes back
	trustsDrift           // takes a lease as if no clock drifted
	forgetsPledges        // pledges at once after a restart
)

// node is one node's state.
type node struct {
	*shared
	self  int // its place
	mode  mode
	reach reach

	pledges []pledge // made and still binding, oldest first
	number  uint64   // of the last pledge
	epoch   Epoch    // of those pledges
	claim   *Claim   // the last one that was answered, if members may lie
	highest uint32   // number of an epoch seen

	permit uint64 // number of the pledge on which the permit rests
	lapsed uint64 // permits that rest on pledges up to this one are over

	reign *reign // nil unless it coordinates
	stood uint   // times that it stood and failed, for the back-off

	generation uint64 // of catching up
	behind     int    // protocols on the node that are
	asked      bool   // whether any are has been settled
}

// Start makes the node read-only, and binds it for a lease: it may have pledged
// just before it crashed.
func (n *node) Start(env *protocols.Env) {
	n.self, _ = n.place(env.Self)
	n.highest = uint32(max(env.Now, 0) / protocols.Time(n.Interval)) // no epoch of a life before is used again
	env.Observe(ReadOnly, 0, uint64(Booted))
	env.Announce(protocols.Event{Kind: protocols.ReadOnlyOn})
	if n.mutant == forgetsPledges {
		n.waitToStand(env)
	} else {
		n.bind(env, 0, 0)
	}
	env.SetTimer(protocols.Timer(tickTimer, 0), time.Duration(env.Rand.Int64N(int64(n.Interval))))
}

// Receive handles a message.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	place, ok := n.place(from)
	if !ok || place == n.self {
		return
	}
	switch m := message.(type) {
	case *signal:
		n.onSignal(env, place, m)
	case *Claim:
		n.hears(env, place)
		n.onClaim(env, place, m)
	case *Pledge:
		n.hears(env, place)
		n.onPledge(env, place, m)
	case *Release:
		n.onRelease(env, from, m)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	switch t.Name() {
	case tickTimer:
		n.tick(env)
	case pledgeTimer:
		n.unbind(env, t.Argument())
	case permitTimer:
		n.lapsed = max(n.lapsed, t.Argument())
		n.review(env, Lapsed)
		n.checkReign(env)
	case standTimer:
		n.stand(env)
	case settleTimer:
		n.asked = true
		n.settle(env)
	case limitTimer:
		n.hurry(env)
	}
}

// Hear handles what other protocols on the node announce.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	switch e.Kind {
	case protocols.PeerUp, protocols.PeerSuspected, protocols.PeerFailed, protocols.PeerBack, protocols.PeerLeft:
		n.hearPeer(env, e)
	case protocols.Behind, protocols.CaughtUp:
		n.hearReconciled(env, e)
	}
}

// tick probes peers and begins the next round of a reign.
func (n *node) tick(env *protocols.Env) {
	if n.Reach == "probes" {
		n.probe(env)
	}
	n.forgetGone(env)
	n.nextRound(env)
	env.SetTimer(protocols.Timer(tickTimer, 0), n.Interval)
}
