// Package decision lets a mesh decide together: a member proposes ("task
// auth-service goes to node 3"), the members vote with signatures, a quorum
// decides, everybody learns what was decided and can be asked.
//
// It stands on a consensus (raft or pbft) on the same nodes, which it reaches
// through local events: Propose asks for a place in the order, Committed tells
// of one. The consensus orders two entries for each decision, the proposal and
// the verdict; votes go over the network.
//
//	entry     carries                          signed by
//	proposal  subject, target, payload         the proposer
//	verdict   approved or rejected, and the    each of the voters
//	          votes that make it so
//
//	message   from, to                 carries
//	propose   outside, a voter         subject, target, length of the payload
//	vote      voter, voters            which proposal, approve or reject
//	ask       outside, any member      a subject: what was decided on it?
//	          member, voters           a place: what was decided after it?
//	report    voter, member            a proposal, its verdict, and its place
//
// # How a proposal is decided
//
//	proposed ──ordered──> open ──verdict ordered──> approved or rejected
//	             (each voter votes once)
//
// A voter rejects what goes to a node that it knows to be suspected or failed,
// and a share that the scenario sets. A quorum of the voters (two thirds by
// default) approves or rejects. Whoever has its votes may ask the consensus to
// order a verdict: the proposer at once, the others one after the other when they
// lose patience. A proposal on which the voters are divided, or too few vote,
// stays open: no quorum, no decision.
//
// # Why all agree
//
// Any two quorums share more voters than may lie, so an honest one, and that
// votes once: there is no proof of both outcomes. With the default and n >= 3f+1
// voters, f may lie. The order says which of two decisions on a subject is the
// later one. Members that are no voters, and voters that missed a part of the
// order (a crash, a snapshot), learn from reports: they poll voters, and believe
// what one more than may lie report alike, with the votes that prove it.
//
// What a member has voted and learned is on its disk before it tells. One that
// cannot read or write its disk votes no more, so it never votes twice; one that
// has lost its disk may.
//
// A member whose node is read-only (ReadOnlyOn, until ReadOnlyOff) proposes nothing.
//
// Not in here: changes of membership (the voters are those of the scenario),
// weights, secret votes; decisions are kept for ever.
package decision
