// Package dht is a distributed hash table: consistent hashing, and Chord to find
// who is responsible for a key (Stoica, Morris, Karger, Kaashoek and Balakrishnan,
// "Chord: A scalable peer-to-peer lookup service for internet applications",
// SIGCOMM 2001). The ring is kept by the operations as they were corrected by Zave
// ("Reasoning about identifier spaces: how to make Chord correct", IEEE Transactions
// on Software Engineering 43(12), 2017).
//
// Nodes have one or several places, their virtual nodes, on a ring of 64 bits; a
// key belongs to the first place at or behind it. The nodes behind that hold
// copies, in memory alone: a node that restarts is a new one and is handed its
// range.
//
//	kind       from, to                        carries                          paper
//	find       asker, node on the way          key                              4.3, Figure 4
//	step       back                            successors, or whom to ask next
//	route      node, next node on the way      key, origin, hops                4.3, recursive
//	routed     back                            -
//	found      predecessor of the key, origin  successors, hops
//	get, put   asker, who is responsible       key, value                       -
//	reply      back                            status, version, value
//	ask        place, neighbour on the ring    -                                4.4, stabilise
//	tell       back                            predecessor, successors          5, successor lists
//	notify     place, its successor            whether it has its keys yet      4.4, notify; rectify
//	transfer   who has keys, who shall         keys of an arc                   4.4, moving keys
//	summary    owner, holders of copies        number and sum of a range        -
//	taken      back                            status
//	leaving    who leaves, both neighbours     predecessor, successors          5.2 of the 2003 paper
//	introduce  place, another ring             a peer                           -
//	change     who notices it, all             who came or went                 full tables only
//	lookup, read, write, depart: from outside
//
//	             found own place         last keys of the range came
//	joining ──────────────► unfilled ──────────────► on the ring
//	   ▲                   (answers "again")             │ depart
//	   └── crash ◄──────────────────────────────── leaving ──► left
//
// stabilise.go has sections 4.4 and 5, routing.go and lookup.go section 4.3,
// join.go joining and leaving, store.go, transfer.go and repair.go what is stored,
// merge.go how rings become one again after a partition, full.go full tables.
//
// A write is acknowledged when the copies are made, so it outlives as many
// failures at once as there are copies. Versions are counters with the writer's
// identity: when both sides of a partition have written a key, the larger version
// stays. That is no linearizable store: Chord does not promise one, and a node that
// wrongly believes to be responsible can accept a write that a newer version hides.
//
// A neighbour that is silent for some questions in a row is taken for failed; with
// loss, more attempts make wrong suspicions rare. PeerFailed of a failure detector
// on the same node is believed at once, PeerBack takes it back. While a node is
// read-only it refuses writes, its own and those of others.
//
// Liars are hardly defended against, as in the paper: a node that names itself as the
// answer of a lookup is believed, and one that denies a key is not doubted. Places are
// hashes of identities, so a liar cannot choose its own, and who claims to stand
// elsewhere is not believed.
package dht
