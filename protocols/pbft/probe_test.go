package pbft_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/pbft"
	"meshsim/sim"
)

// The figures of a quiet run are those of its arithmetic.
func TestProbe(t *testing.T) {
	const latency, operations = 10 * time.Millisecond, 20
	k := pbft.Default()
	k.Checkpoint, k.Window, k.InFlight = 4, 8, 1
	c := free(k, 1, 7, operations, 0)
	c.Duration, c.Sample = 10*time.Second, time.Second
	r := run(t, c)
	violations(t, "quiet", r)
	for name, want := range map[string]float64{
		"view_changes": 0, "views_wanted": 0, "requests_executed": operations, "transfers": 0, "batch_size": 1,
		"messages_per_request": 2 * 7 * 6, "messages_per_batch": 2 * 7 * 6, "log_longest": 0, "operations_completed": operations,
	} {
		if got, ok := r.Scalar("pbft." + name); !ok || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if disk, _ := r.Scalar("pbft.disk_largest"); disk < 100 || disk > 1e6 {
		t.Errorf("%v bytes on disk", disk)
	}
	items := r.Items("pbft.commit_time")
	for _, it := range items { // pre-prepare, prepare, commit
		if math.Abs(it.Value-(3*latency).Seconds()) > 1e-9 {
			t.Errorf("committed in %v, want three delays of %v", it.Value, latency)
		}
	}
	if len(items) != operations {
		t.Errorf("%d numbers have committed, want %d", len(items), operations)
	}
}

// The primary of view 0 is gone from the start: the request takes a view timeout,
// a view change of two delays, and what is left of the way.
func TestViewChangeTime(t *testing.T) {
	const latency = 10 * time.Millisecond
	k := pbft.Default()
	c := free(k, 1, 4, 1, 0)
	for i := range c.Groups {
		k.ViewTimeout, k.Retransmit = 300*time.Millisecond, 5*time.Second
		k.Replicas = ids(0, 4)
		k.Client = nil
		if i == 1 {
			k.Client = load(1, 1)
			k.Client.Reads, k.Client.BackOff, k.Client.BackOffMax, k.Client.Timeout = 0, 0, 0, 100*time.Millisecond
		}
		c.Groups[i].Stack = []*protocols.Protocol{pbft.New(k)}
	}
	c.Faults = []sim.Fault{{Name: "gone", Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 1)}}}}
	r := run(t, c)
	violations(t, "no primary", r)
	items := r.Items("pbft.view_change_time")
	if len(items) != 1 || math.Abs(items[0].Value-(2*latency).Seconds()) > 1e-9 {
		t.Errorf("view changes took %+v, want two delays of %v", items, latency)
	}
	// The second attempt reaches all; their timers start; then comes the new view with the request in its primary's queue.
	want := 100*time.Millisecond + latency + 300*time.Millisecond + 2*latency + 3*latency + latency
	if got := r.Items("pbft.request_latency"); len(got) != 1 || math.Abs(got[0].Value-want.Seconds()) > (latency).Seconds() {
		t.Errorf("latency %+v, want about %v", got, want)
	}
}

// A role is who observed it with the highest value: the primary of the highest
// view that began. It can be struck.
func TestPrimaryIsARole(t *testing.T) {
	k := quick(pbft.Signatures)
	c := mesh(k, 1, 4, 1, busy(40))
	for i := range 5 {
		c.Faults = append(c.Faults, sim.Fault{Name: string(rune('a' + i)), At: time.Duration(1500+1500*i) * time.Millisecond,
			For: time.Second, Crash: &sim.Crash{Nodes: sim.Selector{Observed: "pbft.primary"}}})
	}
	c.Duration = 60 * time.Second
	r := run(t, c)
	violations(t, "primaries crash", r)
	views, _ := r.Scalar("pbft.view_changes")
	done, _ := r.Scalar("pbft.operations_completed")
	if views < 3 || done != 40 {
		t.Errorf("%v view changes and %v of 40 operations after five crashes of the primary", views, done)
	}
}

// A cluster that cannot go on says why.
func TestWaits(t *testing.T) {
	for _, x := range []struct {
		silent []protocols.NodeID
		want   string
	}{
		{ids(2, 2), "view-changes for view"},
		{nil, ""},
	} {
		c := mesh(quick(pbft.Signatures), 1, 4, 1, busy(5))
		if x.silent != nil {
			c.Faults = []sim.Fault{{Name: "gone", At: 1100 * time.Millisecond, Crash: &sim.Crash{Nodes: sim.Selector{From: x.silent}}}}
		}
		p := *c.Groups[0].Stack[0]
		inner := p.New
		var first protocols.Nodes
		p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes := inner(w, ids)
			if first == nil {
				first = nodes
			}
			return nodes
		}
		c.Groups[0].Stack = []*protocols.Protocol{&p}
		run(t, c)
		got := first.At(0).(protocols.Waiter).Waits()
		if x.want == "" && got != "" || !strings.Contains(got, x.want) || x.want != "" && !strings.Contains(got, "silent are") {
			t.Errorf("node 0 waits for %q, want %q", got, x.want)
		}
	}
}
