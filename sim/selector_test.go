package sim

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// crashed lists who crashed, in the order of the total order.
func crashed(t *testing.T, c Config) []protocols.NodeID {
	var ids []protocols.NodeID
	for _, e := range runBy(t, c, way{workers: 1}, nil).trace {
		if e.What == TraceCrash {
			ids = append(ids, e.Node)
		}
	}
	return ids
}

// crashOf is a Config in which one fault crashes a selection of 200 nodes.
func crashOf(s Selector) Config {
	c := meshOf(200, &script{}, ms)
	c.Faults = []Fault{{Name: "f", At: 10 * ms, Crash: &Crash{Nodes: s}}}
	return c
}

// A share is rounded to the nearest, a larger share contains the smaller one,
// and a count is a share by another name.
func TestSelectorsNest(t *testing.T) {
	inside := map[protocols.NodeID]bool{}
	for percent := 1; percent <= 100; percent++ {
		ids := crashed(t, crashOf(Selector{Share: draw.Ratio(uint64(percent), 100)}))
		if len(ids) != 2*percent {
			t.Errorf("%d%% of 200 are %d nodes", percent, len(ids))
		}
		now := map[protocols.NodeID]bool{}
		for _, id := range ids {
			now[id] = true
		}
		for id := range inside {
			if !now[id] {
				t.Errorf("node %d is among %d%%, but not among %d%%", id, percent-1, percent)
			}
		}
		inside = now
	}
	few := crashed(t, crashOf(Selector{Count: 10}))
	share := crashed(t, crashOf(Selector{Share: draw.Ratio(5, 100)}))
	slices.Sort(few)
	slices.Sort(share)
	if !slices.Equal(few, share) {
		t.Errorf("10 nodes are %v, but 5%% of 200 are %v", few, share)
	}
}

func TestSelectorSizes(t *testing.T) {
	from := []protocols.NodeID{3, 5, 8, 13, 21, 34, 55}
	for _, x := range []struct {
		s    Selector
		want int
	}{
		{Selector{}, 200}, {Selector{From: from}, 7}, {Selector{From: from, Count: 9}, 7}, {Selector{From: from, Count: 3}, 3},
		{Selector{From: from, Share: draw.Ratio(1, 2)}, 4}, {Selector{From: from, Share: draw.Ratio(1, 15)}, 0},
		{Selector{From: from, Share: draw.Ratio(1, 13)}, 1}, {Selector{From: from, Share: draw.Always}, 7}, {Selector{From: []protocols.NodeID{}}, 0},
	} {
		ids := crashed(t, crashOf(x.s))
		if len(ids) != x.want {
			t.Errorf("%+v are %d nodes, want %d", x.s, len(ids), x.want)
		}
		for _, id := range ids {
			if x.s.From != nil && !slices.Contains(x.s.From, id) {
				t.Errorf("%+v holds node %d", x.s, id)
			}
		}
	}
}

// Each node is drawn equally often, over faults of different names.
func TestSelectorsAreFair(t *testing.T) {
	const n, rounds = 20, 2000
	counts := make([]int, n)
	k := &kernel{states: make([]nodeState, n)}
	for i := range rounds {
		s := stroke{k: k, key: draw.Mix(uint64(i))}
		for _, id := range s.pick(Selector{Count: 5}) {
			counts[id]++
		}
	}
	if x := chiSquare(counts, rounds*5/n) * n / (n - 5); x > 55 { // 19 degrees of freedom, 1e-5
		t.Errorf("some nodes are drawn more often (chi-square %.0f): %v", x, counts)
	}
}

// A role is held by who observed it with the highest rank so far, of equals by
// the last, and is looked up when the fault strikes; of what happens at that
// instant nothing counts yet.
func TestRoles(t *testing.T) {
	leads := func(env *protocols.Env, rank uint64) { env.Observe(2, 0, rank) }
	for _, x := range []struct {
		name string
		at   []time.Duration // when node i mod 4 says that it leads
		rank []uint64
		want []protocols.NodeID
	}{
		{"nobody", nil, nil, nil},
		{"one", []time.Duration{5 * ms}, []uint64{0}, []protocols.NodeID{0}},
		{"highest", []time.Duration{5 * ms, 6 * ms, 7 * ms}, []uint64{1, 3, 2}, []protocols.NodeID{1}},
		{"last of equals", []time.Duration{5 * ms, 6 * ms, 7 * ms}, []uint64{1, 3, 3}, []protocols.NodeID{2}},
		{"not yet", []time.Duration{5 * ms, 10 * ms}, []uint64{1, 3}, []protocols.NodeID{0}},
	} {
		c := meshOf(4, &script{
			start: func(env *protocols.Env) {
				if int(env.Self) < len(x.at) {
					env.SetTimer(0, x.at[env.Self])
				}
			},
			expire: func(env *protocols.Env, _ protocols.TimerID) { leads(env, x.rank[env.Self]) }}, ms)
		c.Faults = []Fault{{Name: "f", At: 10 * ms, Crash: &Crash{Nodes: Selector{Observed: "script.lead"}}}}
		if ids := crashed(t, c); !slices.Equal(ids, x.want) {
			t.Errorf("%s: %v crashed, want %v", x.name, ids, x.want)
		}
		r := mustRun(t, c)
		if len(r.Spans) != 1 || r.Spans[0].Nodes != len(x.want) {
			t.Errorf("%s: the report of the fault is %+v", x.name, r.Spans)
		}
	}
}
