package keys

import (
	"crypto/sha256"
	"testing"

	"meshsim/protocols"
)

var kinds = map[string]New{"real": Real, "costed": Costed}

// What one node signed, nobody else signed, and nothing else was signed by it.
func TestSignature(t *testing.T) {
	for name, make := range kinds {
		c := make(7)
		d := protocols.Digest(sha256.Sum256([]byte("a request")))
		s := c.Sign(3, d)
		first, again := c.Verify(3, d, &s), c.Verify(3, d, &s) // the second answer is remembered
		if !first || !again || !make(7).Verify(3, d, &s) {
			t.Errorf("%s: a true signature is refused", name)
		}
		if c.Verify(4, d, &s) || make(8).Verify(3, d, &s) {
			t.Errorf("%s: a signature passes for another's", name)
		}
		for bit := range 8 * len(d) {
			other := d
			other[bit/8] ^= 1 << (bit % 8)
			if c.Verify(3, other, &s) {
				t.Fatalf("%s: a signature passes for a digest whose bit %d differs", name, bit)
			}
		}
		for bit := range 8 * len(s) {
			forged := s
			forged[bit/8] ^= 1 << (bit % 8)
			if c.Verify(3, d, &forged) {
				t.Fatalf("%s: a signature whose bit %d flipped passes", name, bit)
			}
		}
	}
}

// A node signs as itself and as its accomplices, and as nobody else.
func TestSignAs(t *testing.T) {
	env := protocols.Env{Self: 1, Crypto: Costed(7), Costs: &Measured, Accomplices: []protocols.NodeID{3, 4}}
	for id := range protocols.NodeID(6) {
		s, ok := env.SignAs(id, protocols.Digest{1})
		if want := id == 1 || id == 3 || id == 4; ok != want || ok != env.Verify(id, protocols.Digest{1}, &s) {
			t.Errorf("signing as %d: %v, want %v", id, ok, want)
		}
	}
}

// A tag holds for one pair in one direction.
func TestTag(t *testing.T) {
	for name, make := range kinds {
		c := make(7)
		d := protocols.Digest(sha256.Sum256([]byte("a prepare")))
		tag := c.Tag(1, 2, d)
		if tag != make(7).Tag(1, 2, d) {
			t.Errorf("%s: two runs make different tags", name)
		}
		for _, other := range []protocols.Tag{c.Tag(2, 1, d), c.Tag(1, 3, d), c.Tag(3, 2, d), c.Tag(1, 2, protocols.Digest{}), make(8).Tag(1, 2, d)} {
			if other == tag {
				t.Errorf("%s: a tag passes for another pair, digest or seed", name)
			}
		}
	}
}

// What is remembered is bounded.
func TestVerifiedIsBounded(t *testing.T) {
	r := Real(1).(*real)
	for i := range maxVerified {
		r.verified[proof{by: protocols.NodeID(i)}] = false
	}
	s := r.Sign(1, protocols.Digest{})
	if !r.Verify(1, protocols.Digest{}, &s) || len(r.verified) != 1 {
		t.Errorf("%d proofs are remembered", len(r.verified))
	}
}

func BenchmarkVerify(b *testing.B) {
	for name, make := range kinds {
		b.Run(name, func(b *testing.B) {
			c := make(1)
			for i := range b.N {
				d := protocols.Digest{byte(i), byte(i >> 8), byte(i >> 16), byte(i >> 24)}
				s := c.Sign(1, d)
				if !c.Verify(1, d, &s) {
					b.Fatal("refused")
				}
			}
		})
	}
}
