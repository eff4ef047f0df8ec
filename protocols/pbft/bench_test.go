package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// oneRequest is one request among n replicas, with keys that cost virtual time
// alone.
func oneRequest(k pbft.Config, n int) sim.Config {
	l := load(1, 1)
	l.Reads = 0
	l.Timeout = time.Minute
	k.ViewTimeout, k.ViewTimeoutMax, k.Retransmit = time.Minute, time.Minute, 30*time.Second
	c := mesh(k, 1, n, 1, l)
	c.Checks = nil
	return c
}

// BenchmarkRequest is a request among n replicas, in the kernel: 2n(n-1)
// messages among them.
func BenchmarkVolatile(b *testing.B) {
	c := oneRequest(func() pbft.Config { k := pbft.Default(); k.Durable = false; return k }(), 100)
	for b.Loop() {
		run(b, c)
	}
}

func BenchmarkFree(b *testing.B) {
	c := oneRequest(func() pbft.Config { k := pbft.Default(); k.Durable = false; return k }(), 100)
	c.Groups[0].Crypto = &protocols.CryptoCosts{}
	for b.Loop() {
		run(b, c)
	}
}

func BenchmarkRequest(b *testing.B) {
	for _, n := range []int{4, 100, 1000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := oneRequest(pbft.Default(), n)
			b.ReportAllocs()
			for b.Loop() {
				r := run(b, c)
				if r.Kinds[pbft.KindReply].Delivered != uint64(n) {
					b.Fatalf("%d replies", r.Kinds[pbft.KindReply].Delivered)
				}
			}
		})
	}
}
