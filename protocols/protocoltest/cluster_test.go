package protocoltest

import (
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// The heap gives events in the order (time, pushed), as a stable sort does.
func TestQueueAgainstSort(t *testing.T) {
	rand := draw.New(1)
	for range 200 {
		var q queue
		var model []event
		for range 1 + rand.IntN(60) {
			if rand.IntN(3) == 0 && len(model) > 0 {
				slices.SortStableFunc(model, func(a, b event) int { return int(a.at - b.at) })
				if got := q.pop(); got.order != model[0].order {
					t.Fatalf("popped %d, want %d", got.order, model[0].order)
				}
				model = model[1:]
				continue
			}
			e := event{at: protocols.Time(rand.IntN(8))}
			e.order = q.push(e)
			model = append(model, e)
		}
		if q.len() != len(model) {
			t.Fatalf("%d events, want %d", q.len(), len(model))
		}
	}
}

// A node that crashes misses its timers and the messages of that time, and its
// restart begins anew.
func TestClusterCrash(t *testing.T) {
	c := NewCluster(newPinger(""), 2, Options{})
	c.Run(3500 * time.Millisecond) // ticks at 1, 2, 3
	c.Crash(0)
	c.Run(2 * time.Second) // 1 ticks at 4 and 5, 0 is silent
	c.Restart(0)
	c.Run(2100 * time.Millisecond) // 0 ticks at 6.5 and 7.5, 1 at 6 and 7
	if got := c.Messages[ping].Count; got != 3+3+2+2+2 {
		t.Errorf("%d pings, want 12", got)
	}
	if got := c.Messages[pong].Count; got != 12-2 {
		t.Errorf("%d pongs, want 10", got)
	}
}

func TestClusterLoss(t *testing.T) {
	c := NewCluster(newPinger(""), 10, Options{Seed: 7, Loss: draw.Ratio(1, 4)})
	c.Run(1000 * time.Second)
	pings, pongs := float64(c.Messages[ping].Count), float64(c.Messages[pong].Count)
	if sd := math.Sqrt(.25 * .75 / pings); math.Abs(pongs/pings-.75) > 4*sd {
		t.Errorf("of %v pings %v arrived, want 75%%", pings, pongs)
	}
}

func TestClusterCut(t *testing.T) {
	c := NewCluster(newPinger(""), 3, Options{Cut: func(from, to protocols.NodeID) bool { return from == 0 && to == 1 }})
	c.Run(2500 * time.Millisecond)
	// 0 -> 1 is cut: of six pings four arrive, and the pongs pass.
	if got := c.Messages[pong].Count; got != 4 {
		t.Errorf("%d pongs, want 4", got)
	}
	if got := c.Observed[1].Count; got != 4 {
		t.Errorf("%d pongs arrived, want 4", got)
	}
}

// Equal seeds give equal runs, whatever was observed.
func TestClusterRepeats(t *testing.T) {
	run := func(seed uint64) (s string) {
		c := newCluster(newPinger(""), 4, Options{Seed: seed, Loss: draw.Ratio(1, 5)})
		c.called = func(in *call, env *protocols.Env) { s += in.String() + effects(env) }
		c.start()
		c.Run(20 * time.Second)
		return s
	}
	first, again := run(1), run(1)
	if first != again {
		t.Error("two runs of one seed differ")
	}
	if first == run(2) {
		t.Error("seeds 1 and 2 give the same run")
	}
}

func TestFull(t *testing.T) {
	var got []protocols.NodeID
	for i := range Full(4).Degree(2) {
		got = append(got, Full(4).Neighbour(2, i))
	}
	if want := []protocols.NodeID{0, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("neighbours of 2 among 4: %v, want %v", got, want)
	}
}
