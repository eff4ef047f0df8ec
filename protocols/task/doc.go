// Package task is work that a mesh has to do: tasks, nodes that run them, and the
// means that strategies share. A strategy decides where a task runs; it is a type
// of its own in a package of its own, and [New] makes the protocol of it. Two are
// here: [Local] shares nothing, choices asks a few nodes at random.
//
// # What a strategy finds here
//
// The executor runs tasks on the cores of the node and charges its CPU for them, in
// slices, so that the node answers messages between two slices. The queue holds what
// waits, in the order of its discipline. The hand-over moves tasks to another node,
// is tried again until it is answered, and is answered again the same way. The ledger
// of the node where a task entered, its origin, leases what others have: who has it
// renews the lease, and a task of which nothing is heard enters anew. The journal
// keeps on disk what entered and is not over. Tasks that fork, and jobs whose parts
// depend on one another, are joined at the node where their parts entered.
//
//	kind      from, to               carries
//	submit    outside, any node      a task, or a job of several and their order
//	give      giver, taker           tasks, with a number that is the same at each try
//	taken     taker, giver           the number, and which tasks it did not take
//	report    who ran it, origin     tasks that are done, until it is acknowledged
//	give-up   who had it, origin     tasks that were rejected, the same way
//	reported  origin, who ran it     acknowledges either
//	renew     who has it, origin     tasks that are still there
//
// # Where a task is
//
//	            Submitted, Given, Returned             Keep
//	entered ------------------------------> strategy --------> queue ---> core ---> ran
//	                                         |    ^              |
//	                                    Give |    | Returned     | Take
//	                                         v    |              v
//	                                       under way          strategy
//	                                           |
//	                                           v taken
//	                                      another node (and the ledger, at the origin)
//
// A task has to be somewhere at all times: whoever is handed it must place it, by
// [Worker.Keep], [Worker.Give] or [Worker.Reject], at once or later. What entered and
// was not placed is the strategy's own; one that keeps tasks from one call to the next
// says which, as a [Holder]. At the end of a run nodes are held to what they observed:
// the property conservation finds a node that forgot a task.
//
// # How to write a strategy
//
// Embed [Base], which keeps everything, and write the methods that differ. All are
// called one at a time with the Env of the call; they may send, set timers and observe
// as any node may, but ask for no work: that is the executor's. A strategy that pushes
// what enters to the next node of the ring, unless it has nothing to do itself:
//
//	type ring struct{ task.Base }
//
//	func (ring) Submitted(env *protocols.Env, w *task.Worker, t *task.Task) {
//		next := (env.Self + 1) % protocols.NodeID(len(w.Members()))
//		if w.Load() == 0 || !w.Alive(next) {
//			w.Keep(env, t)
//			return
//		}
//		w.Give(env, next, t)
//	}
//
//	func (*ring) Holds(func(*task.Task)) {}
//
//	func NewRing(c task.Config) *protocols.Protocol {
//		return task.New(c, task.Parts[ring]{New: func(protocols.World) ring { return ring{} }})
//	}
//
// What the other methods are for:
//
//   - Accept decides at the taker; Given hands it what it accepted. A strategy that takes
//     only what it asked for says no here, and the task comes back by Returned.
//   - Idle is where a thief begins; [Worker.Take] and [Worker.TakeIf] are how a victim
//     takes what would run last, whatever the discipline.
//   - Overloaded and [Worker.Ahead] are where a balancer begins.
//   - Failed comes before what the failed node had is handed over once more.
//   - Messages of its own have kinds from [OwnKind] on, timers from [OwnTimer],
//     observations from [OwnObservation]; [Parts] names them, and brings the strategy's
//     decoder, lies, checkers, metrics and probe. Vectors and tasks have wire forms to
//     use in them. A number in each question tells a late answer from the right one.
//
// A scenario selects the strategy by a word; its block of keys stands beside those of
// the others. To prove one: package protocoltest for its laws and conversations, the
// checkers of this package for what becomes of tasks, and wrappers or faulty variants
// of it that those must find.
//
// # What holds, and when
//
//	property       holds
//	conservation   always: what a crash takes is excused, what a node forgets is not
//	at-least-once  with leases, and a journal where a task enters; whoever crashes restarts,
//	               or has nothing in its journal
//	exactly-once   where no message is given up (tries) and no node crashes
//	validity       always
//	capability     always
//	order          always
//
// Nothing here makes a task run exactly once when nodes crash: who has run it may not
// have said so. What must not happen twice, tasks have to see to themselves.
package task
