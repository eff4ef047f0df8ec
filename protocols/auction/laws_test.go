package auction_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
)

func TestLaws(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal, c.Announce = 2*time.Second, true, true
	c.Memory, c.Queue.Limit = 8, 3
	var in []protocoltest.Input
	for i := range 40 {
		x := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%5+1) * 300 * time.Millisecond, Bytes: 10 * i, Memory: int64(i % 4)}
		if i%10 == 5 {
			x.Depth, x.Width = 2, 3
		}
		if i%9 == 2 {
			x.Needs = task.NewVector([]task.Capability{{Name: "gpu", Level: 1}})
		}
		in = append(in, protocoltest.Input{At: time.Duration(1+i/4) * time.Second, To: protocols.NodeID(i % 2), Message: task.NewSubmit(x)})
	}
	for _, announce := range []string{"all", "neighbours", "sample"} {
		t.Run(announce, func(t *testing.T) {
			a := auction.Default()
			a.Announce = announce
			protocoltest.TestProtocol(t, tasktest.Lawful(protocoltest.Wrap(auction.New(c, a), protocoltest.Busy)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: in,
				Unsent: []protocols.Kind{task.KindGiveUp}})
		})
	}
}
