package raft_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// timed runs one client after a leader is there; the clock starts at five seconds.
func timed(t *testing.T, k raft.Config, latency, disk time.Duration, change func(load *client.Config)) *sim.Result {
	load := client.Default()
	load.Start = 5 * time.Second
	change(load)
	c := cluster(k, load, 5, 1)
	c.Warmup, c.Groups[0].DiskSync = load.Start, disk
	c.Network.Default.Latency = sim.Latency{Base: latency}
	r := run(t, c)
	for _, v := range r.Violations {
		t.Errorf("%s: %s", v.Check, v.Text)
	}
	return r
}

// A write is a message to the leader, its disk, a message, a follower's disk, a
// message back and the reply. A read by ReadIndex is the same without disks; by
// lease, two messages.
func TestLatencies(t *testing.T) {
	const latency, disk = 3 * time.Millisecond, 5 * time.Millisecond
	for _, c := range []struct {
		reads    string
		share    int // of reads
		parallel bool
		want     time.Duration
	}{
		{"index", 0, false, 4*latency + 2*disk}, {"log", 1, false, 4*latency + 2*disk}, {"index", 0, true, 4*latency + disk},
		{"index", 1, false, 4 * latency}, {"lease", 1, false, 2 * latency}, {"local", 1, false, 2 * latency},
	} {
		k := raft.Default()
		k.Reads, k.Parallel = c.reads, c.parallel
		r := timed(t, k, latency, disk, func(load *client.Config) { load.Reads = draw.Always * draw.Probability(c.share) })
		if got := scalar(t, r, "request_latency_p50"); math.Abs(got-c.want.Seconds()) > 1e-9 {
			t.Errorf("reads by %s, share %d: an operation takes %v s, want %v", c.reads, c.share, got, c.want)
		}
	}
}

// A pipeline of one batch of one entry commits one entry in each round trip with
// its two writes; twice the pipeline or the batch, twice as many; the disk is the
// limit of a long pipeline.
func TestPipeline(t *testing.T) {
	const latency, disk = 10 * time.Millisecond, 2 * time.Millisecond
	trip := (2*latency + 2*disk).Seconds()
	for _, c := range []struct {
		pipeline, batch int
		want            float64 // entries a second
	}{
		{1, 1, 1 / trip}, {2, 1, 2 / trip}, {4, 1, 4 / trip}, {1, 8, 8 / trip}, {3, 5, 15 / trip}, {64, 1, 1 / disk.Seconds()},
	} {
		k := raft.Default()
		k.Pipeline, k.MaxBatch = c.pipeline, c.batch
		r := timed(t, k, latency, disk, func(load *client.Config) {
			load.Reads, load.Closed.Concurrency, load.Timeout = 0, 200, 10*time.Second
		})
		if got := rate(r); math.Abs(got/c.want-1) > 0.03 {
			t.Errorf("pipeline %d, batch %d: %.1f operations a second, want %.1f", c.pipeline, c.batch, got, c.want)
		}
	}
}

// A replica that was cut off comes back with a higher term and deposes the leader,
// unless it has asked before (dissertation, 9.6).
func TestPreVote(t *testing.T) {
	for _, pre := range []bool{false, true} {
		k := raft.Default()
		k.PreVote, k.CheckQuorum = pre, false
		c := cluster(k, nil, 3, 0)
		seen := &leaders{}
		c.Checks = append(c.Checks, seen.check())
		for id := range protocols.NodeID(3) {
			c.Faults = append(c.Faults, sim.Fault{Name: string(rune('a' + id)), At: time.Duration(2+2*id) * time.Second, For: time.Second,
				Partition: &sim.Partition{Sides: []sim.Selector{{From: ids(int(id), 1)}}}})
		}
		run(t, c)
		needed := 1 // leaders
		for id := range protocols.NodeID(3) {
			for i, o := range seen.seen {
				cut := protocols.Time(2+2*id) * protocols.Time(time.Second)
				if o.Node == id && o.At < cut && (i == len(seen.seen)-1 || seen.seen[i+1].At > cut) {
					needed++ // this one is cut off
				}
			}
		}
		deposed := len(seen.seen) - needed
		if pre && deposed > 0 || !pre && deposed < 1 {
			t.Errorf("pre-vote %v: %d leaders are deposed without need", pre, deposed)
		}
	}
}

// The time without a leader is what it is by the clock: from a crash to the
// election, and to the first commitment a round trip and two writes later.
func TestElectionTime(t *testing.T) {
	const latency, disk = 3 * time.Millisecond, 2 * time.Millisecond
	c := cluster(raft.Default(), nil, 3, 0)
	c.Groups[0].DiskSync = disk
	c.Network.Default.Latency = sim.Latency{Base: latency}
	seen := &leaders{}
	c.Checks = append(c.Checks, seen.check())
	crash := 3 * time.Second
	c.Faults = []sim.Fault{{Name: "crash", At: crash, Crash: &sim.Crash{Nodes: sim.Selector{Observed: "raft.leader"}}}}
	r := run(t, c)
	want := []time.Duration{time.Duration(seen.seen[0].At), time.Duration(seen.seen[1].At) - crash}
	for _, m := range []struct {
		metric string
		more   time.Duration
	}{{"election_time", 0}, {"leaderless", 2*latency + 2*disk}} {
		items := r.Items("raft." + m.metric)
		if len(items) != 2 {
			t.Fatalf("%s: %+v, want two", m.metric, items)
		}
		for i, it := range items {
			// The candidate's own vote may still be on its way to the disk.
			if d := it.Value - (want[i] + m.more).Seconds(); it.Censored || math.Abs(d) > 1e-9 {
				t.Errorf("%s: %v s, want %v", m.metric, it.Value, want[i]+m.more)
			}
		}
	}
	if n := scalar(t, r, "leader_changes"); n != 1 {
		t.Errorf("%v changes of the leader, want 1", n)
	}
}

// When nothing goes on, replicas say what they wait for.
func TestWaits(t *testing.T) {
	k := raft.Default()
	k.CheckQuorum = false
	leads := protocols.NodeID(0)
	c := protocoltest.NewCluster(raft.New(k), 3, protocoltest.Options{Seed: 1, Observe: func(o protocols.Observed) {
		if o.Protocol == "raft" && o.Kind == raft.Leader {
			leads = o.Node
		}
	}})
	c.Run(time.Second)
	says := func(id protocols.NodeID) string { return c.Nodes[id].(protocols.Waiter).Waits() }
	for id := range protocols.NodeID(3) {
		if says(id) != "" {
			t.Errorf("node %d waits for %q, but all is well", id, says(id))
		}
	}
	// The two that do not lead crash, in turn.
	a, b := (leads+1)%3, (leads+2)%3
	c.Crash(a)
	c.Crash(b)
	c.Hear(leads, protocols.Event{Kind: protocols.Propose, Data: []byte("lonely")})
	c.Run(time.Second)
	want := fmt.Sprintf("entry 2 of 2 to be on 2 replicas, in term 1; without it are [%d %d]", min(a, b), max(a, b))
	if got := says(leads); got != want {
		t.Errorf("the leader waits for %q, want %q", got, want)
	}
	c.Crash(leads)
	c.Restart(a)
	if got, want := says(a), "word from a leader, in term 1"; got != want {
		t.Errorf("a follower waits for %q, want %q", got, want)
	}
	c.Run(2 * time.Second)
	want = fmt.Sprintf("pre-votes for term 2: has 1 of the 2 that it needs; silent or against are [%d %d]", min(leads, b), max(leads, b))
	if got := says(a); got != want {
		t.Errorf("a candidate waits for %q, want %q", got, want)
	}
}
