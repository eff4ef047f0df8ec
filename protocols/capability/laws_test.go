package capability_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/capability"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
)

// vector is a vector of capabilities as scenarios write them.
func vector(words ...string) task.Vector {
	v, err := tasktest.Vector(words...)
	if err != nil {
		panic(err)
	}
	return v
}

// burst is tasks that enter at one node, some of which fork or need what the
// nodes offer in part.
func burst() (list []protocoltest.Input) {
	for i := range 40 {
		t := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%5+1) * 300 * time.Millisecond, Bytes: 10 * i, Memory: int64(i % 4)}
		if i%10 == 5 {
			t.Depth, t.Width = 2, 3
		}
		switch i % 4 {
		case 1:
			t.Needs = vector("gpu:4", "ssd")
		case 2:
			t.Needs = vector("gpu:2")
		case 3:
			t.Deadline = 8 * time.Second
		}
		list = append(list, protocoltest.Input{At: time.Duration(1+i/4) * time.Second, To: protocols.NodeID(i / 30), Message: task.NewSubmit(t)})
	}
	return list
}

func TestLaws(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal, c.Announce, c.Memory = 2*time.Second, true, true, 8
	c.Capabilities = []task.Capability{{Name: "gpu", Level: 2}, {Name: "ssd", Level: 1}}
	for _, fallback := range []string{"wait", "relax", "reject"} {
		t.Run(fallback, func(t *testing.T) {
			s := capability.Default()
			s.Fallback, s.Table, s.GiveUp = fallback, 3, 20*time.Second
			if fallback == "relax" {
				s.Threshold, s.Spread = 9*(1<<64/10), "neighbours"
			}
			protocoltest.TestProtocol(t, tasktest.Lawful(protocoltest.Wrap(capability.New(c, s), protocoltest.Busy)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: burst(),
				Unsent: []protocols.Kind{task.KindGiveUp}})
		})
	}
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for kind := range byte(12) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 3, 5, 0, 0, 0, 0, 0, 0, 0, 7, 2, 0, 1, 9, 9, 9, 9, 3, 0, 0, 0, 0})
		f.Add([]byte{kind, 1, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, capability.New(task.Default(), capability.Default()))
}
