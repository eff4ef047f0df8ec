package gossip

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// lonely returns a node of two that was never told anything, and an Env for it.
func lonely(c Config) (*node, *protocols.Env) {
	w := protocols.World{Nodes: 2, Members: []protocols.NodeID{0, 1}}
	n := newNodes(c, w, []protocols.NodeID{0}).At(0).(*node)
	env := &protocols.Env{}
	env.Reset(0, 0, 1, &protocols.Disk{})
	n.Start(env)
	return n, env
}

// model is the memory of a node as a list, with a set of all it ever forgot.
type model struct {
	held   []ID
	cycles []uint32
	floors map[protocols.NodeID]uint32
}

func (m *model) knows(id ID) bool {
	for _, x := range m.held {
		if x == id {
			return true
		}
	}
	floor, ok := m.floors[id.Origin()]
	return ok && id.Sequence() <= floor
}

func (m *model) forget() {
	id := m.held[0]
	m.held, m.cycles = m.held[1:], m.cycles[1:]
	m.floors[id.Origin()] = max(m.floors[id.Origin()], id.Sequence())
}

// The memory of a node (scan, hash table with closing of gaps, floors) behaves
// as the list does, through floods and pauses.
func TestMemoryAgainstModel(t *testing.T) {
	for seed := range uint64(60) {
		c := Default()
		c.MaxRumors, c.Interval, c.Retention = 100, time.Second, 20*time.Second
		n, env := lonely(c)
		m := model{floors: map[protocols.NodeID]uint32{}}
		rand := draw.New(seed)
		cycle := uint32(0)
		for range 1500 {
			if rand.IntN(8) == 0 {
				cycle += uint32(rand.IntN(1 + rand.IntN(30)))
				env.Now = protocols.Time(cycle) * 1e9
				n.collect(env, cycle)
				for len(m.held) > 0 && cycle-m.cycles[0] >= 20 {
					m.forget()
				}
			}
			id := NewID(protocols.NodeID(rand.IntN(5)), uint32(rand.IntN(400)))
			if got, want := n.knows(id), m.knows(id); got != want {
				t.Fatalf("seed %d: knows(%v) = %v, want %v", seed, id, got, want)
			} else if !got {
				if len(m.held) == 100 {
					m.forget()
				}
				m.held, m.cycles = append(m.held, id), append(m.cycles, cycle)
				n.learn(env, newRumor(id, nil))
			}
			if len(n.held) != len(m.held) {
				t.Fatalf("seed %d: %d held, want %d", seed, len(n.held), len(m.held))
			}
		}
		for _, id := range m.held {
			if h := n.find(id); h == nil || h.rumor.ID != id {
				t.Fatalf("seed %d: %v is not found", seed, id)
			}
		}
	}
}

// What a liar can make a node keep has a limit: rumors, and their bytes.
func TestFloodCannotExhaustANode(t *testing.T) {
	c := Default()
	c.MaxRumors, c.MaxMessageBytes = 50, 2048
	n, env := lonely(c)
	for i := range uint32(5000) {
		list := []*Rumor{
			newRumor(NewID(1, 3*i), make([]byte, 100)),
			newRumor(NewID(1, 3*i), make([]byte, 100)),      // twice in a message
			newRumor(NewID(0, 3*i+1), make([]byte, 100)),    // in our name
			newRumor(NewID(1, 3*i+2), make([]byte, 100000)), // too large
			newRumor(NewID(protocols.NodeID(i+2), 1), nil),  // of nobody
		}
		env.Reset(0, protocols.Time(i)*1e6, uint64(i), env.Disk)
		n.Receive(env, 1, &newBatch(list).push)
	}
	bytes := 0
	for i := range n.held {
		bytes += len(n.held[i].rumor.Payload)
	}
	if len(n.held) != 50 || bytes != 5000 || cap(n.held) > 4*50 || len(n.more.index.slots) > 8*64 || len(n.more.floors) != 2 {
		t.Errorf("%d rumors of %d bytes, room for %d, %d slots, %d floors", len(n.held), bytes, cap(n.held), len(n.more.index.slots), len(n.more.floors))
	}
	// And what it sends stays within its own limits.
	env.Reset(0, 6e9, 1, env.Disk)
	n.Expire(env, protocols.Timer(roundTimer, 0))
	for _, s := range env.Sends {
		if s.Message.Size() > 2048 {
			t.Errorf("a message of %d bytes, limit 2048", s.Message.Size())
		}
	}
	if len(env.Sends) == 0 {
		t.Error("nothing is sent")
	}
	// Once it is over, the memory is given back.
	env.Reset(0, 1e12, 1, env.Disk)
	n.Expire(env, protocols.Timer(roundTimer, 0))
	if n.held != nil || n.more.index.slots != nil {
		t.Errorf("room for %d rumors and %d slots after all are collected", cap(n.held), len(n.more.index.slots))
	}
}

// Where not all rumors fit into a message, each gets its turn, newest first.
func TestLeastSentGoFirst(t *testing.T) {
	c := Default()
	c.MaxMessageRumors = 4
	n, env := lonely(c)
	for i := range uint32(10) {
		n.learn(env, newRumor(NewID(1, i), nil))
	}
	sent := map[ID]int{}
	for round := range 10 {
		b := n.current()
		if len(b.list) != 4 {
			t.Fatalf("round %d: %d rumors, want 4", round, len(b.list))
		}
		if round == 0 && b.list[0].ID.Sequence() != 9 {
			t.Errorf("first goes %v, want the newest", b.list[0].ID)
		}
		for _, r := range b.list {
			sent[r.ID]++
		}
	}
	for i := range uint32(10) {
		if sent[NewID(1, i)] != 4 {
			t.Errorf("rumor %d was sent %d times of 40, want 4", i, sent[NewID(1, i)])
		}
	}
}

// A node passes on the message in which it got its rumors: no allocation.
func TestSpreadingAllocatesNothing(t *testing.T) {
	n, env := lonely(Default())
	m := &newBatch([]*Rumor{newRumor(NewID(1, 1), []byte("news"))}).push
	n.Receive(env, 1, m)
	round := func() {
		env.Reset(0, 0, 1, env.Disk)
		n.Expire(env, protocols.Timer(roundTimer, 0))
		n.Receive(env, 1, m)
	}
	if round(); env.Sends[0].Message != protocols.Message(m) {
		t.Error("the message that is sent is not the one that was received")
	}
	if a := testing.AllocsPerRun(100, round); a != 0 {
		t.Errorf("%v allocations a round", a)
	}
}

// A decoded copy of what a node spreads is as good as the original.
func TestWireFormMakesNoDifference(t *testing.T) {
	n, env := lonely(Default())
	list := []*Rumor{newRumor(NewID(1, 1), []byte("a")), newRumor(NewID(1, 2), []byte("b"))}
	n.Receive(env, 1, &newBatch(list).push)
	env.Reset(0, 0, 1, env.Disk)
	copied, err := decode((&newBatch(list).push).AppendTo(nil))
	if err != nil {
		t.Fatal(err)
	}
	n.Receive(env, 1, copied)
	if len(env.Observations) != 1 || env.Observations[0] != (protocols.Observation{Kind: Redundant, Value: 2}) {
		t.Errorf("observations %v, want one of two redundant rumors", env.Observations)
	}
}
