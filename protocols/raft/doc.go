// Package raft replicates a key-value store on a cluster of replicas: Raft, as in
// D. Ongaro and J. Ousterhout, "In Search of an Understandable Consensus Algorithm
// (Extended Version)", 2014 ("the paper"; sections by number), and D. Ongaro,
// "Consensus: Bridging Theory and Practice", Stanford 2014 ("the dissertation").
//
// A node is a replica or, with Config.Client, a client of a cluster. Replicas are
// the nodes in Config.Replicas; those that vote at first are the first
// Config.Voters of them.
//
//	kind              from, to             carries                            paper, dissertation
//	request-vote      candidate, voters    term, last entry; pre, transfer    5.2, 5.4.1; 9.6, 3.10
//	vote              voter, candidate     term, granted                      5.2
//	append-entries    leader, peers        term, entry before, entries,       5.3; 6.4 (round)
//	                                       commit index, round
//	append-reply      peer, leader         index that matches, or a hint      5.3
//	install-snapshot  leader, peer         a part of a snapshot               7
//	install-reply     peer, leader         the part that is wanted next       7
//	timeout-now       leader, follower     -                                  3.10
//	synced            replica, itself      what its disk has made durable     10.2.1
//	change            outside, replica,    who is to vote, learn or go        4
//	                  leader
//	transfer          outside, replica,    who is to lead                     3.10
//	                  leader
//	forward           replica, leader      what another protocol proposes     -
//	request           client, replica      a command of package kv            8; 6
//	reply             replica, client      its result, or who leads           8; 6
//
// The roles of a replica, with pre-vote:
//
//	           timeout                 majority                  majority
//	follower ----------> pre-candidate ---------> candidate ----------------> leader
//	   ^                      |                       |                          |
//	   +----------------------+-----------------------+--------------------------+
//	      word from a leader of its term, or a later term; no majority heard; removed
//
// # What is in
//
// Elections with random timeouts, pre-vote and check-quorum (election.go).
// Replication with pipelining, batches, bounded messages in flight and one
// rejection a term (leader.go, replicate.go, follow.go). Commitment of the
// leader's own term only (leader.go). Term, vote and log on disk before anything
// that depends on them is sent, the log and snapshot in a protocols/wal, the vote in
// a file of its own (storage.go). Snapshots, compaction, InstallSnapshot in parts
// (snapshot.go). Membership changes of one server, with learners that are promoted
// when they have caught up, and not before an entry of the leader's term is
// committed (change.go). Transfer of leadership (transfer.go). Sessions that
// execute each command once (package kv). Reads as entries of the log, by
// ReadIndex, or by lease (read.go). Clients with redirects and retries (clientnode.go,
// package client). The properties of Figure 3 as checkers (checkers.go,
// completeness.go), and linearizability of what clients see.
//
// Another protocol on a replica that announces Propose has its data decided as an
// entry, once for each announcement that reaches a leader; every replica announces
// Committed in the order of the log, again after a restart for what its snapshot
// does not cover.
//
// ReadOnlyOn of another protocol on the node forbids new entries until ReadOnlyOff;
// see readonly.go.
//
// # What is not
//
// Joint consensus, witnesses, reads from followers but for the stale ones of
// reads: local, and expiry of sessions. Raft is no defence against liars: whoever
// forges messages breaks it, though not by a panic.
//
// # Durability
//
// A sync is a barrier: what a call sends after it leaves when it is done. So a leader
// counts its own log as soon as another's answer comes, and a follower answers in the
// call that writes. Where a replica decides alone it sends itself a message, which
// leaves after the sync. With parallel_writes a leader replicates and writes at the
// same time (10.2.1 of the dissertation), and learns by such a message when its own
// copy counts. All requests of a
// batch share a write: Pipeline bounds how many wait for the disk.
//
// A replica that cannot write (full disk) sends nothing of that call, stops, and
// starts anew from its disk every second. One that cannot read waits likewise. A torn
// tail of the log was never promised and is cut off. One whose log or vote has rotted
// stays silent for ever: it may have promised what it does not know. A lost disk, or
// one that lies about syncs, breaks the protocol, as the paper says.
//
// # Leases and clocks
//
// A lease is safe if clocks run within max_drift of real time: it is t·(1-2d) for a
// least election timeout t and a drift d. It is counted by timers, so a clock that
// is set does not matter, and a leader that was paused or busy hears of the end of
// its lease before it hears of a read that came later. A replica that restarts does not vote for an election
// timeout. A leader that hands over gives up its lease.
package raft
