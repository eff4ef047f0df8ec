package quorum_test

import (
	"slices"
	"testing"

	"meshsim/protocols/draw"
	"meshsim/protocols/quorum"
)

func TestTable(t *testing.T) {
	for _, c := range []struct{ n, majority, crashes, faults, byzantine int }{
		{0, 1, 0, 0, 1}, {1, 1, 0, 0, 1}, {2, 2, 0, 0, 2}, {3, 2, 1, 0, 2}, {4, 3, 1, 1, 3},
		{5, 3, 2, 1, 4}, {6, 4, 2, 1, 4}, {7, 4, 3, 2, 5}, {8, 5, 3, 2, 6}, {10, 6, 4, 3, 7},
		{31, 16, 15, 10, 21}, {100, 51, 49, 33, 67}, {1000, 501, 499, 333, 667},
	} {
		got := []int{quorum.Majority(c.n), quorum.MaxCrashes(c.n), quorum.MaxFaults(c.n), quorum.Byzantine(c.n, quorum.MaxFaults(c.n))}
		if want := []int{c.majority, c.crashes, c.faults, c.byzantine}; !slices.Equal(got, want) {
			t.Errorf("n = %d: majority, crashes, faults, quorum are %v, want %v", c.n, got, want)
		}
	}
}

// What quorums are for, by counting: two sets of q and r of n share at least
// q+r-n. One less would not do.
func TestIntersection(t *testing.T) {
	for n := 1; n < 200; n++ {
		q := quorum.Majority(n)
		if 2*q-n < 1 || 2*(q-1)-n >= 1 {
			t.Errorf("two majorities of %d share %d", n, 2*q-n)
		}
		if q > n-quorum.MaxCrashes(n) {
			t.Errorf("the %d of %d that are up are no majority", n-quorum.MaxCrashes(n), n)
		}
		for f := 0; f <= quorum.MaxFaults(n); f++ {
			q := quorum.Byzantine(n, f)
			if 2*q-n < quorum.Weak(f) || 2*(q-1)-n >= quorum.Weak(f) {
				t.Errorf("two quorums of %d with %d liars share %d", n, f, 2*q-n)
			}
			if q > n-f {
				t.Errorf("the %d correct of %d are no quorum of %d", n-f, n, q)
			}
			if n == quorum.MinReplicas(f) && q != 2*f+1 {
				t.Errorf("n = 3f+1 = %d: quorum %d, want 2f+1", n, q)
			}
		}
	}
	if f := quorum.MaxFaults(12); quorum.Byzantine(12, f+1) <= 12-(f+1) {
		t.Error("with one liar too many the correct replicas are still a quorum")
	}
}

// A set against a dumb one.
func TestSet(t *testing.T) {
	for seed := range uint64(100) {
		rand := draw.New(seed)
		n := 1 + rand.IntN(200)
		s, dumb := quorum.NewSet(n), make([]bool, n)
		for range 300 {
			place := rand.IntN(n)
			if fresh := s.Add(place); fresh == dumb[place] {
				t.Fatalf("seed %d: adding %d says %v", seed, place, fresh)
			}
			dumb[place] = true
			if rand.IntN(50) == 0 {
				s.Clear()
				clear(dumb)
			}
			var want []int
			for i, in := range dumb {
				if in != s.Has(i) {
					t.Fatalf("seed %d: %d is in the set: %v", seed, i, !in)
				}
				if in {
					want = append(want, i)
				}
			}
			if got := s.Places(nil); !slices.Equal(got, want) || s.Count() != len(want) || s.Has(n+64) {
				t.Fatalf("seed %d: the set is %v of %d, want %v", seed, got, s.Count(), want)
			}
		}
	}
	if zero := (quorum.Set{}); zero.Has(0) || zero.Count() != 0 {
		t.Error("the zero set is not empty")
	}
}
