package main

import (
	"testing"
	"time"
)

// Each primitive is measured in rounds of its own number of calls; the fastest
// round counts, the median stands behind it.
func TestBenchCrypto(t *testing.T) {
	a, out, stderr := testApp(t)
	calls := 0
	now := time.Unix(0, 0)
	a.now = func() time.Time { // every second reading ends a round; the first rounds are slow
		if calls++; calls%2 == 0 {
			now = now.Add(2604 * time.Microsecond)
			if calls < 600 {
				now = now.Add(2604 * time.Microsecond)
			}
		}
		return now
	}
	if code := a.main([]string{"bench", "crypto"}); code != exitHolds || stderr.Len() > 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	want := "sign     26us     an ed25519 signature of a digest (median 52us)\n" +
		"verify   52us     the check of one (median 100us)\n" +
		"tag      520ns    an HMAC-SHA-256 of a digest (median 1us)\n\n" +
		"in a scenario, for nodes with a core like this one:\n  cpu: {sign: 26us, verify: 52us, tag: 520ns}\n"
	if out.String() != want {
		t.Errorf("it prints\n%swant\n%s", out, want)
	}
}
