package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
)

// The work that a trace tells of adds up to the CPU time that samples count, and
// of a call that is charged for, each is told.
func TestTracedWorkAddsUp(t *testing.T) {
	busy := 0
	for seed := range uint64(20) {
		c := quietWorld(seed, edit{})
		o := runBy(t, c, oneWorker, nil)
		var sum time.Duration
		for i := range o.trace {
			sum += o.trace[i].Work
		}
		if len(o.result.Samples) == 0 {
			continue
		}
		last := o.result.Samples[len(o.result.Samples)-1]
		if sum != last.Busy && last.At == o.result.End {
			t.Errorf("seed %d: the calls of the trace took %v, the samples say %v", seed, sum, last.Busy)
		}
		if sum > 0 {
			busy++
		}
	}
	if busy < 5 {
		t.Errorf("only %d runs took CPU time; the test has lost its teeth", busy)
	}
}

// Each call has its own work, what it sets off has its own.
func TestTracedWorkOfEachCall(t *testing.T) {
	first := &script{name: "first", start: func(env *protocols.Env) {
		env.Work(3 * ms)
		env.Announce(protocols.Event{Kind: protocols.PeerUp})
	}}
	second := &script{name: "second", hear: func(env *protocols.Env, _ protocols.Event) { env.Work(5 * ms) }}
	c := meshOf(1, first, ms)
	c.Groups[0].Stack = append(c.Groups[0].Stack, second.protocol())
	var got []string
	for _, e := range runBy(t, c, oneWorker, nil).trace {
		got = append(got, fmt.Sprint(e.What, " ", e.Protocol, " ", e.Work))
	}
	if want := []string{"start first 3ms", "start second 0s", "hear second 5ms"}; !slices.Equal(got, want) {
		t.Errorf("the calls are %q, want %q", got, want)
	}
}

// What a trace says of partitions is what they do: a message that one stops runs
// between two sides, none that leaves while sides differ both ways is delivered,
// and what began is healed.
func TestTracedSidesCut(t *testing.T) {
	half, few := nodes(0, 1, 2, 3), nodes(0, 7)
	s := &script{name: "talk"}
	s.start = func(env *protocols.Env) { env.SetTimer(0, ms) }
	s.expire = func(env *protocols.Env, _ protocols.TimerID) {
		for to := range protocols.NodeID(8) {
			env.Send(to, &packet{})
		}
		env.SetTimer(0, ms)
	}
	c := meshOf(8, s, ms)
	c.Duration = 100 * ms
	c.Faults = []Fault{
		{Name: "a", At: 10 * ms, For: 50 * ms, Partition: &Partition{Sides: []Selector{half}, Down: 7 * ms, Up: 4 * ms}},
		{Name: "b", At: 30 * ms, For: 20 * ms, Partition: &Partition{Sides: []Selector{few}, Bystanders: true}},
		{Name: "c", At: 40 * ms, For: 20 * ms, Partition: &Partition{Sides: []Selector{few}}},
	}
	sides := map[uint64]map[protocols.NodeID]uint64{}
	cut, sent, stopped := map[uint64]bool{}, 0, 0
	for _, e := range runBy(t, c, oneWorker, nil).trace {
		switch {
		case e.What == TracePartition:
			if sides[e.Item] == nil {
				sides[e.Item] = map[protocols.NodeID]uint64{}
			}
			sides[e.Item][e.Node] = e.Value
		case e.What == TraceHeal:
			if sides[e.Item][e.Node] != e.Value {
				t.Fatalf("%v: heals a side that it is not on", e)
			}
			delete(sides[e.Item], e.Node)
		case e.What == TraceSend:
			sent++
			for _, side := range sides {
				a, b := side[e.Node], side[e.Peer]
				cut[e.Key] = cut[e.Key] || a != b && a != 0 && b != 0
			}
		case e.What == TraceDrop && strings.HasSuffix(e.Name, ": partition"):
			stopped++
			if !cut[e.Key] {
				t.Fatalf("%v: stopped between nodes on one side", e)
			}
		case e.What == TraceDeliver && cut[e.Key]:
			t.Fatalf("%v: passed from side to side", e)
		}
	}
	for id, side := range sides {
		if len(side) > 0 {
			t.Errorf("partition %d is never healed", id)
		}
	}
	if stopped == 0 || stopped == sent {
		t.Errorf("%d of %d messages were stopped", stopped, sent)
	}
}

// Each copy that the network makes is told before it comes, with the message
// that it is of.
func TestTracedDuplicates(t *testing.T) {
	made := 0
	for seed := range uint64(20) {
		sent, copies := map[uint64]bool{}, map[uint64]bool{}
		for _, e := range runBy(t, quietWorld(seed, edit{}), oneWorker, nil).trace {
			switch e.What {
			case TraceSend:
				sent[e.Key] = true
			case TraceDuplicate:
				if made++; !sent[e.Cause] || e.Key != child(e.Cause, domainCopy, 1) {
					t.Fatalf("seed %d: a copy of nothing that was sent: %+v", seed, e)
				}
				copies[e.Key] = true
			case TraceDeliver:
				if e.Peer != protocols.External && !sent[e.Key] && !copies[e.Key] {
					t.Fatalf("seed %d: comes from nowhere: %+v", seed, e)
				}
			}
		}
	}
	if made < 50 {
		t.Errorf("only %d copies; the test has lost its teeth", made)
	}
}
