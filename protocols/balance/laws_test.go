package balance_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/balance"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
)

func TestLaws(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal, c.Announce, c.Memory = 2*time.Second, true, true, 8
	var list []protocoltest.Input
	for i := range 60 {
		x := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%5+1) * 300 * time.Millisecond, Bytes: 10 * i, Memory: int64(i % 4)}
		if i%10 == 5 {
			x.Depth, x.Width = 2, 3
		}
		list = append(list, protocoltest.Input{At: time.Duration(1+i/8) * time.Second, To: protocols.NodeID(i / 50), Message: task.NewSubmit(x)})
	}
	for _, reports := range []string{"gossip", "neighbours"} {
		t.Run(reports, func(t *testing.T) {
			b := balance.Default()
			b.Full = 2 * time.Second
			b.Reports, b.CoolDown, b.Refuse = reports, 2*time.Second, reports == "gossip"
			protocoltest.TestProtocol(t, tasktest.Lawful(protocoltest.Wrap(balance.New(c, b), protocoltest.Busy)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: list,
				Unsent: []protocols.Kind{task.KindGiveUp}})
		})
	}
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{byte(balance.KindReport), 1, 3, 5, 0, 1, 8, 0, 0, 0, 0})
	f.Add([]byte{byte(balance.KindReport), 0, 0, 0, 0, 0})
	protocoltest.FuzzDecode(f, balance.New(task.Default(), balance.Default()))
}
