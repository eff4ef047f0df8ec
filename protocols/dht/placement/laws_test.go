package placement_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
)

// burst is tasks that enter at some nodes, some of which fork or need what few offer,
// and what a failure detector says.
func burst() (list []protocoltest.Input) {
	for i := range 40 {
		t := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%5+1) * 300 * time.Millisecond, Bytes: 10 * i, Memory: int64(i % 4)}
		if i%10 == 5 {
			t.Depth, t.Width = 2, 3
		}
		list = append(list, protocoltest.Input{At: time.Duration(1+i/4) * time.Second, To: protocols.NodeID(i % 3), Message: task.NewSubmit(t)})
	}
	for i, e := range []protocols.Event{{Kind: protocols.PeerFailed, Node: 2}, {Kind: protocols.PeerBack, Node: 2}, {Kind: protocols.ReadOnlyOn}, {Kind: protocols.ReadOnlyOff}} {
		list = append(list, protocoltest.Input{At: time.Duration(12+i) * time.Second, To: 0, Event: e})
	}
	return list
}

func TestLaws(t *testing.T) {
	c, d := task.Default(), placement.Default()
	c.Lease, c.Journal, c.Announce, c.Memory, c.Queue.Limit = 4*time.Second, true, true, 8, 20
	d.Copies, d.Virtual = 2, 4
	protocoltest.TestProtocol(t, tasktest.Lawful(protocoltest.Wrap(placement.New(c, d), protocoltest.Busy), "takeover", "copies"), protocoltest.Setup{Duration: 60 * time.Second, Seal: protocoltest.Reseal, Inputs: burst(),
		Unsent: []protocols.Kind{task.KindGiveUp, placement.KindRuns, placement.KindAsk}})
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for kind := range byte(8) {
		f.Add(append([]byte{byte(placement.KindCopy) + kind}, make([]byte, 48)...))
		f.Add(append([]byte{byte(placement.KindCopy) + kind, 1, 2, 3, 4, 1}, make([]byte, 12)...))
	}
	protocoltest.FuzzDecode(f, placement.New(task.Default(), placement.Default()))
}
