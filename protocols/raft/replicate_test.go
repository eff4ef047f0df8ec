package raft_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/raft"
	"meshsim/sim"
)

// "Raft ... requires one AppendEntries RPC for each term with conflicting entries,
// rather than one RPC per entry" (5.3), after one for the length.
func TestBackUp(t *testing.T) {
	rand := draw.New(1)
	for range 2000 {
		// Two logs that part somewhere: no term is in both behind that.
		common, term := []uint64{}, uint64(1)
		grow := func(log []uint64, n int, own uint64) (longer []uint64, terms int) {
			for range n {
				if rand.IntN(4) == 0 || len(log) == 0 || log[len(log)-1]%2 != own && own < 2 {
					term += 2
					terms++
				}
				log = append(log, term/2*2+own%2)
			}
			return log, terms
		}
		common, _ = grow(common, rand.IntN(30), 2)
		a, _ := grow(common[:len(common):len(common)], rand.IntN(30), 0)
		b, terms := grow(common[:len(common):len(common)], rand.IntN(30), 1)
		want := len(common)
		match, rejections := raft.BackUp(a, b)
		if int(match) != want || rejections > terms+1 {
			t.Fatalf("leader %v, follower %v: match %d after %d rejections, want %d after at most %d", a, b, match, rejections, want, terms+1)
		}
	}
	if match, rejections := raft.BackUp(nil, []uint64{1, 1, 2}); match != 0 || rejections != 0 {
		t.Errorf("a leader without entries: match %d after %d rejections", match, rejections)
	}
}

// A follower that does not answer gets no more messages than may be in flight, and
// what it lacks when it is back.
func TestInFlight(t *testing.T) {
	k := raft.Default()
	k.MaxBatch, k.MaxInFlight, k.Pipeline, k.CheckQuorum = 1, 4, 1000, false
	cut, leads, silent := false, protocols.NodeID(0), protocols.NodeID(0)
	sent := 0
	c := protocoltest.NewCluster(raft.New(k), 3, protocoltest.Options{Seed: 1,
		Cut: func(from, to protocols.NodeID) bool {
			if to == silent && from == leads {
				sent++
			}
			return cut && (to == silent || from == silent)
		},
		Observe: func(o protocols.Observed) {
			if o.Protocol == "raft" && o.Kind == raft.Leader {
				leads, silent = o.Node, (o.Node+1)%3
			}
		}})
	c.Run(time.Second)
	propose := func(n int) {
		for range n {
			c.Hear(leads, protocols.Event{Kind: protocols.Propose, Data: []byte("entry")})
		}
	}
	cut, sent = true, 0
	propose(100)
	c.Run(90 * time.Millisecond)
	if sent > 4+2 {
		t.Errorf("%d messages were sent to a follower that answers none, want 4 and two heartbeats", sent)
	}
	before := c.Observed[raft.Appended].Count
	cut = false
	c.Run(500 * time.Millisecond)
	if got := c.Observed[raft.Appended].Count - before; got != 100 {
		t.Errorf("the follower took %d entries when it was back, want 100", got)
	}
}

// A leader that has enough to do turns requests away; clients come back.
func TestBusy(t *testing.T) {
	k, load := raft.Default(), client.Default()
	k.Pipeline, k.MaxBatch, k.MaxPending = 1, 4, 10
	load.Closed.Concurrency, load.Reads, load.BackOffMax, load.Timeout = 100, 0, 100*time.Millisecond, 10*time.Second
	c := cluster(k, load, 3, 2)
	r := run(t, c)
	for _, v := range r.Violations {
		t.Errorf("%s: %s", v.Check, v.Text)
	}
	if retries, done := scalar(t, r, "retries"), scalar(t, r, "operations_completed"); retries < 1000 || done < 1000 {
		t.Errorf("%v operations with %v retries", done, retries)
	}
}

// A replica that was added catches up by snapshot and votes: the cluster outlives
// the loss of what was a majority of the founders.
func TestGrow(t *testing.T) {
	k, load := raft.Default(), client.Default()
	k.Voters, k.Snapshot, k.SnapshotKeep = 3, 200, 10
	load.Closed.Think = 2 * time.Millisecond
	c := cluster(k, load, 5, 2)
	c.Workload = []sim.Workload{sim.Injections{
		{At: 3 * time.Second, To: 1, Protocol: "raft", Message: raft.NewChange(raft.AddVoter, 3)},
		{At: 3 * time.Second, To: 2, Protocol: "raft", Message: raft.NewChange(raft.AddVoter, 4)},
	}}
	c.Faults = []sim.Fault{{Name: "founders", At: 6 * time.Second, Crash: &sim.Crash{Nodes: sim.Selector{From: ids(0, 2)}}}}
	r := run(t, c)
	for _, v := range r.Violations {
		t.Errorf("%s: %s", v.Check, v.Text)
	}
	if n := scalar(t, r, "snapshots_installed"); n < 2 {
		t.Errorf("%v snapshots were installed, want one on each newcomer", n)
	}
	if rate(r) < 50 {
		t.Errorf("without two founders %v operations a second are answered", rate(r))
	}
}
