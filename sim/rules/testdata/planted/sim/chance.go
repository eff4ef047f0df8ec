package sim

import (
	"crypto/ed25519"
	crand "crypto/rand" // want random
	"hash/maphash"      // want random
	"math/rand"         // want random
	v2 "math/rand/v2"   // want random
)

func chances(seed []byte) int {
	_, _, _ = ed25519.GenerateKey(nil) // want random
	_ = ed25519.NewKeyFromSeed(seed)
	_, _ = crand.Read(seed)
	return rand.Int() + v2.Int() + int(maphash.Bytes(maphash.MakeSeed(), seed))
}
