package capability_test

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/capability"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
	"meshsim/sim"
)

// judged is a mutant under the checkers of the protocol that it should be.
func judged(mutant, right *protocols.Protocol) *protocols.Protocol {
	p := *mutant
	p.Checkers = right.Checkers
	return &p
}

// configured makes the protocol under a changed configuration.
func configured(change func(s *capability.Config)) func(offers []string) *protocols.Protocol {
	return func(offers []string) *protocols.Protocol {
		s := capability.Default()
		change(&s)
		return judged(capability.New(plain(offers...), s), honest(offers))
	}
}

// changed makes the protocol with a change to what its nodes ask for.
func changed(after func(env *protocols.Env)) func(offers []string) *protocols.Protocol {
	return func(offers []string) *protocols.Protocol { return protocoltest.Wrap(honest(offers), after) }
}

// drops is a router that does nothing about a task that came back.
func drops(env *protocols.Env) {
	at := slices.IndexFunc(env.Observations, func(o protocols.Observation) bool { return o.Kind == task.Returned })
	if at < 0 {
		return
	}
	env.Observations = env.Observations[:at+1]
	env.Sends = slices.DeleteFunc(env.Sends, func(s protocols.Send) bool { return s.Message.Kind() == task.KindGive })
}

// younger is a node that passes on what it heard as if it were new.
func younger(env *protocols.Env) {
	for i := range env.Sends {
		env.Sends[i].Message = capability.Young(env.Sends[i].Message)
	}
}

// Every checker passes over a correct mesh, and each mutant is found out by those
// that are meant to. The nodes with the best match crash for good while tasks
// enter, and have room for few.
func TestMutants(t *testing.T) {
	for _, c := range []struct {
		name  string
		make  func(offers []string) *protocols.Protocol
		found []string
	}{
		{"correct", honest, nil},
		{"a router that ignores the threshold", configured(func(s *capability.Config) { s.Threshold = 0 }), []string{"threshold"}},
		{"a router that relaxes too far", configured(func(s *capability.Config) { s.Fallback, s.Floor = "relax", 0 }), []string{"threshold"}},
		{"a router that forgets a task that came back", changed(drops), []string{"handed-on"}},
		{"a router that keeps expired announcements", configured(func(s *capability.Config) { s.Expire = time.Hour }), []string{"fresh"}},
		{"a node that makes old announcements young", func(offers []string) *protocols.Protocol {
			return protocoltest.Wrap(configured(func(s *capability.Config) { s.Rounds, s.Batch = 100, 100 })(offers), younger)
		}, []string{"fresh"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			few := []kind{{16, nil}, {3, []string{"gpu"}}, {2, []string{"gpu:4"}}}
			k := mesh(2, 200*time.Second, tasks(60, 2*time.Second, time.Second, "gpu:4"), few, c.make)
			gone := sim.Selector{From: []protocols.NodeID{19, 20}}
			k.Faults = []sim.Fault{{Name: "crash", At: 40 * time.Second, Crash: &sim.Crash{Nodes: gone}}}
			r := run(t, k)
			var found []string
			for _, v := range r.Violations {
				found = append(found, v.Check)
			}
			slices.Sort(found)
			if found = slices.Compact(found); !slices.Equal(found, c.found) {
				t.Errorf("found by %v, want %v", found, c.found)
			}
		})
	}
}
