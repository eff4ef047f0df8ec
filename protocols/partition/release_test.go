package partition_test

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/partition"
)

// A release frees a member of the pledges on which nobody's permit can rest. If the
// claim of the round that was confirmed last did not come, the next pledge counted
// for it, and binds.
func TestRelease(t *testing.T) {
	for _, c := range []struct {
		name      string
		rounds    []uint64 // that the member has pledged to
		confirmed uint64
		binding   int // how many of these pledges still bind it
	}{
		{"nothing was confirmed", []uint64{1, 2}, 0, 0},
		{"the last round was", []uint64{1, 2}, 2, 2},
		{"an earlier round was", []uint64{1, 2, 3}, 2, 2},
		{"it was confirmed without this member", []uint64{3, 4}, 2, 1},
		{"the claim of that round was lost", []uint64{1, 3, 4}, 2, 2},
	} {
		k := partition.Default()
		k.Reach = "detector"
		var disk protocols.Disk
		n := partition.New(k).New(protocols.World{Nodes: 5, Members: ids(0, 5)}, ids(0, 1)).At(0)
		env := &protocols.Env{}
		call := func(f func()) []protocols.Send {
			env.Reset(0, 0, 1, &disk)
			f()
			return env.Sends
		}
		call(func() { n.Start(env) })
		call(func() { n.Expire(env, protocols.Timer(1, 1)) }) // what it may have pledged before it started
		first, second := partition.NewEpoch(1, 1), partition.NewEpoch(2, 2)
		for _, round := range c.rounds {
			if sent := call(func() { n.Receive(env, 1, &partition.Claim{Epoch: first, Round: round}) }); len(sent) != 1 {
				t.Fatalf("%s: no pledge to round %d", c.name, round)
			}
		}
		call(func() { n.Receive(env, 1, &partition.Release{Epoch: first, Confirmed: c.confirmed}) })
		for ended := range len(c.rounds) + 1 {
			if ended > 0 {
				call(func() { n.Expire(env, protocols.Timer(1, uint64(ended)+1)) })
			}
			sent := call(func() { n.Receive(env, 2, &partition.Claim{Epoch: second, Round: uint64(ended) + 1}) })
			if free := len(sent) == 1; free != (ended >= c.binding) {
				t.Errorf("%s: when %d pledges have ended it answers another's claim: %t", c.name, ended, free)
			}
		}
	}
}
