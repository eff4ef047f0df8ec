// Package gossip spreads news by talk between random pairs of nodes. It has the
// three forms that the literature knows, in one node:
//
//   - Rumor mongering: nodes spread what is new until they lose interest
//     (Demers et al., "Epidemic algorithms for replicated database maintenance",
//     PODC 1987, section 1.4; Pittel, "On spreading a rumor", 1987; Karp et al.,
//     "Randomized rumor spreading", FOCS 2000).
//   - Anti-entropy: pairs of nodes compare their replicas of a key-value state and
//     send what is missing (Demers et al., section 1.3; the vectors of what is
//     known of each writer are those of van Renesse et al., "Efficient
//     reconciliation and flow control for anti-entropy protocols", LADIS 2008).
//   - Aggregation: pairs of nodes average their numbers until all have the mean,
//     sum, count, minimum or maximum (Jelasity, Montresor, Babaoglu, "Gossip-based
//     aggregation in large dynamic networks", ACM TOCS 2005; push-sum: Kempe,
//     Dobra, Gehrke, FOCS 2003).
//
// # Words
//
//	Demers et al.     here
//	site              node
//	update            rumor; in anti-entropy: a write
//	infective         a node that spreads the rumor (hot)
//	susceptible       a node that does not know it
//	removed           a node that knows it and has lost interest
//	residue           share of nodes that a rumor has missed
//	death certificate tombstone
//
// # A rumor at a node
//
//	           learn                  k contacts, coin          retention over,
//	           (push, answer)         (interest)                too many rumors
//	unknown ------------------> hot -------------------> known ----------------> collected
//	   ^                         |                                                 |   |
//	   |                         +-------- retention over, too many rumors --------+   |
//	   +---------------------------- crash --------------------------------------------+
//
// A collected rumor stays known in one number for each origin, so it is never
// taken for new; see floors. The payload is kept only while the rumor is hot.
//
// # Messages
//
//	push      rumors                          interval, mode push; feedback if asked for
//	pull      -                               interval, mode pull; answered by answer
//	exchange  rumors                          interval, mode push-pull; answered by answer
//	answer    rumors                          to pull and exchange; feedback if asked for
//	feedback  which rumors were news          to push, exchange and answer
//	summary   digest of what is known         anti_entropy.interval; answered by digest if different
//	digest    how far each writer is known    to summary, and to a digest that offers
//	delta     the writes that are missing     to a digest that wants them
//	swap      value                           a cycle of aggregation, push-pull
//	swapped   value                           to swap
//	refusal   -                               to swap, while waiting oneself
//	gift      half of value and weight        a cycle of aggregation, push-sum
//	publish   payload                         from outside: a new rumor
//	put       key, value                      from outside: a write, or delete
//	set       number                          from outside: the node's value
//
// All end with a CRC-32C, so what a link has corrupted does not decode. Nothing
// is signed: a liar can invent rumors in another node's name, or change those of
// others, which the checker "validity" finds; see lies.go for what liars do. What a liar sends cannot exhaust a node: see MaxRumors,
// MaxMessageBytes and AntiEntropy.MaxKeys.
//
// # Conventions of the published figures
//
// With phase synchronous and a fanout of 1 the tables of Demers et al. come out.
// What is learned in a cycle counts from the next one on; feedback refers to the
// start of the cycle; a counter counts useless contacts in a row; the answers
// that a node gives in a cycle count together, as one contact, which is useful if
// one of them was. The latency must be below a quarter of the interval, so that
// a contact with its feedback ends in its cycle. Averaging has its published
// rate if the latency is far below the interval; see nextCycle.
//
// # Other protocols on the node
//
// Heard: RumorPublish (Data is spread as a new rumor); with peers membership
// PeerUp, PeerFailed and PeerLeft, otherwise PeerFailed (the peer is passed over) and
// PeerUp and PeerBack (it is not any more); ReadOnlyOn and ReadOnlyOff (meanwhile
// the node begins no rumors and makes no writes, and passes on those of others);
// Reconcile (its replica asks for all it lacks: Behind, CaughtUp; see readonly.go).
// Announced: RumorDelivered, also for the node's own rumors, but not for writes that
// travel as rumors.
//
// # On disk
//
// gossip.sequence has the numbers that the node's rumors may not use again,
// gossip.writes its own writes. Rumors, other nodes' writes and estimates are
// forgotten in a crash; the first two come back from the others.
//
//	fault                       what a node does
//	disk full                   refuses to publish and to write; what it hears it takes in
//	read error, lost disk       starts empty, learns from the others, writes under a new identity
//	torn write, bit rot         the same, with the writes that it can still read
//	lying sync                  may write or publish under an old number again: not told apart
//
// # Design notes
//
//   - Messages of one content are one object. A node adopts the batch in which it
//     got its rumors and sends that on, so spreading one rumor to a million nodes
//     allocates nothing, and a node with one rumor has 64 bytes.
//   - Anti-entropy compares vectors of versions, not hash trees: a vector says
//     exactly what is missing in one message, costs a few bytes for each writer
//     however many keys there are, and what was deleted cannot come back once its
//     tombstone is gone. The price is a vector as long as the list of writers;
//     it is sent only if its digest differs, and in parts if it is long.
//   - A node that was cut off for longer than tombstones are kept may go on
//     showing what was deleted meanwhile. Rejected: to compare all keys with it.
//   - Estimates are fixed-point integers: floats differ between machines, and
//     halves of integers can be made to sum up exactly.
//
// Left out: Demers' connection limit and hunting, spatial distributions of
// partners, peel-back; Karp's median-counter.
package gossip
