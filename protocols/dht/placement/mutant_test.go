package placement_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/sim"
)

// without is a mutant that never sends messages of some kinds.
func without(kinds ...protocols.Kind) func(c task.Config, d placement.Config) *protocols.Protocol {
	return func(c task.Config, d placement.Config) *protocols.Protocol {
		return protocoltest.Wrap(placement.New(c, d), func(env *protocols.Env) {
			env.Sends = slices.DeleteFunc(env.Sends, func(s protocols.Send) bool { return slices.Contains(kinds, s.Message.Kind()) })
		})
	}
}

// Every checker passes over a correct mesh in which nodes crash, and each mutant is
// found out by those that are meant to.
func TestMutants(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func(c task.Config, d placement.Config) *protocols.Protocol
		found []string
	}{
		{"correct", placement.New, nil},
		{"a successor that runs a copy while the owner lives", placement.NewHasty, []string{"at-least-once", "exactly-once", "takeover"}},
		{"an owner that does not renew", without(placement.KindKeep), []string{"exactly-once", "takeover"}},
		{"an owner that makes no copies", without(placement.KindCopy), []string{"at-least-once", "copies", "exactly-once"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := mesh(c.make(tasktest.Plain(), placement.Default()), nodes, 1, 120*time.Second, tasks(nodes, count, 60*time.Millisecond, time.Second))
			m.Faults = []sim.Fault{crash(20*time.Second, 0, 3, 7)}
			var found []string
			for _, v := range run(t, m).Violations {
				found = append(found, v.Check)
			}
			slices.Sort(found)
			if found = slices.Compact(found); !slices.Equal(found, c.found) {
				t.Errorf("found by %v, want %v", found, c.found)
			}
		})
	}
}
