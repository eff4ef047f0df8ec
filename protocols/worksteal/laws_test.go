package worksteal_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/protocols/worksteal"
)

// burst is tasks that enter at one node, some of which fork or need what few offer.
func burst() (list []protocoltest.Input) {
	for i := range 40 {
		t := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%5+1) * 300 * time.Millisecond, Bytes: 10 * i, Memory: int64(i % 4)}
		if i%10 == 5 {
			t.Depth, t.Width = 2, 3
		}
		if i%9 == 2 {
			t.Needs = task.NewVector([]task.Capability{{Name: "gpu", Level: 2}})
		}
		list = append(list, protocoltest.Input{At: time.Duration(1+i/4) * time.Second, To: protocols.NodeID(i / 30), Message: task.NewSubmit(t)})
	}
	return list
}

func TestLaws(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal, c.Announce = 2*time.Second, true, true
	c.Capabilities = []task.Capability{{Name: "gpu", Level: 1}}
	c.Memory = 8
	for _, victim := range []string{"random", "last", "nearest", "choices"} {
		t.Run(victim, func(t *testing.T) {
			s := worksteal.Default()
			s.Victim = victim
			if victim == "choices" {
				s.Share, s.Distribute, c.Queue.High, c.Queue.Discipline = "half", true, 2, "lifo"
			}
			protocoltest.TestProtocol(t, tasktest.Lawful(protocoltest.Wrap(worksteal.New(c, s), protocoltest.Busy)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: burst(),
				Unsent: []protocols.Kind{task.KindGiveUp}})
		})
	}
}
