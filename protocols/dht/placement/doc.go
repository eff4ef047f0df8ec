// Package placement is the strategy of tasks in which a hash decides where a task
// runs: consistent hashing of its identity with virtual nodes (Karger et al.,
// "Consistent hashing and random trees", STOC 1997), and copies on the nodes that
// follow on the ring, as distributed hash tables keep their keys (Stoica et al.,
// SIGCOMM 2001, section 6; Dabek et al., "Wide-area cooperative storage with CFS",
// SOSP 2001). The ring is that of package dht, with a full table: one hop.
//
// A task belongs to the first live node at or behind its key that has room for it.
// Whoever is handed it and believes another node to be that one passes it on, each
// time nearer to the key. The owner runs it; the next nodes hold copies until it is
// done, with all its parts if it forks.
//
//	kind     from, to          carries
//	give     anybody, owner    tasks (of package task: kept by the giver until answered)
//	copy     owner, holder     tasks
//	keep     owner, holder     all tasks of the owner that the holder shall have copies of
//	lack     holder, owner     those that it has no copy of, or nothing
//	settled  who ran, holders  tasks that are done
//	runs     owner, another    tasks that both have, and that run at the sender
//	ask      either, other     nothing: are you there, and what have you?
//	hello    who restarted     nothing: hand me my range
//
// What a copy goes through:
//
//	        copy             settled, or keep without it
//	(none) ------> held --------------------------------> (none)
//	                |
//	                | the owner failed, or is silent for the patience, and
//	                v this node is the first behind the key now
//	            taken over: it runs here, and has copies of its own
//
// If the first behind the key has no copy, or does not know that the owner failed, the
// others hand it the task when they have waited twice as long. Who is silent for a
// renewal and a half is asked eight times within the patience, and any answer counts:
// where one message in ten is lost, two in a million of those who live seem dead so.
// PeerFailed is believed at once, PeerBack takes it back. A node that was away itself, or was read-only, lets
// that time not count; a read-only node takes no tasks and takes none over.
//
// What the model says of executions: a task whose owner is down runs once more, if it
// had not run to its end there. A task whose owner only seems dead may run twice. While
// it waits at one of both the two are made one again: who has it behind the other on
// the ring hands it back, and who has not begun hands it to who has. A task may run
// again, too, if its owner crashes right after its end and word of that is lost, and one
// that forks if its owner crashes before the parts are done: the new owner spawns them
// once more, finds those that others have or had, and is told by them, too. All
// that is at-least-once; exactly-once holds while nobody is wrongly suspected.
//
// A node that has a task, or ran it of late, takes it from nobody a second time, so the
// lease of package task, by which an origin lets a task enter anew of which it hears
// nothing, does not make a second one either. The lease covers what copies do not: that
// the owner crashes before a copy is made, that all who have it crash, that two nodes wait
// for a part and who has it crashes, and three nodes so much at odds on who lives that each
// hands the task to the next at once and lets go of it.
//
// A node that crashes and is back before it is missed has forgotten its tasks. Holders
// see by the number of its renewals that it lives anew, and take those over at once;
// most of them belong to it, and are handed to it.
//
// A node that joins, or comes back, says hello to those behind its places, and they
// hand it what waits there and belongs to it now. A node that leaves is one that
// failed. A node that computes without slices is silent meanwhile: give its CPU a core
// more than tasks use, or slices well below the patience.
package placement
