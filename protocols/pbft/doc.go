// Package pbft replicates a key-value store among replicas of which some lie:
// Practical Byzantine Fault Tolerance (Castro and Liskov, OSDI 1999; "Practical
// Byzantine Fault Tolerance and Proactive Recovery", ACM TOCS 20(4), 2002). Of n
// replicas f may be Byzantine, n >= 3f+1; a quorum is floor((n+f)/2)+1, which is
// 2f+1 for n = 3f+1. Sections are those of the 1999 paper unless TOCS is said.
//
//	paper                              here
//	replica, client                    replica, asker
//	primary p of view v, backup        cluster.primary
//	log, sequence number n             log, slot
//	h, H, L, K                         log.low, log.high, Config.Window, Config.Checkpoint
//	prepared, committed-local          replica.checkPrepared, checkCommitted
//	stable checkpoint, its proof C     stable
//	prepared certificate, P, Q         certificate, ViewChange.Prepared, ViewChange.Accepted
//	V, O                               NewView.ViewChanges, NewView.Proposals
//
// # Messages
//
//	kind         from, to             carries                              section
//	request      client, primary      command, signed                      4.1
//	pre-prepare  primary, backups     view, number, digest; the batch      4.2
//	prepare      backup, all          view, number, digest                 4.2
//	commit       replica, all         view, number, digest                 4.2
//	reply        replica, client      view, timestamp, result              4.1
//	checkpoint   replica, all         number, digest of the state          4.3
//	view-change  replica, all         view, stable checkpoint, P (and Q)   4.4; TOCS 3.2.4
//	new-view     primary, backups     view, V, O                           4.4
//	status       who waits, all       what it has                          TOCS 5.2
//	fetch        who lacks, some      number and digest                    4.4; TOCS 5.3
//	batch        who has, who asked   a batch                              -
//	state        who has, who asked   a state as of a checkpoint           TOCS 5.3
//
// A request becomes certain in five message delays and 2n(n-1) messages among the
// replicas:
//
//	client    primary   backups                   slot of a replica
//	   |  request |         |
//	   |--------->| pre-prepare                   proposal
//	   |          |-------->|                        |  n-1 prepares of a quorum
//	   |          |<------->| prepare                v
//	   |          |<------->| commit              prepared: certificate
//	   |          reply     |                        |  a quorum of commits
//	   |<-------------------|                        v
//	  f+1 equal replies                           committed, executed in order
//
// # Views
//
//	           a request takes too long; f+1 others want a later view
//	in view v ------------------------------------------------------> waits for v'
//	    ^                                                                 |  ^
//	    |   new-view of v' that is right: of a quorum of view-changes,    |  | the new-view takes too long,
//	    +---- and with the O that follows from them ----------------------+  | since a quorum wants v': v'+1,
//	                                                                      +--+ and twice as long
//
// # Authentication
//
// With signatures a certificate convinces everybody, and view-changes carry them
// as in the 1999 paper. With MACs a multicast holds a tag for each receiver, which
// proves nothing to others; view-changes then carry claims, and the new primary
// and each backup decide by the rule of TOCS 3.2.4, which needs f+1 replicas to
// have accepted what one claims to have prepared. View-changes and new-views are
// signed in both cases, so there are no view-change-acks. Requests are signed in
// both cases, too: an authenticator of a faulty client can be right for some
// replicas alone, which TOCS has to work around.
//
// Each message knows its digest, computed once when it is made or read, so the
// thousand receivers of one multicast compute none. Votes that no longer matter
// are dropped before their signature is verified, and cost nothing.
//
// # Durability
//
// A replica writes what it accepts, what prepares, each view that it wants or
// enters, and its stable checkpoint with the state, and syncs, before a message
// leaves that depends on it. So it comes back from a crash as if it had been slow.
// The papers keep the log in memory and count who crashes as faulty for as long;
// Durable: false does that. A replica whose disk is full keeps silent, and tries
// again from what the disk has; one that cannot read waits; one whose log is
// damaged is silent for ever, and one that lost its disk is as new: both count
// among the f. A lying disk makes a replica that crashes one of the f, too.
//
// # State transfer
//
// A replica that learns of a stable checkpoint that it cannot reach asks one of the
// others for the whole state and believes it by its digest. So does one that hears
// f+1 others tell of a state alike (TOCS 5.3.2): that is right, but may not be
// stable, so it moves no watermark. TOCS transfers only
// the pages of a tree of partitions that differ; here the store is small, and its
// digest is a sum over its entries, as AdHash is there.
//
// # Design notes
//
// A replica in need tells with a status what it has, and the others send their own
// messages again: nobody retransmits unasked, so the normal case has exactly the
// paper's messages. A replica also asks for numbers that it has executed, if they
// were proposed again in its view and have not committed there: others may need
// its votes.
//
// A replica that waits for a view goes on counting the commits of views before it, and
// executes what a quorum has committed: that is the outcome in all later views. In
// the paper it stands still, and clients that wait for a quorum of replies may wait
// for ever when f others lie.
//
// The primary times its requests as the backups do. After losses it may be the only
// one that still waits, and the paper would let it wait for ever.
//
// Read-only requests demand that clients wait for a quorum of replies to writes,
// too, which the 1999 paper does not say (it does in Castro's dissertation). And a replica
// that told of a tentative write, or crashed since, answers no reads until it has
// executed that number for good: else a view change could show a later reader an
// earlier state.
//
// A faulty replica that proposes the null request has it ordered like any other. In a
// view change only what nobody claims to have prepared is free to be used anew.
//
// Another protocol on a replica's node that announces Propose has its data ordered as
// a request of the replica; every replica announces Committed when it executes it. One
// that announces ReadOnlyOn forbids the replica to take requests that write; see
// writes.go.
//
// Not in here: proactive recovery and key changes (TOCS 4), the partition tree,
// digest replies, separate transmission of large requests, changes of membership,
// access control.
package pbft
