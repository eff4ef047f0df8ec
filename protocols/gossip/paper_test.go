package gossip_test

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/gossip"
	"meshsim/protocols/protocoltest"
)

// synchronous is the model of the papers: cycles of a second, one partner.
func synchronous(mode string) gossip.Config {
	c := gossip.Default()
	c.Mode, c.Fanout, c.Interval, c.Phase = mode, 1, time.Second, "synchronous"
	return c
}

// mean is an estimate with its standard error.
type mean struct {
	n            int
	sum, squares float64
}

func (m *mean) add(x float64) { m.n++; m.sum += x; m.squares += x * x }

func (m *mean) value() float64 { return m.sum / float64(m.n) }

func (m *mean) stderr() float64 {
	n := float64(m.n)
	return math.Sqrt(max(m.squares-m.sum*m.sum/n, 0) / (n - 1) / n)
}

// near fails unless m agrees with want to within four standard errors and the
// rounding of the printed figure.
func (m *mean) near(t *testing.T, what string, want, rounding float64) {
	t.Helper()
	if d := math.Abs(m.value() - want); d > 4*m.stderr()+rounding {
		t.Errorf("%s is %.5f ± %.5f, want %v", what, m.value(), m.stderr(), want)
	} else {
		t.Logf("%s %.5f ± %.5f, published %v", what, m.value(), m.stderr(), want)
	}
}

// spread publishes one rumor in cycle 0 and returns the probe's figures once
// everybody knows it, or after so many cycles.
func spread(c gossip.Config, n, cycles int, seed uint64) *protocols.Figures {
	cl := protocoltest.NewCluster(gossip.New(c), n, protocoltest.Options{Seed: seed})
	cl.Run(c.Interval / 2)
	cl.Inject(0, gossip.NewPublish([]byte("news")))
	for range cycles {
		cl.Run(c.Interval)
		if c.Interest == "forever" && cl.Observed[gossip.Delivered].Count == uint64(n-1) {
			break
		}
	}
	return cl.Figures()
}

func item(f *protocols.Figures, metric string) (v float64, ok bool) {
	for _, it := range f.Items {
		if it.Metric == metric {
			return it.Value, !it.Censored
		}
	}
	return 0, false
}

func scalar(f *protocols.Figures, metric string) float64 {
	for _, p := range f.Scalars {
		if p.Metric == metric {
			return p.Value
		}
	}
	return math.NaN()
}

// Demers et al., "Epidemic algorithms for replicated database maintenance",
// PODC 1987, Tables 1 to 3: "… on 1000 sites".
func TestDemersTables(t *testing.T) {
	tests := []struct {
		table, mode, interest string
		feedback              bool
		k, cycles             int
		residue, m, tLast     float64
		// half a unit of the last printed digit
		residueStep, mStep, tStep float64
	}{
		{"1", "push", "counter", true, 1, 60, 0.18, 1.7, 16.8, .005, .05, .05},
		{"1", "push", "counter", true, 2, 60, 0.037, 3.3, 16.9, .0005, .05, .05},
		{"1", "push", "counter", true, 3, 60, 0.011, 4.5, 17.4, .0005, .05, .05},
		{"1", "push", "counter", true, 4, 60, 0.0036, 5.6, 17.5, .00005, .05, .05},
		{"1", "push", "counter", true, 5, 60, 0.0012, 6.7, 17.7, .00005, .05, .05},
		{"2", "push", "coin", false, 2, 100, 0.20, 1.6, 33, .005, .05, .5},
		{"2", "push", "coin", false, 3, 100, 0.060, 2.8, 32, .0005, .05, .5},
		{"2", "push", "coin", false, 4, 100, 0.021, 3.9, 32, .0005, .05, .5},
		{"3", "pull", "counter", true, 1, 60, 0.031, 2.7, 17.6, .0005, .05, .05},
		{"3", "pull", "counter", true, 2, 60, 0.00058, 4.5, 15.4, .000005, .05, .05},
	}
	for _, tc := range tests {
		c := synchronous(tc.mode)
		c.Interest, c.Feedback, c.K = tc.interest, tc.feedback, tc.k
		c.Retention = time.Hour
		var residue, m, tLast mean
		for seed := range 24 {
			f := spread(c, 1000, tc.cycles, uint64(seed))
			s, _ := item(f, "residue")
			last, _ := item(f, "t_last")
			if s > .9 {
				continue // the paper's runs are those in which the rumor took hold
			}
			residue.add(s)
			tLast.add(last)
			m.add(scalar(f, "updates_per_node"))
		}
		name := "Table " + tc.table + " k=" + string(rune('0'+tc.k))
		residue.near(t, name+" s", tc.residue, tc.residueStep)
		m.near(t, name+" m", tc.m, tc.mStep)
		tLast.near(t, name+" t_last", tc.tLast, tc.tStep)
	}
}

// Pittel 1987 and Karp et al. 2000: rounds until everybody is informed, with f
// distinct partners a round.
func TestRoundsToInform(t *testing.T) {
	want := map[string][]float64{
		"push":      {18.16, 10.71, 8.18, 6.93, 6.09},
		"push-pull": {9.11, 6.17, 5.07, 4.87, 4.05},
	}
	for _, mode := range []string{"push", "push-pull"} {
		for i, w := range want[mode] {
			c := synchronous(mode)
			c.Fanout = i + 1
			var rounds mean
			for seed := range 20 {
				r, ok := item(spread(c, 1000, 40, uint64(seed)), "rounds")
				if !ok {
					t.Fatalf("%s, %d partners: somebody was not informed in 30 rounds", mode, i+1)
				}
				rounds.add(r)
			}
			rounds.near(t, mode+" rounds with fanout "+string(rune('1'+i)), w, .05)
		}
	}
}
