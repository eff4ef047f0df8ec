// Package client is the load on a replicated protocol: what a node that is a
// client of a cluster asks for, when, and how it persists. It is a state machine
// without I/O, embedded in the nodes of the protocol, which knows how to reach
// the replicas.
//
// The host gives the client what concerns it (Start, Expire) and implements
// [Host]: Submit sends an attempt. It tells the client of answers: Reply ends an
// operation, Redirect makes the client try again at once, Reject after a while.
// The client decides when to try again; the host decides whom to ask.
//
//	type node struct {
//		client *client.Client // nil on replicas
//		leader protocols.NodeID
//	}
//
//	func (n *node) Submit(env *protocols.Env, r *client.Request) {
//		if r.Attempt > 1 && … { n.leader = another replica }
//		env.Send(n.leader, &Request{r.Sequence, r.Command})
//	}
//
// # Loops
//
// In a closed loop a number of users ask one after the other, and think between
// answer and question. In an open loop operations come at instants of their own;
// one that finds all slots taken waits in the client, and its latency counts from
// when it was wanted, so an overload cannot hide behind clients that wait with it.
//
// # Operations
//
// Each operation is a kv.Command with a sequence number that no other operation
// of the node has, in a session of the node's slot, so that the store executes it
// at most once however often it is tried. Puts and swaps write a value that no
// other operation writes, which is what makes histories easy to judge. A client
// that crashes forgets what was under way: nobody will know what became of it.
//
// [Observations] tell of every operation; package linear judges from them, and
// [Probe] makes figures of them.
package client
