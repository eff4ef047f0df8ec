// Package heartbeat detects failures: members watch one another, suspect who is
// silent, and hold for failed only whom a quorum of them accuses. It has four ways to
// take silence for a failure, and SWIM beside them:
//
//   - a fixed timeout;
//   - the freshness points of Chen, Toueg and Aguilera ("On the quality of service of
//     failure detectors", IEEE Transactions on Computers 51(5), 2002): NFD-S (section 4)
//     with synchronised clocks, NFD-E (section 6.3) with estimated arrivals;
//   - phi accrual (Hayashibara, Défago, Yared, Katayama, SRDS 2004);
//   - SWIM (Das, Gupta, Motivala, DSN 2002), with Lifeguard (Dadgar, Phillips, Currey,
//     DSN-W 2018) as an option.
//
// # Words
//
//	papers                      here
//	η, heartbeat interval       interval
//	δ, α (Chen et al.)          timeout minus interval, so that T_D <= timeout
//	Φ                           phi.threshold
//	T', protocol period         interval
//	T_MR, T_M, P_A, λ_M         mistake_recurrence, mistake_duration, query_accuracy, mistake_rate
//	Confirm (SWIM), dead        failed
//	local health multiplier     health
//
// # What a member holds of a peer
//
//	          overdue                quorum, verdict
//	alive ---------------> suspect -------------------> failed
//	  ^  ^                    |                            |
//	  |  +--- heartbeat ------+                            |
//	  +------ a higher incarnation ------------------------+
//
// SWIM's suspects become alive by a higher incarnation only. A node begins a new
// incarnation when it boots, when it is accused, and when it hears that it was declared
// failed.
//
// # Messages
//
//	beat           incarnation, sequence, time       every interval to the observers; to pings; to accusers
//	ping           the same                          to whom was declared failed, or accused by others: answered by beat
//	accuse         signed accusation                 on time-out, then every interval, to all with a vote and the accused
//	confirm        signed accusation                 to accuse, from who is of the same mind
//	verdict        a quorum of accusations           by who counts them, then passed on; to who is behind
//	revival        signed new incarnation            by who begins one, then passed on
//	swim-ping      sequence, origin, target, news    every period; for others, to swim-ping-req
//	swim-ack       the same                          to swim-ping
//	swim-ping-req  the same                          ping_timeout after a ping without answer, to swim.indirect others
//	swim-nack      the same                          Lifeguard: the target of swim-ping-req has not answered
//	swim-sync      all that is known                 every swim.sync, and at a restart; answered by swim-state
//	swim-state     the same                          to swim-sync
//
// All end with a CRC-32C, so what a link has corrupted does not decode.
//
// # Confirmation
//
// Who suspects a peer signs an accusation, sends it to all who have a vote, and counts
// theirs. Members that have a vote and do not watch the peer ping it first and wait a
// timeout. Accusations count for an incarnation: a peer that hears of one begins the
// next. With a quorum of q, q - 1 liars declare nobody failed that is alive. SWIM has no
// quorum: a single liar can have anybody declared failed, until that one refutes.
//
// # Other protocols on the node
//
// Announced: PeerSuspected, PeerFailed, PeerBack. Heard, with watch announced: PeerUp and
// PeerBack (the peer is watched), PeerLeft and PeerFailed (it is no longer), so that
// discovery on the node says whom to watch, and acts on what is found.
//
// # On disk
//
// heartbeat.incarnation has the last incarnation. What the node holds of others is
// forgotten in a crash, and comes back from them.
//
//	fault                               what a node does
//	lost disk, read error, bit rot      begins in incarnation 1; is told of those before, and goes on above
//	full disk                           goes on; after a crash as with a lost disk
//	torn write                          nothing: the record is replaced as a whole
//
// # Design notes
//
//   - The lists of who watches whom are arithmetic (ring, random distances), so a node
//     knows them of every peer and stores none. Rejected: k random peers of each
//     node's own choice, which nobody else knows.
//   - What a node knows of others is a ledger of exceptions: 8 bytes for each peer that
//     ever crashed or was suspected, nothing for others. SWIM's round of all members is
//     a permutation by arithmetic. So a member of ten thousand takes some hundred bytes.
//   - A verdict is passed on at once along the graph of who watches whom, not in an
//     epidemic: on a ring of n it takes about n/k hops, at random distances far fewer.
//   - SWIM's rule that a Confirm overrides everything for good is relaxed: an alive of
//     a higher incarnation brings a member back, and a member that was declared failed is
//     asked now and then. So partitions heal. (The paper leaves joining anew to others.)
//   - Phi's normal tail is a table of integers, and what it yields is the time at which
//     the threshold will be reached: no logarithm is taken while the node waits.
package heartbeat
