//go:build amd64 || arm64

package sim

// prefetch asks the cache for two lines and does not wait for them. Any address
// will do, nil too. It changes nothing that a program could see.
//
//go:noescape
func prefetch(a, b *byte)
