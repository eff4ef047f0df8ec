// Package capability is the strategy of tasks in which each node knows what some
// others offer, and sends a task to whoever meets its needs best: capability
// routing, with knowledge that is gossiped and grows old (the load information of
// Mitzenmacher, "How Useful Is Old Information?", TPDS 11(1), 2000, is the case
// in which all offer the same).
//
//	kind      from, to          carries
//	announce  node, a few       what the sender and others offer, their room, how old that is
//	answer    taker, router     a task was taken, or why not; the room that is left
//	outcome   taker, router     a task ran; the room that is left
//	give      router, taker     the task (of package task: kept by the router until answered)
//	taken     taker, router     whether it was taken
//
// The match of a node is the mean, over all that a task needs, of the share of
// its level that the node offers, from 0 to one in units of 2^-64 (Match of
// task.Vector). A task goes only to nodes whose match is at the threshold or
// above it: of those that have room to the one with the best match; of equal ones
// to the one that offers least beyond what is needed, so that rare things stay
// free for those that need them; of equal ones again to the one with more room of
// two drawn at random, as everybody would run to the best that is known of old.
// The node where the task enters is one of them, and preferred among equals while
// it has nothing to do. A node has room for backlog tasks a core, waiting or
// running.
//
//	         nobody matches, or has room
//	placing ----------------------------> waiting --> rejected (deadline, give_up)
//	 |   ^ ^                                 |
//	 |   | +---------------------------------+
//	 |   |   back-off is over, or somebody has room again
//	 v   | refused, silent, failed, or its lease ran out
//	given ----> ran
//
// A task that all who match have no room for waits. When nobody is known who
// matches, the fallback says: wait, ask again after a back-off that doubles and is
// drawn from its upper half; relax, so that the threshold falls by a step at each
// time in vain, down to a floor; or reject. A node that booted less than expire
// ago knows nobody yet, so it waits in any case. Whoever waits goes to the first
// that is heard to have room, oldest first.
//
// Announcements spread by gossip among neighbours or members drawn at random. A
// node makes a new one of its own each interval, and passes on those that it has
// passed on least often, each in a few rounds. The newest sequence number of a
// node wins; a node that boots begins with its clock, which is ahead of what it
// counted before. An announcement carries its age, to which everybody adds for
// how long it held it (the way itself is not counted: clocks differ); it expires
// at a fixed age. What is known is a table of bounded size. If it is full, that
// announcement goes whose rarest capability most others in the table offer, too;
// of equal ones the oldest: what is rare stays known, what is common is known
// well enough.
//
// Room is what a node said last, less what was given to it since; an answer and
// an outcome say it anew, and a refusal counts as none until then.
//
// A claim is believed until it is broken: by a refusal because the node cannot
// run what it said that it could, or by a task that it took and whose lease ran
// out although nobody called the node failed. Each broken claim halves the match
// of the node in the eyes of this router, each task that ran there and each time
// forgive doubles it again. So a node that claims what it does not have is tried
// by each router about once in that time. Not defended: a task that is said to
// have run and did not (tasks have no result to look at); what one node tells of
// another (announcements are not signed); a node that says it has no room.
//
// On a side of a partition that is read-only a node places nothing and takes
// nothing; it announces itself with no room, and goes on when writes are welcome.
// Peers that failed are neither chosen nor told, and forgotten until they
// announce themselves.
//
// What a router knows of tasks is lost when it crashes; they come back by the
// journal and the leases of package task. A clock that is set back makes what is
// known look younger by so much.
//
// Not in here: capabilities that change while a node is up; queries for what is
// not in the table; hand-overs over several hops.
package capability
