// Package paxos lets the nodes of a mesh agree on one value: single-decree Paxos
// (Lamport, "Paxos Made Simple", ACM SIGACT News 32(4), 2001).
//
// Every node that runs the protocol is an acceptor and a learner. A node becomes
// a proposer when it is asked to decide on a value: by a [NewPropose] message
// from outside, or by a Propose event of another protocol on the node.
//
//	kind      from, to               carries                      paper
//	prepare   proposer, acceptors    ballot                       2.2, phase 1(a)
//	promise   acceptor, proposer     ballot, the proposal that    2.2, phase 1(b)
//	                                 it accepted last
//	accept    proposer, acceptors    ballot, value                2.2, phase 2(a)
//	accepted  acceptor, learners     ballot, value                2.2, phase 2(b); 2.3
//	reject    acceptor, proposer     ballot, the one promised     2.2, last paragraph
//	decided   who knows, who asks    value                        -
//	propose   outside, any node      value                        2.1
//
// A ballot (the paper's proposal number) is a round and the proposer that uses
// it, so no two proposers use the same one. A proposer that was rejected, or
// heard too little, tries a higher ballot after a random time that doubles with
// each try: that is where the paper (2.4) elects a distinguished proposer.
//
// What an acceptor promised and accepted, the last round that a proposer used and
// the value it was asked for are on disk before the node answers. An acceptor that
// has lost its disk breaks the protocol; the paper excludes that (2.2).
//
//	disk fault       what a node does
//	full             neither promises nor accepts what it cannot note; as a proposer it tries later
//	read error       learns, does not answer, and tries to read again
//	torn write       nothing: the record is replaced as a whole
//	bit rot          once it restarts it learns and does not answer, for the rest of its days
//	lying sync, lost breaks the protocol, as the paper's proof assumes
//
// A learner takes a value as chosen when a majority of acceptors has accepted
// the same ballot. One that saw an acceptance and no majority asks by becoming a
// proposer without a value of its own (2.3): it may only propose what others
// have accepted, and gives up if that is nothing. Nodes that know the decision
// answer a proposer with it. Each node announces Committed once in each life;
// after a restart it does so with the first timer, when all its protocols have
// started. With Config.Rumors a learner also hands the decision to a gossip
// protocol on its node, and takes it from there: nodes outside the group read it
// with [ReadRumor].
//
// Not in here: a sequence of decisions, leaders, changes of membership.
package paxos
