package raft

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// A follower whose disk gets full within a call starts anew from what the call
// wrote before. It must not acknowledge that before it is durable.
func TestRebootMakesDurable(t *testing.T) {
	world := protocols.World{Nodes: 3, Members: []protocols.NodeID{0, 1, 2}}
	var disk protocols.Disk
	env := &protocols.Env{}
	start := func() protocols.Node {
		n := New(Default()).New(world, []protocols.NodeID{1}).At(0)
		env.Reset(1, 0, 1, &disk)
		n.Start(env)
		return n
	}
	acknowledged := func(n protocols.Node, m *AppendEntries) uint64 {
		env.Reset(1, 0, draw.Mix(m.Round), &disk)
		n.Receive(env, 0, m)
		for _, s := range env.Sends {
			if r, ok := s.Message.(*AppendReply); ok && !r.Rejected {
				return r.Index
			}
		}
		return 0
	}
	settle := func() {
		if _, ok := disk.TakeSync(); ok {
			disk.Complete(false)
		}
	}
	n := start()
	small, large := newEntry(1, EntryCommand, []byte("x")), newEntry(1, EntryCommand, make([]byte, 5000))
	if got := acknowledged(n, newAppend(AppendEntries{Term: 1, Round: 1})); got != 0 {
		t.Fatalf("%d entries of none are acknowledged", got)
	}
	settle()
	disk.SetFaults(protocols.DiskFaults{Capacity: 1000})
	if got := acknowledged(n, newAppend(AppendEntries{Term: 1, Round: 2, Entries: []Entry{small, large}})); got != 0 || len(env.Sends) > 0 {
		t.Fatalf("entries up to %d are acknowledged that do not fit on the disk", got)
	}
	settle()
	disk.SetFaults(protocols.DiskFaults{})
	env.Reset(1, 0, 3, &disk)
	n.Expire(env, protocols.Timer(rebootTimer, 0))
	settle()
	got := acknowledged(n, newAppend(AppendEntries{Term: 1, PrevIndex: 1, PrevTerm: 1, Round: 4}))
	settle()
	if got != 1 {
		t.Fatalf("entries up to %d are acknowledged, want the one that was written", got)
	}
	disk.Crash(true)
	if got := acknowledged(start(), newAppend(AppendEntries{Term: 1, PrevIndex: 1, PrevTerm: 1, Round: 5})); got != 1 {
		t.Errorf("after a crash entries up to %d are acknowledged: one that was acknowledged before is lost", got)
	}
}
