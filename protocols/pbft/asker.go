package pbft

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/kv"
)

// asker is the state of a client's node: it turns the client's operations into
// requests and replies into results (section 4.1).
type asker struct {
	*cluster
	load    *client.Plan // nil: it asks for nothing
	client  *client.Client
	view    uint64 // the last one that a correct replica has told
	waiting []*request
	writes  writes
}

// request is a request that waits for replies.
type request struct {
	*Request
	answers []answer
}

// answer is a replica's reply, the last one if there were several.
type answer struct {
	place     int
	view      uint64
	tentative bool
	result    kv.Result
}

func newAsker(c *cluster, load *client.Plan) *asker { return &asker{cluster: c, load: load} }

// Start begins the load.
func (n *asker) Start(env *protocols.Env) {
	if n.load != nil {
		n.client = client.New(n.load, n)
		n.client.Start(env)
	}
}

// Expire handles a timer of the client.
func (n *asker) Expire(env *protocols.Env, t protocols.TimerID) {
	if n.client != nil {
		n.client.Expire(env, t)
	}
}

// Submit sends an attempt: "A client c requests the execution of state machine
// operation o by sending a REQUEST message to the primary. If the client does not
// receive replies soon enough, it broadcasts the request to all replicas." A
// read-only request goes to all at once (section 5.1), and becomes an ordinary
// one if that fails.
func (n *asker) Submit(env *protocols.Env, r *client.Request) {
	if !r.ReadOnly && n.writes.turnsAway(env, r.Sequence) {
		return // it tries again when the attempt is over
	}
	w := n.find(r.Sequence)
	readOnly := r.ReadOnly && n.ReadOnly && r.Attempt == 1
	if w == nil || w.ReadOnly != readOnly {
		c, err := kv.Decode(r.Command)
		if err != nil {
			panic("pbft: the client asks for what is no command: " + err.Error())
		}
		n.drop(func(w *request) bool { return w.Command.Session == c.Session })
		w = &request{Request: NewRequest(env, c, readOnly)}
		n.waiting = append(n.waiting, w)
		env.Observe(Issued, short(w.digest), uint64(n.replicas[0]))
		n.writes.takes(env, w.Request)
	}
	if r.Attempt > 1 || readOnly {
		env.Multicast(n.replicas, w.Request)
	} else {
		env.Send(n.primary(n.view), w.Request)
	}
}

func (n *asker) find(timestamp uint64) *request {
	for _, w := range n.waiting {
		if w.Command.Sequence == timestamp {
			return w
		}
	}
	return nil
}

func (n *asker) drop(done func(*request) bool) { n.waiting = slices.DeleteFunc(n.waiting, done) }

// Receive handles a reply: "The client waits for f+1 replies with valid
// signatures from different replicas, and with the same t and r, before accepting
// the result r."
func (n *asker) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*Reply)
	if !ok {
		return
	}
	place, ok := n.place(from)
	w := n.find(m.Timestamp)
	if !ok || w == nil || from != m.Replica || m.Session != w.Command.Session || !n.proves(env, m) {
		return
	}
	a := answer{place, m.View, m.Tentative, m.Result}
	if !w.add(a) || !n.enough(w, a) {
		return
	}
	env.Observe(Completed, operation(m.Session, m.Timestamp), resultDigest(m.Result))
	n.learnView(w)
	n.drop(func(x *request) bool { return x == w })
	n.client.Reply(env, m.Timestamp, m.Result.AppendTo(nil))
}

// proves reports whether a reply is its replica's.
func (n *asker) proves(env *protocols.Env, m *Reply) bool {
	if n.Authentication == MACs {
		return m.form == byTags && len(m.tags) == 1 && env.VerifyTag(m.Replica, m.digest, m.tags[0])
	}
	return signed(env, m.Replica, &m.head)
}

// add takes an answer in the place of the replica's last one, and reports whether
// it is another.
func (w *request) add(a answer) bool {
	for i, old := range w.answers {
		if old.place == a.place {
			w.answers[i] = a
			return old != a
		}
	}
	w.answers = append(w.answers, a)
	return true
}

// enough reports whether the result of an answer is certain: f+1 say it, so a
// correct replica has executed the request in its order. Tentative replies must be
// those of a quorum in one view (section 5.1). Where reads are answered without
// an order, writes take a quorum, too, so that each read's quorum shares a
// correct replica with that of each write before it.
func (n *asker) enough(w *request, a answer) bool {
	final, tentative := 0, 0
	for _, o := range w.answers {
		if o.result != a.result {
			continue
		}
		if !o.tentative {
			final++
		}
		if !o.tentative || o.view == a.view {
			tentative++
		}
	}
	if n.ReadOnly {
		return tentative >= n.quorum
	}
	return final >= n.weak || n.Tentative && tentative >= n.quorum
}

// learnView tracks the primary by what f+1 replicas at least have reached.
func (n *asker) learnView(w *request) {
	views := make([]uint64, 0, len(w.answers))
	for _, a := range w.answers {
		views = append(views, a.view)
	}
	slices.Sort(views)
	if i := len(views) - n.weak; i >= 0 {
		n.view = max(n.view, views[i])
	}
}
