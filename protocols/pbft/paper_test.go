package pbft_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// free is a cluster in which computing costs nothing, and clients who ask for one
// operation after the other.
func free(k pbft.Config, seed uint64, replicas, operations int, reads draw.Probability) sim.Config {
	l := load(operations, 1)
	l.Reads, l.Timeout = reads, time.Minute
	k.ViewTimeout, k.ViewTimeoutMax, k.Retransmit = time.Minute, time.Minute, time.Minute
	c := mesh(k, seed, replicas, 1, l)
	c.Duration = time.Duration(operations)*5*time.Second + 5*time.Second
	for i := range c.Groups {
		c.Groups[i].Crypto = &protocols.CryptoCosts{}
	}
	return c
}

// In the normal case a request takes n-1 pre-prepares, (n-1)² prepares and n(n-1)
// commits among n replicas, 2n(n-1) in all; with the client's request and n
// replies 2n²-n+1 (Castro and Liskov 1999, section 4.2).
func TestMessages(t *testing.T) {
	for _, n := range []int{4, 5, 7, 10} {
		for _, a := range []string{pbft.Signatures, pbft.MACs} {
			k := pbft.Default()
			k.Authentication = a
			const operations = 10
			r := run(t, free(k, 1, n, operations, 0))
			violations(t, n, r)
			want := map[string]uint64{"request": 1, "pre-prepare": uint64(n - 1), "prepare": uint64((n - 1) * (n - 1)),
				"commit": uint64(n * (n - 1)), "reply": uint64(n)}
			total := uint64(0)
			for _, k := range r.Kinds {
				if k.Sent != operations*want[k.Kind] {
					t.Errorf("n = %d: %d messages %s for %d requests, want %d each", n, k.Sent, k.Kind, operations, want[k.Kind])
				}
				total += k.Sent
			}
			if total != uint64(operations*(2*n*n-n+1)) {
				t.Errorf("n = %d: %d messages for %d requests, want %d each", n, total, operations, 2*n*n-n+1)
			}
			if v, _ := r.Scalar("pbft.messages_per_request"); v != float64(2*n*(n-1)) {
				t.Errorf("n = %d: %v messages a request among replicas, want %d", n, v, 2*n*(n-1))
			}
		}
	}
}

// A request takes five message delays: request, pre-prepare, prepare, commit,
// reply. Tentative execution saves the commit, a read-only request takes two
// (section 5.1).
func TestDelays(t *testing.T) {
	const latency = 10 * time.Millisecond
	for _, x := range []struct {
		tentative, readOnly bool
		reads               draw.Probability
		delays              int
	}{
		{false, false, 0, 5}, {true, false, 0, 4}, {false, true, 0, 5}, {true, true, 0, 4},
		{false, false, draw.Always, 5}, {false, true, draw.Always, 2}, {true, true, draw.Always, 2},
	} {
		k := pbft.Default()
		k.Tentative, k.ReadOnly = x.tentative, x.readOnly
		r := run(t, free(k, 1, 4, 8, x.reads))
		violations(t, x, r)
		items := r.Items("pbft.request_latency")
		for _, it := range items {
			if want := time.Duration(x.delays) * latency; it.Censored || math.Abs(it.Value-want.Seconds()) > 1e-9 {
				t.Errorf("%+v: latency %v, want %d delays of %v", x, it.Value, x.delays, latency)
			}
		}
		if len(items) != 8 {
			t.Errorf("%+v: %d operations, want 8", x, len(items))
		}
	}
}

// With one-way delays of N(250 ms, 50 ms), the time from the pre-prepare until
// all but f replicas have committed: means from simulated order statistics.
func TestNormalDelays(t *testing.T) {
	for _, x := range []struct {
		n    int
		want float64 // ms
	}{{4, 732.8}, {10, 784.8}} {
		c := free(pbft.Default(), 3, x.n, 1500, 0)
		c.Checks = nil
		d, err := draw.Normal(0, int64(50*time.Millisecond))
		if err != nil {
			t.Fatal(err)
		}
		c.Network.Default.Latency = sim.Latency{Base: 250 * time.Millisecond, Jitter: d, Floor: time.Millisecond}
		r := run(t, c)
		sum, squares := 0.0, 0.0
		items := r.Items("pbft.commit_time")
		for _, it := range items {
			sum, squares = sum+it.Value*1e3, squares+it.Value*it.Value*1e6
		}
		count := float64(len(items))
		mean := sum / count
		se := math.Sqrt((squares/count - mean*mean) / count)
		t.Logf("n = %d: %.1f ms ± %.1f, of %d", x.n, mean, se, len(items))
		if len(items) != 1500 || math.Abs(mean-x.want) > 4*se+0.5 {
			t.Errorf("n = %d: %.1f ms ± %.1f of %d requests, want %.1f ms", x.n, mean, se, len(items), x.want)
		}
	}
}

// Without synchrony there may be no progress, but never a violation; when it is
// back after 30 s, all that was asked for is done.
func TestAsynchrony(t *testing.T) {
	for seed := range uint64(6) {
		k := quick([]string{pbft.Signatures, pbft.MACs}[seed%2])
		k.ViewTimeout, k.ViewTimeoutMax = 200*time.Millisecond, 3*time.Second
		c := mesh(k, seed, 4, 2, busy(30))
		all := sim.Selector{From: ids(0, 6)}
		c.Faults = []sim.Fault{{Name: "asynchrony", For: 30 * time.Second, Degrade: &sim.Degrade{
			From: all, To: all, Jitter: draw.Uniform(0, int64(4*time.Second)), Loss: draw.Ratio(1, 5)}}}
		c.Duration = 90 * time.Second
		c.Sample = time.Second
		r := run(t, c)
		violations(t, fmt.Sprint("asynchronous, seed ", seed), r)
		if wanted, _ := r.Scalar("pbft.views_wanted"); wanted < 20 {
			t.Errorf("seed %d: %v views were wanted: the delays are too tame", seed, wanted)
		}
		if done, _ := r.Scalar("pbft.operations_completed"); done != 60 {
			t.Errorf("seed %d: %v of 60 operations are done", seed, done)
		}
	}
}
