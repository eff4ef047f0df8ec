package raft_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/kv"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/raft"
)

// mixed describes replicas and clients that are nodes of one protocol.
func mixed(c raft.Config, load *client.Config, replicas int) *protocols.Protocol {
	c.Replicas = ids(0, replicas)
	servers := raft.New(c)
	c.Client = load
	clients := raft.New(c)
	p := *servers
	p.New = func(w protocols.World, list []protocols.NodeID) protocols.Nodes {
		nodes := make(protocols.NodeList, len(list))
		for i, id := range list {
			of := servers
			if int(id) >= replicas {
				of = clients
			}
			nodes[i] = of.New(w, []protocols.NodeID{id}).At(0)
		}
		return nodes
	}
	return &p
}

func TestLaws(t *testing.T) {
	load := client.Default()
	load.Closed.Think, load.Timeout = 200*time.Millisecond, 500*time.Millisecond
	for _, c := range []struct {
		name     string
		replicas int
		change   func(k *raft.Config)
		unsent   []protocols.Kind
	}{
		{"cluster", 4, func(k *raft.Config) { k.Voters, k.Snapshot, k.SnapshotKeep, k.MaxBytes = 3, 20, 2, 256 },
			[]protocols.Kind{raft.KindSynced}},
		{"parallel", 3, func(k *raft.Config) { k.Parallel = true },
			[]protocols.Kind{raft.KindInstallSnapshot, raft.KindInstallReply}},
		{"alone", 1, func(k *raft.Config) { k.Reads = "lease" },
			[]protocols.Kind{raft.KindVote, raft.KindRequestVote, raft.KindAppendEntries, raft.KindAppendReply, raft.KindInstallSnapshot,
				raft.KindInstallReply, raft.KindTimeoutNow, raft.KindForward}},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := raft.Default()
			k.Heartbeat, k.Election, k.ElectionMax = 200*time.Millisecond, 500*time.Millisecond, time.Second
			c.change(&k)
			protocoltest.TestProtocol(t, mixed(k, load, c.replicas), protocoltest.Setup{
				Nodes: 6, Duration: 30 * time.Second, Seeds: 2, Seal: protocoltest.Reseal, Unsent: c.unsent, MaxSends: 300,
				// Node 1 is down from 10s to 20s.
				Inputs: []protocoltest.Input{
					{At: 2 * time.Second, To: 0, Message: raft.NewChange(raft.AddVoter, 3)},
					{At: 3 * time.Second, To: 2, Message: raft.NewChange(raft.AddVoter, 3)},
					{At: 4 * time.Second, To: 0, Message: raft.NewTransfer(protocols.External)},
					{At: 5 * time.Second, To: 2, Message: raft.NewTransfer(0)},
					{At: 6 * time.Second, To: 0, Event: protocols.Event{Kind: protocols.Propose, Data: []byte("red")}},
					{At: 6 * time.Second, To: 2, Event: protocols.Event{Kind: protocols.Propose, Data: []byte("blue")}},
					{At: 22 * time.Second, To: 1, Message: raft.NewChange(raft.Remove, 3)},
				},
			})
		})
	}
}

// messages are one of each kind.
func messages() []protocols.Message {
	put := kv.Command{Session: kv.NewSession(4, 0), Sequence: 7, Op: kv.Put, Key: 1, Value: 5, Payload: 3}
	return []protocols.Message{
		&raft.RequestVote{Term: 3, LastIndex: 9, LastTerm: 2, Transfer: true}, &raft.Vote{Term: 3, Pre: true, Granted: true},
		&raft.AppendReply{Term: 3, Rejected: true, Index: 9, Round: 4, HintTerm: 2, HintIndex: 5},
		&raft.InstallSnapshot{Term: 3, Round: 2, Index: 9, Offset: 4, Total: 7, Data: []byte("abc")},
		&raft.InstallReply{Term: 3, Round: 2, Index: 9, Offset: 7}, &raft.TimeoutNow{Term: 3}, &raft.Synced{Term: 3, Index: 8},
		raft.NewChange(raft.AddVoter, 3), raft.NewTransfer(protocols.External), &raft.Forward{Hops: 1, Data: []byte("red")},
		&raft.Request{Sequence: 7, Command: put.AppendTo(nil)}, &raft.Reply{Sequence: 7, Status: raft.NotLeader, Leader: 2},
		raft.Entries(3, 8, 2, 7, raft.NewEntry(2, raft.EntryNoOp, nil), raft.NewEntry(3, raft.EntryCommand, put.AppendTo(nil))),
	}
}

// Whatever bytes decode encode to the same bytes, of the length that Size says.
func FuzzDecode(f *testing.F) {
	for _, m := range messages() {
		f.Add(m.AppendTo(nil))
	}
	for kind := range byte(14) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, raft.New(raft.Default()))
}
