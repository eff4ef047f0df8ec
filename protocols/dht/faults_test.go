package dht_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

func crash(at, down time.Duration, nodes sim.Selector) sim.Fault {
	return sim.Fault{Name: "crash", At: at, For: down, Crash: &sim.Crash{Nodes: nodes}}
}

// waves of crashes hit nodes again and again.
func waves(nodes sim.Selector) (list []sim.Fault) {
	for i := range 6 {
		f := crash(time.Duration(20+25*i)*time.Second, 20*time.Second, nodes)
		f.Name += string(rune('a' + i))
		list = append(list, f)
	}
	return list
}

// departures make nodes leave in order.
func departures(at time.Duration, nodes ...protocols.NodeID) sim.Workload {
	var s sim.Injections
	for _, id := range nodes {
		s = append(s, sim.Injection{At: at, To: id, Protocol: "dht", Message: dht.NewDepart()})
	}
	return s
}

// Whatever happens, the properties hold, and in the end the ring is whole.
func TestMesh(t *testing.T) {
	const n = 60
	all := sim.Selector{From: ids(0, n)}
	some := func(share uint64) sim.Selector { return sim.Selector{From: all.From, Share: draw.Ratio(share, 100)} }
	for _, tc := range []struct {
		name   string
		config func(c *dht.Config)
		faults []sim.Fault
		leave  []protocols.NodeID
		loss   uint64
	}{
		{name: "quiet"},
		{name: "loss", config: func(c *dht.Config) { c.Attempts = 5 }, loss: 3},
		{name: "a few crash", faults: []sim.Fault{crash(60*time.Second, 0, some(3))}},
		{name: "a third crashes", faults: []sim.Fault{crash(60*time.Second, 0, some(30))}},
		{name: "a third crashes and restarts", faults: []sim.Fault{crash(60*time.Second, 30*time.Second, some(30))}},
		{name: "the seeds crash and restart", faults: []sim.Fault{crash(60*time.Second, 30*time.Second, sim.Selector{From: ids(0, 8)})}},
		{name: "some leave", leave: ids(10, 30)},
		{name: "churn", faults: waves(some(5))},
		{name: "half is cut off", faults: []sim.Fault{{Name: "p", At: 40 * time.Second, For: 60 * time.Second, Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(30, n)}}}}}},
		{name: "pauses", faults: []sim.Fault{{Name: "p", At: 40 * time.Second, For: 30 * time.Second, Pause: &sim.Pause{Nodes: some(10)}}}},
		{name: "virtual", config: func(c *dht.Config) { c.Virtual = 3 }, faults: []sim.Fault{crash(60*time.Second, 40*time.Second, some(10))}},
		{name: "recursive", config: func(c *dht.Config) { c.Lookup, c.Attempts = "recursive", 5 }, faults: []sim.Fault{crash(60*time.Second, 40*time.Second, some(20))}, loss: 1},
		{name: "full", config: func(c *dht.Config) { c.Table = "full" }, faults: []sim.Fault{crash(60*time.Second, 40*time.Second, some(20))}, leave: ids(10, 20)},
		{name: "join", config: func(c *dht.Config) { c.Ring, c.Attempts = "join", 5 }, faults: []sim.Fault{crash(60*time.Second, 40*time.Second, some(20))}, loss: 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(2) {
				k := dht.Default()
				if tc.config != nil {
					tc.config(&k)
				}
				c := mesh(dht.New(k), seed, n, 300*time.Second)
				c.Network.Default.Loss.P = draw.Ratio(tc.loss, 100)
				c.Faults = tc.faults
				c.Workload = []sim.Workload{keys(n, 200, 30*time.Second, 299*time.Second, 250*time.Millisecond),
					lookups(n, 30*time.Second, 299*time.Second, 250*time.Millisecond), departures(50*time.Second, tc.leave...)}
				r := run(t, c)
				holds(t, tc.name, r)
				if last(r, "consistent") != 1 || last(r, "replicated") != 1 {
					t.Errorf("seed %d: at the end %v consistent, %v replicated", seed, last(r, "consistent"), last(r, "replicated"))
				}
				t.Logf("failed %v (unanswered %v, wrong %v, missing %v), lost %v, refused %v, path %v, stabilisation %v, members %v, events %v", scalar(t, r, "failed"), scalar(t, r, "unanswered"),
					scalar(t, r, "wrong"), scalar(t, r, "missing"), scalar(t, r, "lost"), scalar(t, r, "refused"), mean(r, "path_length"), scalar(t, r, "stabilisation"), last(r, "members"), r.Events)
			}
		})
	}
}
