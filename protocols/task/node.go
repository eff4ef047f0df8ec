package task

import "meshsim/protocols"

// node is one node's state: what all strategies share, and the strategy's own.
type node[S any, P pointer[S]] struct {
	Worker
	strategy S
}

// Start boots the node. Tasks that the journal has kept enter anew.
func (n *node[S, P]) Start(env *protocols.Env) {
	s := P(&n.strategy)
	n.begin(env, s)
	s.Start(env, &n.Worker)
	n.recover(env)
	n.settle(env)
}

// Receive handles a message. Those from outside may only submit.
func (n *node[S, P]) Receive(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	_, submit := message.(*Submit)
	if (from == protocols.External) != submit {
		return
	}
	switch m := message.(type) {
	case *Submit:
		n.onSubmit(env, m)
	case *Give:
		n.onGive(env, from, m)
	case *Tally:
		n.onTally(env, from, m)
	default:
		P(&n.strategy).Receive(env, &n.Worker, from, m)
	}
	n.settle(env)
}

func (w *Worker) onTally(env *protocols.Env, from protocols.NodeID, m *Tally) {
	switch m.kind {
	case KindTaken:
		w.onTaken(env, from, m)
	case KindReport, KindGiveUp:
		w.onReport(env, from, m)
	case KindReported:
		w.onReported(from, m)
	case KindRenew:
		w.onRenew(env, from, m)
	}
}

// Expire handles a timer.
func (n *node[S, P]) Expire(env *protocols.Env, t protocols.TimerID) {
	switch t.Name() {
	case runTimer:
		n.onRun(env, int(t.Argument()))
	case giveTimer:
		n.onGiveTimeout(env, uint32(t.Argument()))
	case leaseTimer:
		n.onLeases(env)
	case reportTimer:
		n.onReports(env)
	default:
		P(&n.strategy).Expire(env, &n.Worker, t)
	}
	n.settle(env)
}

// Hear handles what other protocols on the node announce.
func (n *node[S, P]) Hear(env *protocols.Env, e protocols.Event) {
	s := P(&n.strategy)
	switch e.Kind {
	case protocols.ReadOnlyOn:
		n.readOnly = true
	case protocols.ReadOnlyOff:
		n.readOnly = false
	case protocols.PeerFailed, protocols.PeerLeft:
		if e.Node != env.Self && n.down(e.Node) {
			s.Failed(env, &n.Worker, e.Node)
			n.reclaimFrom(env, e.Node)
		}
	case protocols.PeerBack, protocols.PeerUp:
		n.up(e.Node)
	}
	s.Hear(env, &n.Worker, e)
	n.settle(env)
}

// account lists the tasks and jobs that the node has or answers for. It is whole if
// the strategy says, too, what it holds.
func (n *node[S, P]) account() (ids []uint64, whole bool) {
	h, whole := any(P(&n.strategy)).(Holder)
	if whole {
		h.Holds(func(t *Task) { ids = append(ids, t.ID) })
	}
	return append(ids, n.has()...), whole
}

// Waits says what keeps tasks from being done here.
func (n *node[S, P]) Waits() string { return n.waits() }
