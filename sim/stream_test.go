package sim

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// inOrder complains unless packets 0 … n-1 came once each, in order.
func inOrder(t *testing.T, name string, got []got, n int) {
	t.Helper()
	if len(got) != n {
		t.Errorf("%s: %d of %d packets arrived", name, len(got), n)
	}
	for i, g := range got {
		if g.n != uint64(i) {
			t.Errorf("%s: packet %d came in place %d", name, g.n, i)
			return
		}
	}
}

// A stream delivers in order and once each whatever the link does to datagrams,
// also to oneself.
func TestStreamIsOrderedAndWhole(t *testing.T) {
	jitter, _ := draw.Exponential(0, int64(20*ms))
	for _, x := range []struct {
		name string
		link Link
	}{
		{"jitter", Link{Latency: Latency{Jitter: jitter}}},
		{"loss", Link{Latency: Latency{Base: ms, Jitter: jitter}, Loss: Loss{P: draw.Ratio(3, 10)}}},
		{"bursts", Link{Loss: Loss{GilbertElliott: true, ToBad: draw.Ratio(1, 10), ToGood: draw.Ratio(9, 10), Bad: draw.Always}}},
		{"all", Link{Latency: Latency{Jitter: jitter}, Loss: Loss{P: draw.Ratio(1, 10)}, Duplicate: draw.Ratio(1, 2), Reorder: draw.Ratio(1, 2),
			ReorderBy: 50 * ms, Corrupt: draw.Ratio(1, 5), Pipe: Pipe{BitsPerSecond: 1_000_000, QueueBytes: 2000}}},
	} {
		for _, to := range []protocols.NodeID{0, 1} {
			f := one(2000, ms)
			f.receivers[0] = to
			x.link.Stream = true
			r := f.run(t, 2, x.link, nil)
			inOrder(t, x.name, f.got, 2000)
			if d := r.Drops.Total(); d != 0 {
				t.Errorf("%s: %d packets of a stream were dropped", x.name, d)
			}
		}
	}
}

// A try that fails is repeated after the timeout, which doubles; what follows
// waits, but not what goes to others. The latency counts from the first try.
func TestStreamRetries(t *testing.T) {
	f := &flow{senders: []protocols.NodeID{0}, receivers: []protocols.NodeID{1, 2}, count: 4, gap: 100 * ms}
	r := f.run(t, 3, Link{Latency: Latency{Base: ms}, Stream: true, Retry: 80 * ms}, func(c *Config) {
		c.Faults = []Fault{{Name: "f", At: 90 * ms, For: 300 * ms, Partition: &Partition{Sides: []Selector{nodes(0), nodes(1)}, Bystanders: true}}}
		c.Detail.Latency = true
	})
	// Packet 1 to node 1 is tried at 100, 180, 340 and 660 ms.
	want := []time.Duration{1, 661, 661, 661}
	var others []time.Duration
	i := 0
	for _, g := range f.got {
		if g.to == 2 {
			others = append(others, g.after)
			continue
		}
		if g.n != uint64(i) || g.at.Round(ms) != want[i]*ms {
			t.Errorf("packet %d arrives at %v in place %d, want %v ms", g.n, g.at, i, want[i])
		}
		i++
	}
	if i != 4 || !slices.Equal(others, []time.Duration{ms, ms, ms, ms}) {
		t.Errorf("%d packets came to node 1, and to node 2 they took %v", i, others)
	}
	if q := time.Duration(r.Latency.Quantile(1, 1)); q < 561*ms || q > 580*ms {
		t.Errorf("the longest latency is counted as %v, want 561ms", q)
	}
}

// A partition shorter than its patience costs a stream nothing but time; a
// longer one resets it, and what comes later starts anew.
func TestStreamPatience(t *testing.T) {
	for _, x := range []struct {
		long  time.Duration
		reset uint64
	}{{200 * time.Second, 0}, {20 * time.Minute, 1}} {
		f := one(40, time.Minute)
		r := f.run(t, 2, Link{Latency: Latency{Base: ms}, Stream: true}, func(c *Config) {
			c.Faults = []Fault{{Name: "f", At: 30 * time.Second, For: x.long, Partition: &Partition{Sides: []Selector{nodes(0)}}}}
		})
		lost := 40 - uint64(len(f.got))
		if lost != r.Drops.StreamReset || (lost > 0) != (x.reset > 0) || r.Kinds[0].Lost != lost {
			t.Errorf("a partition of %v: %d packets are missing, %d were dropped by a reset", x.long, lost, r.Drops.StreamReset)
		}
		if !slices.IsSortedFunc(f.got, func(a, b got) int { return int(a.n) - int(b.n) }) {
			t.Errorf("a partition of %v: packets overtook one another", x.long)
		}
		for _, g := range f.got {
			if g.at > x.long+2*time.Minute+30*time.Second && g.after != ms {
				t.Errorf("long after a partition of %v, packet %d takes %v", x.long, g.n, g.after)
			}
		}
	}
}

// What a stream holds is lost with its sender, and the tries of the old
// incarnation end with it.
func TestStreamOfCrashedSender(t *testing.T) {
	var b notebook
	boots := uint64(0)
	c := meshOf(2, &script{
		start: func(env *protocols.Env) {
			if env.Self == 0 {
				env.SetTimer(0, 10*ms)
			}
		},
		expire: func(env *protocols.Env, _ protocols.TimerID) {
			env.Send(1, &packet{n: boots})
			boots++
		},
		receive: func(env *protocols.Env, _ protocols.NodeID, n uint64) { b.note(env, "gets %d", n) }}, ms)
	c.Network.Default.Stream, c.Network.Default.Retry = true, 100*ms
	c.Duration = 10 * time.Second
	c.Faults = []Fault{{Name: "cut", For: 500 * ms, Partition: &Partition{Sides: []Selector{nodes(0)}}},
		{Name: "crash", At: 210 * ms, For: 10 * ms, Crash: &Crash{Nodes: nodes(0)}}}
	mustRun(t, c)
	b.want(t, "531ms 1 gets 1") // tried at 230, 330 and 530 ms
}

// A receiver that restarts does not know the connection of before: what left
// before is reset, what leaves later arrives. What a sender's streams hold when
// it crashes is counted.
func TestStreamsEndWithACrash(t *testing.T) {
	f := one(20, 10*ms) // packet i leaves at i·10 ms and takes 50 ms
	r := f.run(t, 2, Link{Latency: Latency{Base: 50 * ms}, Stream: true}, func(c *Config) {
		c.Faults = []Fault{{Name: "f", At: 95 * ms, For: 20 * ms, Crash: &Crash{Nodes: nodes(1)}}}
	})
	if r.Drops.Down != 2 || r.Drops.StreamReset != 5 || len(f.got) != 13 {
		t.Errorf("%d packets found the receiver down, %d were reset, %d arrived", r.Drops.Down, r.Drops.StreamReset, len(f.got))
	}
	f = one(20, 10*ms)
	r = f.run(t, 2, Link{Latency: Latency{Base: ms}, Stream: true}, func(c *Config) {
		c.Faults = []Fault{
			{Name: "p", At: 45 * ms, For: time.Second, Partition: &Partition{Sides: []Selector{nodes(0)}}},
			{Name: "f", At: 95 * ms, Crash: &Crash{Nodes: nodes(0)}}}
	})
	if r.Drops.Crash != 5 || len(f.got) != 5 {
		t.Errorf("%d packets were held at the crash, %d had arrived", r.Drops.Crash, len(f.got))
	}
}
