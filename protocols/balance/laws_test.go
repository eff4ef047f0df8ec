package balance_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/balance"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

// lawful is the protocol without the property that no means keep when messages
// are lost and nodes crash.
func lawful(p *protocols.Protocol) *protocols.Protocol {
	p.Checkers = slices.DeleteFunc(p.Checkers, func(c protocols.CheckerSpec) bool { return c.Name == "exactly-once" })
	return p
}

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
			protocoltest.TestProtocol(t, lawful(protocoltest.Wrap(balance.New(c, b), protocoltest.Busy)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: list,
				Unsent: []protocols.Kind{task.KindGiveUp}})
		})
	}
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	decode := balance.New(task.Default(), balance.Default()).Decode
	f.Add([]byte{byte(balance.KindReport), 1, 3, 5, 0, 1, 8, 0, 0, 0, 0})
	f.Add([]byte{byte(balance.KindReport), 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		b = protocoltest.Reseal(b)
		if m, err := decode(b); err == nil && (!bytes.Equal(m.AppendTo(nil), b) || m.Size() != len(b)) {
			t.Errorf("%x is read as %v, which is written as %x", b, m, m.AppendTo(nil))
		}
	})
}
