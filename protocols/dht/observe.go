package dht

import "meshsim/protocols"

// What nodes observe. Keys and values are given behind each. A place stands for a
// virtual node, and a packed peer has the node above its lowest 16 bits.
const (
	Joined      protocols.ObservationKind = iota // a virtual node is on the ring: its place, packed peer
	Filled                                       // it has the keys of its range: its place, packed peer
	Left                                         // it left in order: its place, packed peer
	Successor                                    // the first of its successors is another: its place, packed peer
	Predecessor                                  // so is its predecessor: its place, packed peer
	Path                                         // an operation ended: kind above the lowest 16 bits and hops, nanoseconds since it began
	Answered                                     // follows Path: the key, who is responsible as a packed peer
	GaveUp                                       // follows Path: the key, the kind
	Wrote                                        // a value is stored, and has its copies: key, version
	WasRead                                      // what was stored: key, version, 0 if nothing is
	Served                                       // a virtual node answered as the one responsible: key, packed peer
	Held                                         // the node holds a key: key, version
	Dropped                                      // it holds it no longer: key, version
	Refused                                      // an operation was refused: its kind, key
	Maintained                                   // a lookup for the ring itself ended: its kind, messages
)

var observationNames = []string{"joined", "filled", "left", "successor", "predecessor", "path", "answered", "gave-up", "wrote", "read",
	"served", "held", "dropped", "refused", "maintained"}
