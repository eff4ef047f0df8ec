package raft

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
)

// A client (8) asks the replica that it believes to lead. "When a client first
// starts up, it connects to a randomly chosen server." One that does not lead
// says who does; one that does not answer is left for the next in order.

func (n *node) startClient(env *protocols.Env) {
	env.Observe(Joined, uint64(n.replicas[0]), uint64(len(n.replicas)))
	n.client = client.New(n.plan, n)
	n.ask = n.replicas[env.Rand.IntN(len(n.replicas))]
	n.client.Start(env)
}

// Submit sends an attempt of an operation; see [client.Host].
func (n *node) Submit(env *protocols.Env, r *client.Request) {
	if r.Attempt > 1 && !n.told && time.Duration(env.Now-n.heard) > n.plan.Timeout/2 {
		n.askNext() // nothing came from that one, whatever was asked
	}
	n.told = false
	if n.readOnly && !r.ReadOnly {
		env.Observe(TurnedAway, r.Sequence, 0) // it tries again when the attempt is over
		return
	}
	to := n.ask
	if r.ReadOnly && n.Reads == "local" {
		to = n.replicas[(int(n.id)+r.Attempt)%len(n.replicas)]
	}
	env.Send(to, &Request{Sequence: r.Sequence, ReadOnly: r.ReadOnly, Command: r.Command})
}

func (n *node) askNext() {
	for i, id := range n.replicas {
		if id == n.ask {
			n.ask = n.replicas[(i+1)%len(n.replicas)]
			return
		}
	}
}

func (n *node) receiveReply(env *protocols.Env, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*Reply)
	if !ok {
		return
	}
	switch {
	case m.Status == Answered:
		if from == n.ask {
			n.heard = env.Now
		}
		n.client.Reply(env, m.Sequence, m.Result)
	case m.Status == NotLeader && n.isReplica(m.Leader):
		n.ask, n.told = m.Leader, true
		n.client.Redirect(env, m.Sequence)
	case m.Status == NotWritable:
		if from == n.ask {
			n.askNext()
		}
		n.told = true
		n.client.Reject(env, m.Sequence)
	default:
		n.told = m.Status == Busy
		n.client.Reject(env, m.Sequence)
	}
}
