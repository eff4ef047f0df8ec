package worksteal_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
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

// A correct mesh runs each task once, and each mutant is found out.
func TestMutants(t *testing.T) {
	for _, c := range []struct {
		name          string
		after         func(env *protocols.Env)
		thief         bool // one_thief finds it
		twice, missed bool // tasks run twice, or never
	}{
		{name: "correct", after: func(*protocols.Env) {}},
		{"a thief that forgets the acknowledgement", forgetsAcknowledgement, false, true, false},
		{"a victim that hands a task to two", givesTwice, true, true, false},
		{"a victim that loses what it gives", loses, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := mesh(wrap(worksteal.New(plain(), worksteal.Default()), c.after), 4, 1, 120*time.Second, hot(40, 10*time.Millisecond, time.Second))
			a := keep(&k, 0)
			r := run(t, k)
			if thief := len(r.Violations) > 0; thief != c.thief || a.twice() > 0 != c.twice || len(a.asked) > 0 != c.missed {
				t.Errorf("%d violations, %d tasks ran twice, %d never", len(r.Violations), a.twice(), len(a.asked))
			}
			for _, v := range r.Violations {
				if v.Check != "one_thief" {
					t.Errorf("%s: %s", v.Check, v.Text)
				}
			}
		})
	}
}
