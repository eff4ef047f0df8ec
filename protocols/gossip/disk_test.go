package gossip

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

// A full disk refuses what must be kept, tells so, and takes it when there is
// room again; what others send is taken in all the same.
func TestFullDisk(t *testing.T) {
	n, env := lonely(replicated("push-pull"))
	env.Disk.SetFaults(protocols.DiskFaults{Full: true})
	ask := func(m protocols.Message) (refused bool) {
		env.Reset(0, 0, 1, env.Disk)
		n.Receive(env, protocols.External, m)
		for _, o := range env.Observations {
			refused = refused || o.Kind == Refused
		}
		return refused
	}
	if !ask(NewPut("a", []byte("1"))) || !ask(NewPublish([]byte("r"))) {
		t.Error("a full disk takes a write")
	}
	e := newEntry("b", []byte("2"), version{5, newWriter(1, 1)}, false)
	n.Receive(env, 1, &Delta{parts: []part{{newWriter(1, 1), 0, 5, []*entry{e}}}})
	if got := contents(n); len(got) != 1 {
		t.Errorf("it holds %v, want what node 1 wrote", got)
	}
	env.Disk.SetFaults(protocols.DiskFaults{})
	if ask(NewPut("a", []byte("1"))) || ask(NewPublish([]byte("r"))) {
		t.Error("a disk with room refuses a write")
	}
	checkReplica(t, 0, n.more.replica)
}

// Whatever bit of a node's journal rots while it is down, it starts, and what it
// writes then is not taken for what it wrote before: all agree in the end.
func TestRottenJournal(t *testing.T) {
	for seed := range uint64(60) {
		r := draw.New(seed)
		c := protocoltest.NewCluster(New(replicated("push-pull")), 2, protocoltest.Options{})
		for i := range 6 {
			c.Inject(0, NewPut(fmt.Sprint("key", i%4), []byte{byte(i)}))
		}
		c.Run(5 * time.Second)
		c.Crash(0)
		switch seed % 3 {
		case 0:
			c.Disks[0].Rot(1+r.IntN(3), &r)
		case 1:
			c.Disks[0].SetFaults(protocols.DiskFaults{Unreadable: draw.Always})
		case 2:
			b, _ := c.Disks[0].Read(journalFile)
			_ = c.Disks[0].Write(journalFile, b[:len(b)-1-r.IntN(3)])
		}
		c.Restart(0)
		c.Disks[0].SetFaults(protocols.DiskFaults{})
		for i := range 3 {
			c.Inject(0, NewPut(fmt.Sprint("new", i), []byte{byte(i)})) // before it has heard from anybody
		}
		c.Run(10 * time.Second)
		if text := agreed(c); text != "" {
			t.Fatalf("seed %d: %s", seed, text)
		}
		if got := contents(c.Nodes[1]); len(got) != 7 {
			t.Fatalf("seed %d: node 1 reads %v, want 7 keys", seed, got)
		}
	}
}
