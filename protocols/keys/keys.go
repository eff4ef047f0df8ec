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

// Measured are the costs on one core of a server of 2023 (AMD EPYC 9004, Go
// 1.26, `meshsim bench crypto`), rounded.
var Measured = protocols.CryptoCosts{
	Sign:   26 * time.Microsecond,
	Verify: 56 * time.Microsecond,
	Tag:    500 * time.Nanosecond,
}
