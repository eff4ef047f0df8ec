package pbft

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/kv"
	"meshsim/protocols/quorum"
)

// cluster is what all its replicas have in common.
type cluster struct {
	Config
	replicas []protocols.NodeID // by place, ascending
	n, f     int
	quorum   int // any two share a correct replica
	weak     int // any has a correct replica
}

func newCluster(c Config, members []protocols.NodeID) *cluster {
	if c.Replicas == nil {
		c.Replicas = members
	}
	n := len(c.Replicas)
	f := c.liars(n)
	return &cluster{Config: c, replicas: c.Replicas, n: n, f: f, quorum: quorum.Byzantine(n, f), weak: quorum.Weak(f)}
}

// place is a replica's place among the replicas; ok is false if it is none.
func (c *cluster) place(id protocols.NodeID) (place int, ok bool) {
	if c.n == 0 {
		return 0, false
	}
	if i := int(id) - int(c.replicas[0]); i >= 0 && i < c.n && c.replicas[i] == id {
		return i, true // they mostly stand in a row
	}
	return slices.BinarySearch(c.replicas, id)
}

// primary is the primary of a view: p = v mod |R| (section 4).
func (c *cluster) primary(view uint64) protocols.NodeID { return c.replicas[view%uint64(c.n)] }

// others are all replicas but one.
func (c *cluster) others(self protocols.NodeID) []protocols.NodeID {
	list := make([]protocols.NodeID, 0, c.n)
	for _, id := range c.replicas {
		if id != self {
			list = append(list, id)
		}
	}
	return list
}

// replica is the state of a replica.
type replica struct {
	*cluster
	id     protocols.NodeID
	self   int // its place
	peers  []protocols.NodeID
	halted string // why it does nothing any more; "": it does

	view     uint64
	changing bool // it waits for the new-view of view
	log      log
	stable   stable // the proof of the low watermark
	next     uint64 // the number that the primary gives next
	top      uint64 // the highest number with a proposal in this view
	queue    queue  // requests that wait to be executed
	ahead    ahead  // messages of views to come
	change   change // the view change

	store       kv.Store
	executed    uint64     // the last number that was executed and has committed
	tentative   tentative  // what was executed ahead of that
	reads       reads      // read-only requests that wait
	checkpoints []snapshot // made and not collected, ascending; the first is the stable one
	gathering   gathering  // checkpoint messages
	transfer    transfer   // what is missing
	journal     journal
	retry       retry
	events      events // what other protocols on the node want
	writes      writes // whether they allow them
}

// init prepares a replica with nothing on its disk.
func (n *replica) init(c *cluster, id protocols.NodeID) {
	n.cluster, n.id = c, id
	n.self, _ = c.place(id)
	n.peers = c.others(id)
	n.log = newLog(c)
	n.next = 1
	n.queue.pending = map[kv.Session]*pending{}
	n.change.latest = make([]*ViewChange, c.n)
	n.ahead.counts, n.ahead.limit = make([]int32, c.n), int32(2*c.Window+8)
	n.gathering.beyond = make([]*Checkpoint, c.n)
	n.checkpoints = []snapshot{{mark: n.store.Mark(), digest: n.store.Digest()}}
}

// isPrimary reports whether the replica may propose.
func (n *replica) isPrimary() bool { return !n.changing && n.primary(n.view) == n.id }

// Start takes up what the disk has kept.
func (n *replica) Start(env *protocols.Env) {
	n.recover(env)
	if n.halted != "" {
		return
	}
	env.Observe(Recovered, n.log.low, n.executed)
	if n.isPrimary() {
		env.Observe(Primary, 0, n.view)
	}
	if n.changing {
		n.resumeViewChange(env)
	}
	n.execute(env)
	if n.log.low > 0 || n.view > 0 || n.top > 0 {
		n.sendStatus(env) // it may have missed much
	}
	n.watch(env)
}

// Receive handles a message.
func (n *replica) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	if n.halted != "" {
		return
	}
	switch m := message.(type) {
	case *Vote: // first: nearly all are votes
		n.onVote(env, from, m)
	case *PrePrepare:
		n.onPrePrepare(env, from, m)
	case *Request:
		n.onRequest(env, from, m)
	case *Checkpoint:
		n.onCheckpoint(env, from, m)
	case *ViewChange:
		n.onViewChange(env, from, m)
	case *NewView:
		n.onNewView(env, from, m)
	case *Status:
		n.onStatus(env, from, m)
	case *Fetch:
		n.onFetch(env, from, m)
	case *Batch:
		n.onBatch(env, m)
	case *State:
		n.onState(env, m)
	}
}

// Expire handles a timer.
func (n *replica) Expire(env *protocols.Env, t protocols.TimerID) {
	switch {
	case n.journal.waits && t == retryTimer:
		c, id := n.cluster, n.id
		*n = replica{writes: n.writes}
		n.init(c, id)
		n.Start(env)
	case n.halted != "":
	case t == viewTimer:
		n.onViewTimer(env)
	case t == retryTimer:
		n.onRetryTimer(env)
	}
}

// prove makes the proof of a message to the replicas.
func (n *replica) prove(env *protocols.Env, d protocols.Digest) proof {
	if n.Authentication != MACs {
		return proof{signature: env.Sign(d)}
	}
	p := proof{form: byTags, tags: make([]protocols.Tag, n.n)}
	for i, to := range n.replicas {
		if i != n.self {
			p.tags[i] = env.Tag(to, d)
		}
	}
	return p
}

// proves reports whether a proof holds for this replica.
func (n *replica) proves(env *protocols.Env, by protocols.NodeID, d protocols.Digest, p *proof) bool {
	if n.Authentication != MACs {
		return p.form == bySignature && env.Verify(by, d, &p.signature)
	}
	return p.form == byTags && len(p.tags) == n.n && env.VerifyTag(by, d, p.tags[n.self])
}

// signed reports whether a signature holds, of what is signed in any case.
func signed(env *protocols.Env, by protocols.NodeID, h *head) bool {
	return h.form == bySignature && env.Verify(by, h.digest, &h.signature)
}
