package task_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
)

// work is tasks, a fork and a job, so that all kinds of messages are sent.
func work() (list []protocoltest.Input) {
	gpu := task.NewVector([]task.Capability{{Name: "gpu", Level: 2}})
	add := func(at time.Duration, to int, m protocols.Message) {
		list = append(list, protocoltest.Input{At: at, To: protocols.NodeID(to), Message: m})
	}
	for i := range 40 {
		t := &task.Task{ID: uint64(i + 1), Size: time.Duration(i%7+1) * 400 * time.Millisecond, Bytes: i * 3, Priority: uint8(i % 3)}
		if i%8 == 3 {
			t.Needs, t.Deadline = gpu, 3*time.Second
		}
		if i%10 == 5 {
			t.Depth, t.Width = 2, 3
		}
		add(time.Duration(1+i/4)*time.Second, i%4, task.NewSubmit(t))
	}
	parts := []*task.Task{{ID: 1, Size: 1e9}, {ID: 1, Size: 2e9}, {ID: 1, Size: 3e9}, {ID: 1, Size: 1e8}}
	add(3*time.Second, 1, &task.Submit{Job: 1000, Tasks: parts, After: [][]uint16{nil, {0}, {0}, {1, 2}}})
	return list
}

func TestLaws(t *testing.T) {
	c := task.Default()
	c.Lease, c.Journal, c.Announce = 2*time.Second, true, true
	c.Capabilities = []task.Capability{{Name: "gpu", Level: 2}}
	c.Queue.High = 3
	for _, discipline := range []string{"fifo", "lifo", "shortest", "priority", "deadline"} {
		c.Queue.Discipline = discipline
		t.Run("local/"+discipline, func(t *testing.T) {
			protocoltest.TestProtocol(t, tasktest.Lawful(task.NewLocal(c)), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: work(),
				Unsent: []protocols.Kind{task.KindGive, task.KindTaken, task.KindReport, task.KindGiveUp, task.KindReported, task.KindRenew}})
		})
	}
	t.Run("choices", func(t *testing.T) {
		protocoltest.TestProtocol(t, tasktest.Lawful(task.NewChoices(c, task.DefaultChoices())), protocoltest.Setup{Duration: 40 * time.Second, Seal: protocoltest.Reseal, Inputs: work(),
			Unsent: []protocols.Kind{task.KindGiveUp}})
	})
}
