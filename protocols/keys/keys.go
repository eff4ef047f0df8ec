// Package keys is the arithmetic behind signatures and tags, in two kinds.
// [Real] is ed25519 and HMAC-SHA-256. [Costed] puts a keyed hash of a few
// nanoseconds in their place, which only the holder of the key can make as long
// as everybody goes through the [protocols.Env]: a thousand replicas can be
// simulated with it. Both charge the same virtual time, that of [Measured]
// unless the scenario says otherwise, and no protocol can tell them apart but by
// the bytes.
//
// All keys derive from the seed of the run, so two runs sign alike.
package keys

import (
	"time"

	"meshsim/protocols"
)

// New makes the arithmetic for one goroutine.
type New func(seed uint64) protocols.Crypto

// Measured are the costs on one core of a server of 2026 (AMD EPYC, Go 1.26.8,
// amd64): what `meshsim bench crypto` prints there, the fastest of 151 rounds of
// 2 ms, the same in five runs. A tag is that of a node that has the key at hand,
// by the processor's instructions for SHA-256.
var Measured = protocols.CryptoCosts{
	Sign:   22 * time.Microsecond,
	Verify: 51 * time.Microsecond,
	Tag:    140 * time.Nanosecond,
}
