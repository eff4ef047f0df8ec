// Package worksteal is the strategy of tasks in which who has nothing to do asks
// who has: work stealing (Blumofe and Leiserson, "Scheduling Multithreaded
// Computations by Work Stealing", JACM 46(5), 1999; Mitzenmacher, "Analyses of
// Load Stealing Models Based on Differential Equations", SPAA 1998).
//
// A task stays where it enters, in the deque of its node. The owner takes it from
// the bottom, which is what the queue's discipline calls next; a thief takes from
// the top, which is what would run last. With the discipline lifo that is the
// deque of Blumofe and Leiserson: children run where they were spawned, deepest
// first, and thieves take the oldest, which have most to spawn.
//
//	kind      from, to         carries
//	request   thief, victim    what the thief can run, how much it has
//	none      victim, thief    how much the victim has: too little
//	give      victim, thief    tasks (of package task: kept by the giver until answered)
//	taken     thief, victim    which were taken
//
// What a thief does:
//
//	         a core is free, nothing waits        tries victims in vain
//	working ------------------------------> asking -------------------> resting
//	   ^                                      |  ^                         |
//	   +--------------------------------------+  +-------------------------+
//	              a victim gives, or a task enters         back-off is over
//
// A round asks up to tries victims in turn, each once, until one gives; who does
// not answer in time, or is confirmed failed, counts as having nothing. After a
// round in vain the thief rests, for a time that doubles with each round in vain
// up to a limit and is drawn from its upper half, so that thieves of an idle mesh
// neither flood it nor move in step. Without a retry time a node asks once
// whenever a core becomes free and then waits for tasks that enter: the model of
// Mitzenmacher's section 2.
//
// Victims are chosen at random among all members; or the one first that gave
// last; or the nearest by measured round trip, with one at random at the end of
// each round so that nearer ones are found; or of some drawn at random the one
// that had most to do when last heard of ("power of d choices"). What a node
// knows of others is bounded: 64 peers, those that are of most use.
//
// A victim gives one task or half of those that wait, if it has enough, and only
// what the thief can run. With distribute, a node with more waiting than
// queue.high pushes half of the difference to a peer of which it lately heard
// that it has next to nothing: thieves that asked in vain are remembered.
//
// A hand-over that is under way when either side crashes loses nothing. The
// victim keeps the tasks until the thief has said that it took them; the origin
// of a task keeps account of it until it is done, and lets it enter anew if its
// lease runs out (package task). A thief that took tasks without its answer ever
// arriving runs them a second time: at least once is what this gives under
// faults, exactly once without. A request that the network duplicates is
// answered twice; the second lot are other tasks.
//
// On a side of a partition that is read-only nobody asks, gives or pushes.
//
// Not in here: stealing of a task that runs; the shared-memory deques of Chase
// and Lev.
package worksteal
