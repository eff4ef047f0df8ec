package worksteal_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/protocols/worksteal"
	"meshsim/sim"
)

// hot is tasks that all enter at node 0.
func hot(n int, gap, size time.Duration) (list sim.Injections) {
	for i := range n {
		list = append(list, submit(time.Duration(i)*gap, 0, &task.Task{ID: uint64(i + 1), Size: size}))
	}
	return list
}

// forgetsAcknowledgement is a thief that runs what it is given and never says so.
func forgetsAcknowledgement(env *protocols.Env) {
	kept := env.Sends[:0]
	for _, s := range env.Sends {
		if s.Message.Kind() != task.KindTaken {
			kept = append(kept, s)
		}
	}
	env.Sends = kept
}

// givesTwice is a victim that hands what it gives to one more node.
func givesTwice(env *protocols.Env) {
	for _, s := range env.Sends {
		if s.Message.Kind() == task.KindGive {
			env.Send((s.To+1)%4, s.Message)
		}
	}
}

// loses is a victim that lets go of what it gives, and whose message does not leave.
func loses(env *protocols.Env) {
	for i, s := range env.Sends {
		if g, ok := s.Message.(*task.Give); ok && len(g.Tasks) > 0 {
			env.Sends[i].Message = &task.Give{Sequence: g.Sequence}
		}
	}
}

// Every checker passes over a correct mesh, and each mutant is found out by those
// that are meant to.
func TestMutants(t *testing.T) {
	for _, c := range []struct {
		name  string
		after func(env *protocols.Env)
		found []string
	}{
		{"correct", func(*protocols.Env) {}, nil},
		{"a thief that forgets the acknowledgement", forgetsAcknowledgement, []string{"exactly-once"}},
		{"a victim that hands a task to two", givesTwice, []string{"exactly-once", "one-thief"}},
		{"a victim that loses what it gives", loses, []string{"at-least-once", "conservation", "exactly-once"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := worksteal.New(tasktest.Plain(), worksteal.Default())
			r := run(t, mesh(protocoltest.Wrap(p, c.after), 4, 1, 120*time.Second, hot(40, 10*time.Millisecond, time.Second)))
			var found []string
			for _, v := range r.Violations {
				found = append(found, v.Check)
			}
			slices.Sort(found)
			if found = slices.Compact(found); !slices.Equal(found, c.found) {
				t.Errorf("found by %v, want %v", found, c.found)
			}
			if done, _ := r.Scalar("task.tasks_done"); c.found == nil && done != 40 {
				t.Errorf("%v of 40 tasks are done", done)
			}
		})
	}
}
