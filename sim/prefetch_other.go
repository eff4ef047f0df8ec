//go:build !amd64 && !arm64

package sim

// prefetch does nothing here.
func prefetch(_, _ *byte) {}
