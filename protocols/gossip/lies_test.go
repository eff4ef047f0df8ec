package gossip_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/gossip"
	"meshsim/sim"
)

// liars is a mesh of 40 nodes that gossip, keep a state and average, of which
// the first are Byzantine; honest nodes publish, write and have numbers.
func liars(c gossip.Config, count int, b protocols.Behaviour) sim.Config {
	p := byzantine.Wrap(gossip.New(c), nil)
	cfg := sim.Config{Seed: 3, Duration: 25 * time.Second, Sample: time.Second, Probes: true,
		Groups:  []sim.Group{{Name: "mesh", Count: 40, Stack: []*protocols.Protocol{p}}},
		Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: 10 * time.Millisecond}}},
		Goals:   map[string][]float64{"gossip.coverage": {1}},
	}
	if c.AntiEntropy != nil {
		cfg.Goals["gossip.agreement"] = []float64{1}
	}
	var list sim.Injections
	for i := range 5 {
		at, to := time.Duration(i+1)*time.Second, protocols.NodeID(39-i)
		list = append(list, sim.Injection{At: at, To: to, Protocol: "gossip", Message: gossip.NewPublish([]byte(fmt.Sprint("rumor ", i)))})
		if c.AntiEntropy != nil {
			list = append(list, sim.Injection{At: at, To: to, Protocol: "gossip", Message: gossip.NewPut(fmt.Sprint("key ", i), []byte("value"))})
		}
	}
	cfg.Workload = []sim.Workload{list}
	for _, spec := range p.Checkers {
		cfg.Checks = append(cfg.Checks, sim.Check{Protocol: "gossip", Spec: spec})
	}
	if count > 0 {
		var nodes []protocols.NodeID
		for id := range protocols.NodeID(count) {
			nodes = append(nodes, id)
		}
		cfg.Faults = []sim.Fault{{Name: "liars", Byzantine: &sim.Byzantine{Nodes: sim.Selector{From: nodes}, Behaviour: b}}}
	}
	return cfg
}

// state is gossip with a replicated state, in push-pull.
func state() gossip.Config {
	c := gossip.Default()
	c.Interval = time.Second
	c.AntiEntropy = gossip.DefaultAntiEntropy()
	c.AntiEntropy.Interval = time.Second
	return c
}

// averages is gossip with aggregation.
func averages() gossip.Config {
	c := gossip.Default()
	c.Aggregation = gossip.DefaultAggregation()
	c.Aggregation.Initial = "uniform"
	return c
}

// Each lie is found by the checker that it breaks, and by no other; what breaks
// no promise is found by none.
func TestLies(t *testing.T) {
	for _, x := range []struct {
		name     string
		config   gossip.Config
		violated string // checkers, and what they say
	}{
		{"poison", gossip.Default(), "validity: another payload; consistency: another payload"},
		{"poison", state(), "validity: another; consistency: another payload"},
		{"invent", gossip.Default(), "validity: nobody has published it"},
		{"withhold", state(), ""},
		{"wrong-version", state(), "validity: nobody has made it"},
		{"wrong-aggregate", averages(), ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			honest, err := sim.Run(liars(x.config, 0, nil))
			if err != nil || len(honest.Violations) > 0 {
				t.Fatalf("honest nodes: %v %v", honest.Violations, err)
			}
			c := liars(x.config, 4, &byzantine.Lie{Name: x.name})
			c.Wire = true
			r, err := sim.Run(c)
			if err != nil {
				t.Fatal(err)
			}
			var left []string
			if x.violated != "" {
				left = strings.Split(x.violated, "; ")
			}
			for _, v := range r.Violations {
				i := slices.IndexFunc(left, func(s string) bool {
					check, text, _ := strings.Cut(s, ": ")
					return check == v.Check && strings.Contains(v.Text, text)
				})
				if i < 0 {
					t.Errorf("%s is violated: node %d: %s", v.Check, v.Node, v.Text)
					continue
				}
				left = slices.Delete(left, i, i+1)
			}
			if len(left) > 0 {
				t.Errorf("not violated: %v", left)
			}
		})
	}
}

// when is how long the items of a metric took to reach 100%, on average; items
// that did not within the run count to its end.
func when(r *sim.Result, metric string) (mean time.Duration, reached int) {
	for _, x := range r.Figures["gossip"].Reached {
		if x.Metric != metric {
			continue
		}
		if reached++; !x.OK {
			reached--
			x.After = 25*time.Second - time.Duration(x.Since)
		}
		mean += x.After / 5
	}
	return mean, reached
}

// Those who forward half of the rumors slow all of them down; those who hand
// over half of the writes, as if there were no more, keep the others from ever
// getting them.
func TestWithhold(t *testing.T) {
	run := func(count int) *sim.Result {
		r, err := sim.Run(liars(state(), count, &byzantine.Lie{Name: "withhold"}))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	honest, lied := run(0), run(20)
	a, all := when(honest, "coverage")
	b, most := when(lied, "coverage")
	if all != 5 || most != 5 || b < a+a/10 {
		t.Errorf("rumors come to all in %v, with liars in %v; %d and %d of 5 do", a, b, all, most)
	}
	_, all = when(honest, "agreement")
	if _, some := when(lied, "agreement"); all != 5 || some >= 5 {
		t.Errorf("%d writes come to all, with liars %d; want 5, and fewer", all, some)
	}
}

// One who is wrong by a million, where the values are below a million each, spoils
// every aggregate for all.
func TestWrongAggregate(t *testing.T) {
	for _, function := range []string{"average", "sum", "count", "min", "max"} {
		for _, exchange := range []string{"push-pull", "push-sum"} {
			c := averages()
			if c.Aggregation.Function, c.Aggregation.Exchange = function, exchange; exchange == "push-sum" && (function == "min" || function == "max") {
				continue
			}
			var last [2]float64
			for i, count := range []int{0, 1} {
				r, err := sim.Run(liars(c, count, &byzantine.Lie{Name: "wrong-aggregate"}))
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range r.Figures["gossip"].Points {
					if p.Metric == "estimate_error" {
						last[i] = p.Value
					}
				}
			}
			if last[0] > 0.15 || last[1] < 0.5 {
				t.Errorf("%s by %s: the error at the end is %v, with a liar %v; want about 0, and above 0.5", function, exchange, last[0], last[1])
			}
		}
	}
}

// A rumor whose origin lies is no breach of validity, but of consistency if it
// says two things.
func TestLyingOrigin(t *testing.T) {
	for _, x := range []struct {
		b    protocols.Behaviour
		want string
	}{
		{&byzantine.Lie{Name: "poison"}, ""},
		{&byzantine.Equivocate{Name: "poison", Sides: 2}, "consistency"},
	} {
		c := liars(gossip.Default(), 1, x.b)
		c.Workload = []sim.Workload{sim.Injections{{At: time.Second, To: 0, Protocol: "gossip", Message: gossip.NewPublish([]byte("of a liar"))}}}
		r, err := sim.Run(c)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, v := range r.Violations {
			got += v.Check
		}
		if got != x.want {
			t.Errorf("%v: violated is %q, want %q", x.b, got, x.want)
		}
	}
}
