package placement_test

import (
	"strconv"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/sim"
)

// lossy is a mesh that loses a tenth of all messages, with jitter. Every fourth task
// forks: it has two parts, or three with as many of their own each. What enters at a
// node that is up is leased and kept in a journal.
func lossy(seed uint64, lease time.Duration) sim.Config {
	c := tasktest.Plain()
	c.Lease, c.Journal, c.Tries = lease, true, 8
	in := tasks(nodes, 150, 200*time.Millisecond, 2*time.Second)
	for i := range in {
		if i%4 == 0 {
			in[i].Message = forks(in[i].Message, uint8(1+i/4%2))
		}
	}
	m := mesh(placement.New(c, placement.Default()), nodes, seed, 240*time.Second, in)
	m.Network.Default.Loss.P = draw.Ratio(1, 10)
	m.Network.Default.Latency.Jitter = draw.Uniform(0, int64(200*time.Millisecond))
	return m
}

func forks(m protocols.Message, depth uint8) protocols.Message {
	t := *m.(*task.Submit).Tasks[0]
	t.Depth, t.Width = depth, 1+depth
	return task.NewSubmit(&t)
}

// A task that forks is settled when all its parts are done: until then its copies stand
// in for an owner that crashes. Nodes crash one after another, for less than the
// patience and for more; no node forgets a task, and all that entered is done, with
// leases and without.
func TestForks(t *testing.T) {
	for seed := range uint64(8) {
		m := lossy(seed, time.Duration(seed%2)*10*time.Second)
		for i, id := range []protocols.NodeID{3, 7, 9, 1, 5} {
			down := time.Duration(1+i*i*2) * time.Second
			f := crash(time.Duration(10+9*i)*time.Second, down, id)
			f.Name = "crash " + strconv.Itoa(int(id))
			m.Faults = append(m.Faults, f)
		}
		r := run(t, m)
		breaks(t, r, "exactly-once", "copies")
		if all, done, over := scalar(t, r, "tasks"), scalar(t, r, "tasks_done"), scalar(t, r, "taken_over"); done != all || all < 140 || over < 10 {
			t.Errorf("seed %d: %v of %v tasks are done, %v were taken over", seed, done, all, over)
		}
	}
}

// Where a tenth of all messages is lost, who lives is asked often enough to be heard.
func TestLossIsNoFailure(t *testing.T) {
	for seed := range uint64(6) {
		r := run(t, lossy(seed, 0))
		breaks(t, r, "copies")
		if over := scalar(t, r, "taken_over"); over > 0 {
			t.Errorf("seed %d: %v tasks are taken over, and nobody failed", seed, over)
		}
	}
}
