package auction_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/wire"
	"meshsim/sim"
)

// reseal makes the checksum of a damaged message right again.
func reseal(b []byte) []byte {
	if len(b) < wire.ChecksumSize {
		return b
	}
	return wire.AppendChecksum(b[:len(b)-wire.ChecksumSize], 0)
}

func TestLaws(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal, c.Announce = 2*time.Second, true, true
	c.Memory = 8
	var in []protocoltest.Input
	for i := range 30 {
		x := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%5+1) * 300 * time.Millisecond, Bytes: 10 * i, Memory: int64(i % 4)}
		in = append(in, protocoltest.Input{At: time.Duration(1+i/4) * time.Second, To: protocols.NodeID(i % 2), Message: task.NewSubmit(x)})
	}
	for _, announce := range []string{"all", "neighbours", "sample"} {
		t.Run(announce, func(t *testing.T) {
			a := auction.Default()
			a.Announce = announce
			p := auction.New(c, a)
			p.Checkers = slices.DeleteFunc(p.Checkers, func(c protocols.CheckerSpec) bool { return c.Name == "exactly-once" })
			protocoltest.TestProtocol(t, wrap(p, busy), protocoltest.Setup{Duration: 40 * time.Second, Seal: reseal, Inputs: in,
				Unsent: []protocols.Kind{task.KindGiveUp, auction.KindPass}})
		})
	}
}

// awardsTwice is an auctioneer that gives what it awards to one more node.
func awardsTwice(env *protocols.Env) {
	for _, s := range env.Sends {
		if s.Message.Kind() == task.KindGive {
			env.Send((s.To+1)%4, s.Message)
		}
	}
}

// A correct mesh passes, and an auctioneer that awards twice is found out.
func TestMutants(t *testing.T) {
	for _, c := range []struct {
		name  string
		after func(env *protocols.Env)
		found []string
	}{
		{"correct", func(*protocols.Env) {}, nil},
		{"an auctioneer that awards twice", awardsTwice, []string{"exactly-once", "one-award"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			conf := task.Default()
			conf.Lease, conf.Spare = 0, true
			p := wrap(auction.New(conf, auction.Default()), c.after)
			s := sim.Config{Seed: 1, Duration: 120 * time.Second, Sample: 120 * time.Second, Probes: true,
				Groups:  []sim.Group{{Name: "node", Count: 4, Stack: []*protocols.Protocol{p}, CPU: sim.CPU{Cores: 2}}},
				Network: sim.Network{Default: sim.Link{Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond}}}}
			var in sim.Injections
			for i := range 40 {
				at := time.Duration(i) * 10 * time.Millisecond
				in = append(in, sim.Injection{At: at, Protocol: "task", Message: task.NewSubmit(&task.Task{ID: uint64(i + 1), Size: time.Second, At: protocols.Time(at)})})
			}
			s.Workload = []sim.Workload{in}
			for _, spec := range p.Checkers {
				s.Checks = append(s.Checks, sim.Check{Protocol: p.Name, Spec: spec})
			}
			r, err := sim.Run(s)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, v := range r.Violations {
				found = append(found, v.Check)
			}
			slices.Sort(found)
			if found = slices.Compact(found); !slices.Equal(found, c.found) {
				t.Errorf("found by %v, want %v: %v", found, c.found, r.Violations)
			}
			if done, _ := r.Scalar("task.tasks_done"); c.found == nil && done != 40 {
				t.Errorf("%v of 40 tasks are done", done)
			}
		})
	}
}
