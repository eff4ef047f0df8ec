package guard

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/scenarios"
	"meshsim/scenarios/sweep"
)

// planned is a case of nodes that gossip, the more the dearer.
func planned(t *testing.T, name string, nodes, repeat int) *Case {
	t.Helper()
	text := fmt.Sprintf("meshsim: 1\nname: %s\nrun: {duration: 2s, repeat: %d}\nnodes: {core: {count: %d}}\n"+
		"protocols: {gossip: {interval: 500ms}}\nworkload: [{publish: {from: core-0}}]\n", name, repeat, nodes)
	s, err := scenarios.Parse(name+".yaml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(s, nil, "v1", Asked{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Runs that do not fit into the budget are not begun: the cheap scenarios are
// whole, and nothing is begun after the end.
func TestBudget(t *testing.T) {
	cheap, middle, dear := planned(t, "cheap", 4, 6), planned(t, "middle", 8, 6), planned(t, "dear", 1000, 6)
	for _, c := range []struct {
		name    string
		budget  time.Duration
		skipped [3]int // of dear, cheap, middle
	}{
		{"no budget", 0, [3]int{0, 0, 0}},
		{"enough", time.Hour, [3]int{0, 0, 0}},
		{"the dear one does not fit", time.Minute, [3]int{6, 0, 0}},
		{"over after the first runs", time.Second, [3]int{6, 4, 6}},
		{"nothing", time.Nanosecond, [3]int{6, 6, 6}},
	} {
		store, err := sweep.OpenStore(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		clock := time.Unix(0, 0)
		share, done := 0.0, 0
		cases := []*Case{dear, cheap, middle}
		for _, k := range cases {
			k.Skipped = 0
		}
		err = Make(context.Background(), cases, Making{Store: store, Workers: 2, Budget: c.budget,
			Now: func() time.Time { return clock },
			Progress: func(s float64, d, runs int) {
				clock = clock.Add(time.Duration(d-done) * time.Second) // that each run takes
				if s < share-1e-9 || s > 1+1e-9 || d < done || runs != 18 {
					t.Errorf("%s: progress %g after %g, %d of %d runs after %d", c.name, s, share, d, runs, done)
				}
				share, done = s, d
			}})
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range cases {
			if err := k.Collect(store); err != nil {
				t.Fatal(err)
			}
			if k.Skipped != c.skipped[i] || k.Missing() != k.Skipped {
				t.Errorf("%s: %s: %d runs skipped, %d missing, want %d", c.name, k.Scenario.Name, k.Skipped, k.Missing(), c.skipped[i])
			}
		}
	}
}

// What was interrupted lacks runs, and goes on in the same store.
func TestInterrupted(t *testing.T) {
	store, err := sweep.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	c := planned(t, "cheap", 4, 6)
	ctx, stop := context.WithCancel(context.Background())
	o := Making{Store: store, Workers: 1, Now: time.Now, Progress: func(_ float64, done, _ int) {
		if done == 3 {
			stop()
		}
	}}
	for _, want := range []int{3, 0} {
		if err := Make(ctx, []*Case{c}, o); err != nil {
			t.Fatal(err)
		}
		if err := c.Collect(store); err != nil {
			t.Fatal(err)
		}
		if c.Missing() != want {
			t.Errorf("%d runs are missing, want %d", c.Missing(), want)
		}
		ctx = context.Background()
	}
}

// Every case is in one part, and dear ones are spread.
func TestShard(t *testing.T) {
	var cases []*Case
	for i, n := range []int{10, 200, 20, 300, 30, 250} {
		cases = append(cases, planned(t, fmt.Sprintf("c%d", i), n, 1))
	}
	var all []*Case
	for i := 1; i <= 3; i++ {
		part := Shard(cases, sweep.Shard{Index: i, Count: 3})
		dear := 0
		for _, c := range part {
			if len(c.Runs()) > 0 && c.Plan.Points[0].Events > cases[4].Plan.Points[0].Events {
				dear++
			}
		}
		if len(part) != 2 || dear != 1 {
			t.Errorf("part %d has %d cases, %d of them dear", i, len(part), dear)
		}
		all = append(all, part...)
	}
	for _, c := range cases {
		if !slices.Contains(all, c) {
			t.Errorf("%s is in no part", c.Scenario.Name)
		}
	}
	if got := Shard(cases, sweep.Shard{}); len(got) != len(cases) {
		t.Errorf("without parts: %d", len(got))
	}
}

// What a case guards: what the scenario expects something of, messages and bytes,
// what is named, and what the baseline has.
func TestGuarded(t *testing.T) {
	load := func(set ...string) *scenarios.Scenario {
		s, err := scenarios.Load("testdata/guarded/rumors.yaml", set)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	names := func(c *Case) (out []string) {
		for _, g := range c.Guarded {
			out = append(out, g.Name()+" "+g.Better+" "+g.Margin.String())
		}
		return out
	}
	base := &Baseline{Runs: make([]Run, 7), Metrics: []Metric{{Metric: "gossip.residue", Statistic: "max", Margin: Margin{0.3, true}},
		{Metric: "gossip.of_old", Statistic: "value"}, {Metric: "net.bytes", Statistic: "value", Margin: Margin{0.2, true}}}}
	c, err := New(load(), base, "v1", Asked{Metrics: []string{"net.latency_mean", "raft.term", "run.events", "net.messages"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"gossip.coverage last larger 5%", "gossip.convergence_time mean smaller 5%", "gossip.convergence_time p95 smaller 5%",
		"gossip.messages_per_delivery smaller 5%", "net.messages smaller 5%", "net.bytes smaller 20%", "run.events smaller 5%", "gossip.residue max smaller 30%"}
	if got := names(c); !slices.Equal(got, want) {
		t.Errorf("guarded:\n%q\nwant\n%q", got, want)
	}
	if len(c.Lost) != 1 || c.Lost[0].Metric != "gossip.of_old" || len(c.Runs()) != 7 {
		t.Errorf("lost %v, %d runs", c.Lost, len(c.Runs()))
	}
	if c, err = New(load(), base, "v1", Asked{Repeat: 3}); err != nil || len(c.Runs()) != 3 {
		t.Errorf("%v, %d runs", err, len(c.Runs()))
	}
	// An objective says which values are better; the sweep itself is not run.
	swept := `sweep={matrix: {protocols.gossip.fanout: [1, 2, 3]}, objective: {metric: run.events, direction: max}}`
	if c, err = New(load(swept), nil, "v1", Asked{}); err != nil || len(c.Plan.Points) != 1 || len(c.Runs()) != 20 || names(c)[0] != "run.events larger 5%" {
		t.Errorf("%v, %q", err, names(c))
	}
}

// The subject is that of the scenario, whatever its seed.
func TestSubject(t *testing.T) {
	of := func(set ...string) string {
		s, err := scenarios.Load("testdata/guarded/rumors.yaml", set)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(s, nil, "v1", Asked{})
		if err != nil {
			t.Fatal(err)
		}
		return c.Subject
	}
	if of() != of("run.seed=7") || of() != of("run.repeat=3") || of() == of("protocols.gossip.fanout=3") {
		t.Error("the subject follows from something else")
	}
}

func TestPlaces(t *testing.T) {
	text := []byte("meshsim: 1\nname: x\nnodes: {core: {count: 3}}\nprotocols: {gossip: {}}\nexpect:\n  always: [gossip.validity]\n" +
		"  thresholds:\n    net.messages: [mean < 5, max < 9]\n    net.bytes: mean < 5\n")
	got := Places(text, []string{"expect.always[0]", "expect.thresholds.net.messages[1]", "expect.thresholds.net.bytes[0]", "expect.thresholds.run.events"})
	for path, want := range map[string]Place{"expect.always[0]": {6, 12}, "expect.thresholds.net.messages[1]": {8, 30},
		"expect.thresholds.net.bytes[0]": {9, 16}, "expect.thresholds.run.events": {8, 5}} {
		if got[path] != want {
			t.Errorf("%s is at %v, want %v", path, got[path], want)
		}
	}
}
