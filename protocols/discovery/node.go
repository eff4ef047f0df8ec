package discovery

import (
	"time"

	"meshsim/protocols"
)

// The names of timers.
const (
	joinTimer     uint8 = iota // begin to join, or try again
	aliveTimer                 // give neighbours a sign of life, and look for theirs
	shuffleTimer               // the next shuffle
	announceTimer              // the next announcement
	requestTimer               // a node did not answer the request for a link; the argument is the node
	mergeTimer                 // a seed looks for other parts of the mesh
	optimiseTimer              // the next measurement of neighbours, and of who may be nearer
	beginTimer                 // neighbours are swapped from now on
)

var timerNames = []string{"join", "alive", "shuffle", "announce", "request", "merge", "optimise", "begin"}

// What nodes observe. Keys and values are given behind each.
const (
	Begun         protocols.ObservationKind = iota // the node begins to join: 0, 0
	Joined                                         // it takes part: redirects, tries that failed
	LinkUp                                         // there is a link: the neighbour, 0
	LinkDown                                       // there is none any more: the neighbour, why
	Announced                                      // the node made an announcement of itself: its mark, until when it holds
	Believed                                       // an announcement was taken for true that was news: whose, its mark
	BelievedUntil                                  // until when that one holds: whose, the time
	Refused                                        // an announcement was signed by somebody else: who sent it, 0
	Shunned                                        // a peer was caught lying: the peer, 0
	Contacted                                      // somebody asked to join: who, 1 if let in, 0 if sent on
	Viewed                                         // the passive view, at each shuffle: its size, mean age of its announcements
	Measured                                       // the way to a peer and back: the peer, the time
	Swapped                                        // a neighbour was swapped for a nearer one: the new one, the old one
	Left                                           // the node left in order: 0, 0
)

var observationNames = []string{"begun", "joined", "link-up", "link-down", "announced", "believed", "believed-until", "refused",
	"shunned", "contacted", "viewed", "measured", "swapped", "left"}

// Why a link is no more.
const (
	byFailure  = iota // the neighbour does not answer
	byEviction        // to make room
	byOther           // the neighbour gave it up
	byLeaving         // one of the two left the mesh
	bySwap            // for a nearer neighbour
	byLie             // the neighbour lied
)

// phase is what a node is about.
type phase uint8

const (
	idle    phase = iota // before it begins to join
	joining              // it asks to be let in
	joined               // it takes part
	left                 // it has left, and is silent
)

// shared is what all nodes of a group have in common.
type shared struct {
	Config
	world protocols.World
	full  bool
}

// node is one node's state.
type node struct {
	*shared
	own      *Announcement
	active   []link          // the active view: at most DegreeMax but in a full view
	passive  []*Announcement // the passive view: at most Passive but in a full view
	requests []request       // for links
	book     []opinion       // reputation
	joining  joinState
	lost     [4]protocols.NodeID // the last peers that failed, in a ring
	lostNext uint8               // where the next goes
	lostSize uint8
	phase    phase
	attempts uint8  // requests since the last sign of life
	poor     uint8  // signs of life since there were enough links
	merging  bool   // the walk that is out began at a seed
	walker   uint32 // who was sent on a walk, plus one; 0: nobody
	window   uint32 // the second in which admitted were let in
	admitted uint16
	probes   *probes // what is measured, and swapped; nil until needed
}

// isSeed reports whether others join through the node.
func (n *node) isSeed(self protocols.NodeID) bool {
	for _, s := range n.Seeds {
		if s == self {
			return true
		}
	}
	return false
}

// Start begins to join.
func (n *node) Start(env *protocols.Env) {
	n.renew(env, false)
	n.phase = idle
	spread := time.Duration(0)
	if n.JoinSpread > 0 && !n.isSeed(env.Self) {
		spread = time.Duration(env.Rand.Int64N(int64(n.JoinSpread)))
	}
	env.SetTimer(protocols.Timer(joinTimer, 0), spread)
	n.after(env, announceTimer, n.Announce)
	if n.Optimise != nil {
		n.after(env, optimiseTimer, n.Optimise.Interval)
		env.SetTimer(protocols.Timer(beginTimer, 0), n.Optimise.From)
	}
}

// after sets a timer for a random part of a period, so that nodes do not march in
// step.
func (n *node) after(env *protocols.Env, timer uint8, period time.Duration) {
	env.SetTimer(protocols.Timer(timer, 0), 1+time.Duration(env.Rand.Int64N(int64(period))))
}

// Receive handles a message; those from outside are commands.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	if from == protocols.External {
		n.command(env, message)
		return
	}
	if n.phase == left || n.phase == idle {
		return
	}
	switch m := message.(type) {
	case *Signal:
		n.onSignal(env, from, m)
	case *Introduction:
		n.onIntroduction(env, from, m)
	case *Peers:
		n.onPeers(env, from, m)
	case *Probe:
		n.onProbe(env, from, m)
	case *Swap:
		n.onSwap(env, from, m)
	case *Proof:
		n.onProof(env, from, m)
	}
}

func (n *node) onSignal(env *protocols.Env, from protocols.NodeID, m *Signal) {
	switch m.kind {
	case KindReject:
		n.onReject(env, from)
	case KindDisconnect:
		n.onDisconnect(env, from)
	case KindKeepAlive:
		n.onKeepAlive(env, from)
	}
}

func (n *node) onIntroduction(env *protocols.Env, from protocols.NodeID, m *Introduction) {
	switch m.kind {
	case KindJoin:
		n.onJoin(env, from, m.Of)
	case KindForwardJoin:
		n.onForwardJoin(env, from, m)
	case KindNeighbour:
		n.onNeighbour(env, from, m)
	case KindAccept:
		n.onAccept(env, from, m.Of)
	case KindAnnounce:
		n.onAnnounce(env, from, m.Of)
	case KindWalk:
		n.onWalk(env, from, m)
	}
}

// onPeers takes a list only if its sender can be held to it.
func (n *node) onPeers(env *protocols.Env, from protocols.NodeID, m *Peers) {
	if n.shuns(from) {
		return
	}
	if !env.Verify(from, m.digest(), &m.Signature) {
		n.caught(env, from)
		return
	}
	switch m.kind {
	case KindWelcome:
		n.onWelcome(env, from, m)
	case KindRedirect:
		n.onRedirect(env, from, m)
	case KindShuffle:
		n.onShuffle(env, from, m)
	case KindShuffleReply:
		n.onShuffleReply(env, from, m)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	if n.phase == left {
		return
	}
	if t.Name() == requestTimer {
		n.requestTimeout(env, protocols.NodeID(t.Argument()))
		return
	}
	switch t {
	case protocols.Timer(joinTimer, 0):
		n.joinLater(env)
	case protocols.Timer(aliveTimer, 0):
		n.alive(env)
	case protocols.Timer(shuffleTimer, 0):
		n.shuffle(env)
	case protocols.Timer(announceTimer, 0):
		n.announce(env)
	case protocols.Timer(mergeTimer, 0):
		n.merge(env)
	case protocols.Timer(optimiseTimer, 0):
		n.optimise(env)
	case protocols.Timer(beginTimer, 0):
		n.needProbes().begun = true
	}
}

// Hear handles what other protocols on the node announce: a failure detector's
// word on peers.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	if n.phase != joined || e.Node == env.Self {
		return
	}
	switch e.Kind {
	case protocols.PeerFailed:
		n.confirmed(env, e.Node)
	case protocols.PeerBack:
		n.back(env, e.Node)
	}
}
