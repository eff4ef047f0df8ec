package raft_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/kv"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/raft"
)

// A hundred thousand operations of clients on five replicas, each answered, with all
// checkers watching.
func TestManyOperations(t *testing.T) {
	load := client.Default()
	load.Closed.Concurrency, load.Operations, load.Keys.Count = 64, 25000, 1000
	c := cluster(raft.Default(), load, 5, 4)
	c.Duration = 5 * time.Second
	r := run(t, c)
	for _, v := range r.Violations {
		t.Errorf("%s: %s", v.Check, v.Text)
	}
	for _, x := range r.Checks {
		if x.Undecided != "" {
			t.Errorf("%s is undecided: %s", x.Check, x.Undecided)
		}
	}
	if n := scalar(t, r, "operations_completed"); n != 100_000 {
		t.Errorf("%v operations are completed, want 100 000", n)
	}
	t.Logf("%d events, %.2f messages an operation, writes committed in %v s, largest log %v bytes", r.Events,
		scalar(t, r, "messages_per_operation"), scalar(t, r, "commit_latency_p50"), scalar(t, r, "log_bytes_max"))
}

// BenchmarkOperation is an operation on five replicas, from request to reply, on the
// kernel with its network and disks; the checkers are off.
func BenchmarkOperation(b *testing.B) {
	load := client.Default()
	load.Closed.Concurrency, load.Keys.Count = 64, 1000
	c := cluster(raft.Default(), load, 5, 4)
	c.Checks, c.Probes = nil, false
	b.ReportAllocs()
	total := 0
	for i := 0; total < b.N || i == 0; i++ {
		c.Seed, c.Duration = uint64(i), time.Second
		for _, k := range run(b, c).Kinds {
			if k.Kind == "reply" {
				total += int(k.Delivered)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(total), "ns/reply")
}

// BenchmarkCall is one call of a follower that takes an entry, writes it and
// answers.
func BenchmarkCall(b *testing.B) {
	k := raft.Default()
	k.Snapshot = 0
	p := raft.New(k)
	node := p.New(protocols.World{Nodes: 3, Topology: protocoltest.Full(3), Members: ids(0, 3)}, ids(0, 1)).At(0)
	env, disk := &protocols.Env{}, &protocols.Disk{}
	env.Reset(0, 0, 1, disk)
	node.Start(env)
	put := kv.Command{Session: kv.NewSession(2, 0), Op: kv.Put, Key: 1, Value: 5, Payload: 100}
	list := make([]protocols.Message, b.N)
	for i := range list {
		term := uint64(1)
		if i == 0 {
			term = 0
		}
		put.Sequence = uint64(i + 1)
		list[i] = raft.Entries(1, uint64(i), term, uint64(i), raft.NewEntry(1, raft.EntryCommand, put.AppendTo(nil)))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i, m := range list {
		env.Reset(0, protocols.Time(i), uint64(i), disk)
		node.Receive(env, 1, m)
		if w, ok := disk.TakeSync(); ok {
			_ = w
		}
	}
	if len(env.Sends) != 1 || env.Sends[0].Message.(*raft.AppendReply).Rejected {
		b.Fatalf("%v", env.Sends)
	}
}
