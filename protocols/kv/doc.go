// Package kv is the state machine that replicated protocols replicate: a store
// of keys and values with get, put, compare-and-swap and delete, and with client
// sessions that make each command take effect at most once.
//
// A [Command] goes through the protocol as bytes, [Store.Apply] turns these into
// the bytes of a [Result]. Equal commands in equal order give equal results,
// digests and snapshots on every replica, malformed ones included.
//
// # Values
//
// Keys and values are numbers, so that observations can tell of them. A value
// comes with a payload of as many bytes as the workload asks for: it makes
// messages, logs and snapshots as long as those of a real store, its bytes are
// zeros and are not kept. Value 0 means that there is none.
//
// # Sessions
//
// A client has one [Session] for each command that it has under way at a time,
// and numbers the commands of a session in ascending order, as with the
// timestamps of Castro and Liskov (OSDI 1999, 4.1) and the serial numbers of
// Ongaro's dissertation (2014, 6.3). The store keeps the last number and result
// of each session. A command with that number gets the result again, one with a
// smaller number is Stale and changes nothing. A client's node and slot make up
// the session, so there is never one too many, and none needs to expire.
//
// # Digests, snapshots and marks
//
// [Store.Digest] is the sum of a hash of each entry (AdHash: Bellare and
// Micciancio, EUROCRYPT 1997; in pBFT, Castro and Liskov, TOCS 2002, 6.3), so it
// costs as much as has changed since the last one. [Store.Mark] names the state
// as it is; the store can be taken back to a mark, or give a snapshot of it,
// until it is forgotten. That is what tentative execution and checkpoints need.
package kv
