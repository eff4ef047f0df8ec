// Package partition lets the nodes of a mesh notice that they are cut from others,
// and decides who may go on writing: the side with a majority of the members. All
// others are read-only until they are back and have caught up.
//
// It tells the other protocols on its node by local events. ReadOnlyOn: accept no
// writes. ReadOnlyOff: they are welcome again. Between a return and ReadOnlyOff
// stands Reconcile: a protocol that has to catch up answers Behind at once and
// CaughtUp when it has; ReadOnlyOff waits for all of them, at most for
// Config.Reconcile. Every node starts read-only.
//
//	message  from, to               carries
//	ping     any, any               -                              answered by pong
//	pong     any, any               -
//	claim    coordinator, all       epoch, round, the last round   once an interval
//	                                to which a quorum pledged,
//	                                who is left out
//	pledge   member, coordinator    epoch, round, whom it does     to claim
//	                                not reach
//	release  coordinator, all       epoch, the last round that     it gives up
//	                                still counts
//
// # How a node notices
//
// It probes its peers by turns, or listens to a failure detector on its node
// (Config.Reach). Who has not answered three probes is not reached. Only an answer
// counts, so a link that is cut in one direction is cut. It goes on asking one of
// those that it does not reach, and more when some answer. A node that reaches less
// than half of its peers suspects a partition, and is read-only at once. One that
// reaches enough may be in the minority all the same; so nobody writes because of
// what it sees alone.
//
// # Who may write
//
// A coordinator claims, round after round; members pledge. Who pledges stands by no
// other coordinator for a lease. The coordinator forms its side of those who have
// pledged and reach one another (Config.Side): a clique, in which all do, or common,
// in which each reaches a quorum, so any two reach a third. Once a quorum of the
// side has pledged to a round, the next claim says so, and whoever is in the side
// has a permit to write: shorter than a lease, and counted from an earlier pledge.
//
//	            nobody claims, a quorum              a quorum of the side
//	           is in reach, its turn                     has pledged
//	free ------------------------------> candidate ------------------> coordinator
//	 ^  |                                    |                              |
//	 |  | claim                              | no quorum in time, or a      | no quorum
//	 |  v                                    | claim that is stronger       | for a permit
//	pledged <--------------------------------+------------------------------+
//	   the lease is over: free
//
// # Why no two sides write at a time
//
// Let c claim round r at real time s. Whoever pledges to it does so after s, and
// stands by c for a lease t of its own clock: at least until s + t/(1+d), d being
// the drift of clocks (Config.MaxDrift). Node i has a permit because of round r if
// a quorum pledged to it. The permit ends t(1-2d) of i's clock after i sent a
// pledge that c had when it claimed r, so after an instant before s: it ends before
// s + t(1-2d)/(1-d) < s + t/(1+d). So while i writes, a quorum stands by c. Two
// quorums share a member, which stands by one coordinator at a time. So all who
// write at any time do so by the word of one coordinator, in one epoch. A node that
// has crashed may have pledged, so after a start it stands by nobody for a lease:
// nothing need be on disk, and a lost disk does no harm. A release shortens only
// pledges on which nobody's permit rests. Timers count, so a clock that is set does
// no harm either; a node that was paused hears that its permit is over before it
// hears of a write that came later.
//
// So whoever is cut from the majority is read-only at the latest t(1-2d)/(1-d)
// after the cut, and no other side can begin before t/(1+d) after it. If the
// coordinator stays with the majority, that one goes on without a break.
//
// # A bridge
//
// A node that reaches both sides of a cut stands by one coordinator, as all do, so
// it adds to one side. In a clique one side at most is in it with the bridge,
// whoever coordinates; the other is read-only although the bridge may have its
// pledges. If the bridge makes the majority (51 of 101 with 50 on each side), then
// one side goes on with it: that of the coordinator or, if the bridge coordinates,
// the one that is left when those who miss most are taken out. With side: common
// both may go on in that case, as one side of which any two reach the bridge, by
// the word of one coordinator.
//
// # Return
//
// When a cut heals, nodes that were read-only pledge to the coordinator's next
// claim; two claims later they have a permit. Coordinators that lost their quorum
// give up when their permit ends, and release those who still stand by them. Then
// Reconcile: gossip compares its replica with another and takes in what it missed,
// before its node may write. Raft and pBFT need no time, since a leader or a quorum
// has all that is decided.
//
// # Liars
//
// A member that lies about whom it reaches gains nothing: two fit together if
// neither denies it, so honest members leave it out; and no view counts as a
// pledge. It can deny, and be left out or have one other left out for each that it
// denies. A coordinator that lies can hand out permits without a quorum, and a
// member that pledges to all who ask can give two sides a quorum; so Config.Faults
// is how many may do that. Then quorums are (n+f)/2+1, so any two share a member
// that is honest; claims carry signed pledges, so nobody takes a coordinator's word;
// and an interval must be longer than a round trip. Pledges cannot be released then,
// so a mesh without a coordinator takes longer to find one.
//
// # Sources
//
// Leases: Gray and Cheriton, "Leases: an efficient fault-tolerant mechanism for
// distributed file cache consistency", SOSP 1989, section 5 on clocks. The majority
// as the primary partition: Ricciardi and Birman, "Using process groups to implement
// failure detection in asynchronous environments", PODC 1991. Leases by majority
// without disks: Trencseni, Gazso and Reinhardt, "PaxosLease: diskless Paxos for
// leases", 2012. Bridges and one-way cuts in the wild: Alfatafta, Alkhatib, Alquraan
// and Al-Kiswany, "Toward a generic fault tolerance technique for partial network
// partitioning", OSDI 2020.
//
// Not in here: changes of membership (a majority is one of all nodes that run the
// protocol), weights and witnesses, and handing over a reign without a break.
package partition
