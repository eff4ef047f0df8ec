// Package byzantine makes nodes of any protocol misbehave. A wrapped node runs
// the real code and then changes what that asked for: it keeps silent, delays,
// lies, says one thing to some and another to others. Outside of the times for
// which a fault makes it Byzantine it does nothing of its own, and what happens
// is what would have happened without the wrapper, to the bit.
//
//	Byzantine generals (Lamport, Shostak, Pease 1982)   here
//	traitor                                             Byzantine node, liar
//	says different things to different generals         Equivocate, Twins
//	adaptive adversary                                  a fault whose nodes are a role
//
// # Behaviours
//
//	Silent      sends nothing; with Corruption.To, nothing to those
//	Drop        loses a share of its messages
//	Delay       sends everything later
//	Tamper      flips bits of what it sends and seals the rest again: what was
//	            signed no longer matches
//	Replay      sends old messages again, its own and others'
//	Flood       sends its newest message again and again
//	Lie         tells a lie of the protocol's, to all or to Corruption.To
//	Equivocate  tells the truth to some and lies to others
//	Twice       sends each message and a lie beside it: votes twice, answers twice
//	Amnesia     forgets its disk at each restart
//	Twins       runs twice under one identity (Bano et al., "Twins: BFT systems
//	            made robust", OPODIS 2021); see below
//
// Lies are those of [protocols.Protocol.Lies], and its Alter tells them, signed
// with the liar's own key: a forger can no more sign for an honest node here
// than anywhere. What a node sends to itself stays as it is.
//
// # Collusion
//
// Those whom one stroke of a fault makes Byzantine collude: they know of one
// another, tell each other the truth, and draw the sides of an Equivocate or of
// Twins from one key, so that all lie alike to the same nodes. A lie depends on
// the side alone, so colluders with one lie support one another's. While they
// lie they have one another's keys: what a protocol makes up in the name of an
// accomplice (a prepared certificate of pBFT) bears its true signature.
//
// # Twins
//
// Each of the struck nodes hosts a second instance of its protocol, over a copy
// of its disk, as if someone had started it twice from one image. The nodes
// that are not struck stand on two sides, drawn in halves or given by
// Corruption.To; the first instance hears and reaches one side, the second the
// other. First instances reach first ones, second ones second ones. So each
// side sees a node that is honest and whole, and together they equivocate with
// the real code, certificates and all. Strokes that follow one another draw the
// sides anew while both instances go on: the scheduled partitions of the paper.
// Between strokes the second instance is cut off from everybody. The honest nodes
// of the two sides still reach one another; where a protocol must be kept from
// comparing notes, declare a partition between them, too, with the twins as bridge.
//
// It needs nothing of the kernel, and so has limits. Twins share the node's CPU,
// clock and lines. A crash hits both; the second instance starts again from a
// copy of the first one's disk. Disk faults strike the first one's disk only,
// though both wait for its device. What either announces, both twins of the
// node's other protocols hear, since a local event does not say whose it is. A
// message from outside reaches one of them, drawn. What the second one observes
// is nobody's.
//
// # Design notes
//
//   - A behaviour is told to the node by the driver, as an event of the node
//     ([protocols.Corruptible]): a node's own clock may be wrong, and who holds a
//     role or is drawn is not known before. So it is the same bytes in every way
//     of running.
//   - A node is wrapped when it is struck first, so that a mesh of a million from
//     which some are drawn runs as fast as without.
//   - What liars observe no checker is shown, from the first lie on. What nodes
//     observe that are merely silent, late or loud must still hold.
//   - Draws of a liar come from a stream of their own, so that the node itself
//     draws what it would have drawn.
//   - Messages between twins carry one byte more than others, which says from
//     which instance they come. Rejected: to derive it from the sender alone.
package byzantine
