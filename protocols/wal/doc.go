// Package wal keeps a write-ahead log in one file of a node's disk: numbered
// records behind a head, each in a frame with its length and checksum, so that
// what a crash tore and what has rotted is told from what is whole.
//
// Records are only ever appended; to drop a suffix is to append a mark that says
// so. A prefix is dropped by [Log.Compact], which replaces the file as a whole and
// stores a head in front, such as a snapshot of what the prefix did. The log does
// not sync: its owner does, once for several records, before it answers.
//
//	frame    0  length of the payload · 4 + kind (head, record, cut), 4 bytes
//	         4  CRC-32C of these, 4 bytes
//	         8  number: of the record; of the first one after the head, less 1;
//	            of the first one that is cut off; 8 bytes
//	        16  CRC-32C of all other bytes of the frame, 4 bytes
//	        20  payload, and padding to a multiple of 8 bytes, whitened
//
// # What was torn, and what is damaged
//
// A crash leaves a first part of the frames that were not synced, or any of their
// sectors with zeros in the place of the others. That is a torn tail: nobody was
// told of it, and [Open] cuts it off. A frame that is bad though all of it was
// written has rotted since: somebody may have been told of it, so Open returns
// [ErrDamaged] and its caller decides. The payload is whitened with a stream of
// pseudo-random bytes, so that a sector of zeros, or the part of one in a frame, is
// one that was never written; and the length has a checksum of its own, so that a
// frame that goes on behind the end of the file is one that was torn. So the last
// frame counts as any other. (Alagappan et al., "Protocol-Aware Recovery for
// Consensus-Based Storage", FAST 2018, section 3.3.3, have a second copy for that.)
//
// A device whose syncs lie leaves a torn tail of what was promised, which nobody
// can tell.
package wal
