package decision

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/quorum"
	"meshsim/protocols/wal"
)

// The names of timers. The argument is the proposal's number at the node.
const (
	retryTimer    uint8 = iota // ask again for what was not ordered, send the vote again
	patienceTimer              // ask for the verdict, if nobody did
	pollTimer                  // ask what was missed
)

var timerNames = []string{"retry", "patience", "poll"}

// shared is what all nodes have in common.
type shared struct {
	Config
	members []protocols.NodeID
	voters  []protocols.NodeID
	others  [][]protocols.NodeID // the voters without each of them, by place
	need    int                  // votes that an outcome needs
	liars   int                  // voters that may lie
}

func newShared(c Config, w protocols.World) *shared {
	s := &shared{Config: c, members: w.Members, voters: c.Voters}
	if s.voters == nil {
		s.voters = w.Members
	}
	n := len(s.voters)
	for i := range s.voters {
		s.others = append(s.others, slices.Concat(s.voters[:i], s.voters[i+1:]))
	}
	s.need, s.liars = c.Needed(n), c.Liars(n)
	return s
}

// voter is a node's place among the voters; ok is false if it is none.
func (s *shared) voter(id protocols.NodeID) (place int, ok bool) {
	return slices.BinarySearch(s.voters, id)
}

// node is one member's state.
type node struct {
	*shared
	log    *wal.Log // nil: the disk cannot be used
	mute   bool     // it may have voted what it does not know any more
	shut   bool     // another protocol on the node forbids to propose
	number uint32   // of its last proposal
	cases  map[ID]*proceeding
	order  []*proceeding             // by number at the node: those that concern it, as they came
	done   []*proceeding             // decided, by place
	down   map[protocols.NodeID]bool // suspected or failed
	states map[string]*proceeding    // the last approved decision on each subject
	claims map[claim]*quorum.Set     // verdicts that voters report and the node does not know
}

// proceeding is what a node knows of one proposal.
type proceeding struct {
	number    int       // at the node
	proposal  *Proposal // nil: only votes came so far
	ordered   bool      // it has its place in the order
	own       Outcome   // the node's own vote; Open: none
	ballots   []ballot  // by voter's place
	verdict   *Verdict
	place     uint64 // of the verdict in the order
	tries     uint   // of the timer, for the back-off
	impatient bool   // it is this node's turn to ask for the verdict
	filed     bool   // it has, since the last retry
}

// ballot is the first vote that came of a voter.
type ballot struct {
	outcome   Outcome
	digest    protocols.Digest // of the proposal
	signature protocols.Signature
}

// maxUnknown bounds the proposals of which only votes came.
const maxUnknown = 1024

// Start takes up what the disk has kept.
func (n *node) Start(env *protocols.Env) {
	n.cases, n.states = map[ID]*proceeding{}, map[string]*proceeding{}
	n.down, n.claims = map[protocols.NodeID]bool{}, map[claim]*quorum.Set{}
	n.load(env)
	place, voter := n.voter(env.Self)
	for _, c := range n.order {
		if c.verdict == nil {
			n.wait(env, c)
		}
		if c.verdict == nil && c.ordered && voter {
			n.await(env, c, place)
		}
	}
	env.SetTimer(protocols.Timer(pollTimer, 0), n.Poll/2+time.Duration(env.Rand.Int64N(int64(n.Poll))))
}

// Receive handles a message. Those from outside propose and ask.
func (n *node) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	place, voter := n.voter(from)
	outside := from == protocols.External
	switch m := message.(type) {
	case *Propose:
		if outside {
			n.propose(env, m)
		}
	case *Ask:
		if outside {
			n.tell(env, m.Subject)
		} else {
			n.report(env, from, m)
		}
	case *Vote:
		if voter {
			n.onVote(env, place, m)
		}
	case *Report:
		if voter {
			n.onReport(env, place, m)
		}
	}
}

// Hear handles what other protocols on the node announce.
func (n *node) Hear(env *protocols.Env, e protocols.Event) {
	switch e.Kind {
	case protocols.Committed:
		if p, err := decodeProposal(e.Data); err == nil {
			n.onOrdered(env, p)
		} else if v, err := decodeVerdict(e.Data); err == nil {
			n.onVerdict(env, e.ID, v)
		}
	case protocols.PeerSuspected, protocols.PeerFailed:
		n.down[e.Node] = true
	case protocols.PeerUp, protocols.PeerBack:
		delete(n.down, e.Node)
	case protocols.ReadOnlyOn, protocols.ReadOnlyOff:
		n.hearMode(env, e.Kind == protocols.ReadOnlyOn)
	}
}

// Expire handles a timer.
func (n *node) Expire(env *protocols.Env, t protocols.TimerID) {
	if t == protocols.Timer(pollTimer, 0) {
		n.poll(env)
		return
	}
	i := t.Argument()
	if i >= uint64(len(n.order)) || n.order[i].verdict != nil {
		return
	}
	switch c := n.order[i]; t.Name() {
	case retryTimer:
		n.retry(env, c)
	case patienceTimer:
		c.impatient = true
		n.settle(env, c)
	}
}

// proceeding is what the node knows of a proposal; nil if there is no room for
// another that only liars may know of.
func (n *node) proceeding(id ID, sure bool) *proceeding {
	c := n.cases[id]
	if c == nil && (sure || len(n.cases)-len(n.order) < maxUnknown) {
		c = &proceeding{number: -1, ballots: make([]ballot, len(n.voters))}
		n.cases[id] = c
	}
	return c
}

// enter gives a proceeding a number, so that timers can name it.
func (n *node) enter(c *proceeding, p *Proposal) {
	if c.proposal = p; c.number < 0 {
		c.number = len(n.order)
		n.order = append(n.order, c)
	}
}

// Waits tells which votes are missing to the oldest proposal that is open.
func (n *node) Waits() string {
	for _, c := range n.order {
		if c.verdict == nil {
			return n.missing(c)
		}
	}
	return ""
}
