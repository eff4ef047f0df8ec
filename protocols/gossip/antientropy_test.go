package gossip

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

// replicated is a configuration without rumors.
func replicated(mode string) Config {
	c := Default()
	c.AntiEntropy = DefaultAntiEntropy()
	c.AntiEntropy.Mode, c.AntiEntropy.Interval = mode, time.Second
	return c
}

// contents is what can be read of a node's state.
func contents(n protocols.Node) (list []string) {
	for _, e := range n.(*node).more.replica.entries {
		if !e.deleted {
			list = append(list, e.String())
		}
	}
	return list
}

// agreed returns "" if all nodes that are up can read the same, else how not.
func agreed(c *protocoltest.Cluster) string {
	first := contents(c.Nodes[0])
	for id, n := range c.Nodes {
		if n == nil {
			continue
		}
		r := n.(*node).more.replica
		if got := contents(n); !slices.Equal(got, first) {
			return fmt.Sprintf("node %d has %v, node 0 has %v", id, got, first)
		}
		if q := c.Nodes[0].(*node).more.replica; r.vector != q.vector || r.digest != q.digest {
			return fmt.Sprintf("node %d has another digest of the same state than node 0", id)
		}
	}
	return ""
}

// checkReplica holds a replica's redundant fields against its entries.
func checkReplica(t *testing.T, id int, r *replica) {
	t.Helper()
	digest, vector, logged := uint64(0), uint64(0), 0
	for _, e := range r.entries {
		digest += e.digest()
		i, ok := r.findWriter(e.version.by)
		if !ok {
			t.Fatalf("node %d: no record of the writer of %v", id, e)
		}
		if at, ok := r.writers[i].find(e.version.time); !ok || r.writers[i].log[at] != e {
			t.Fatalf("node %d: %v is not in the log of its writer", id, e)
		}
	}
	for _, k := range r.writers {
		vector += vectorDigest(k.by, k.upTo)
		logged += len(k.log)
	}
	if digest != r.digest || vector != r.vector || logged != len(r.entries) {
		t.Fatalf("node %d: digest %x, want %x; vector %x, want %x; %d logged of %d", id, r.digest, digest, r.vector, vector, logged, len(r.entries))
	}
}

// Whatever is written, lost, crashed and cut off, in the end all nodes can read
// the same, and of each key the last write that a node that did not lose it
// made. The model is a map with the newest version of each key.
func TestReplicasConverge(t *testing.T) {
	for _, mode := range []string{"push", "pull", "push-pull"} {
		for seed := range uint64(12) {
			converge(t, mode, seed)
		}
	}
}

func converge(t *testing.T, mode string, seed uint64) {
	const nodes = 8
	rand := draw.New(seed)
	cut := uint64(0)
	newest := map[uint64]uint64{}
	config := replicated(mode)
	config.MaxMessageBytes = minMessageBytes + rand.IntN(2000)
	config.AntiEntropy.Rumors = seed%2 == 1
	c := protocoltest.NewCluster(New(config), nodes, protocoltest.Options{
		Seed: seed, Loss: draw.Ratio(1, 10),
		Cut: func(a, b protocols.NodeID) bool { return (cut>>a^cut>>b)&1 != 0 },
		Observe: func(o protocols.Observed) {
			if o.Protocol == "gossip" && o.Kind == Written && o.Value > newest[o.Key] {
				newest[o.Key] = o.Value
			}
		}})
	for range 150 {
		id := protocols.NodeID(rand.IntN(nodes))
		switch key := fmt.Sprint("key", rand.IntN(40)); rand.IntN(12) {
		case 0:
			cut = rand.Uint64() // another partition
		case 1:
			if c.Nodes[id] != nil {
				c.Crash(id)
				c.Run(time.Duration(rand.IntN(3000)) * time.Millisecond)
			}
			c.Restart(id)
		case 2, 3:
			c.Inject(id, NewDelete(key))
		default:
			c.Inject(id, NewPut(key, make([]byte, rand.IntN(200))))
		}
		c.Run(time.Duration(rand.IntN(700)) * time.Millisecond)
		for i, n := range c.Nodes {
			checkReplica(t, i, n.(*node).more.replica)
		}
	}
	cut = 0
	c.Run(time.Minute)
	if text := agreed(c); text != "" {
		t.Fatalf("%s, seed %d: %s", mode, seed, text)
	}
	r := c.Nodes[0].(*node).more.replica
	for _, e := range r.entries {
		if e.packed() != newest[e.item] {
			t.Fatalf("%s, seed %d: all have %v, which is not the newest write of its key", mode, seed, e)
		}
	}
	if len(r.entries) != len(newest) {
		t.Fatalf("%s, seed %d: %d keys, want %d", mode, seed, len(r.entries), len(newest))
	}
}

// Only what is missing is sent, in messages within the limit, and several of
// them follow one another at once.
func TestDeltasOnlyAndBounded(t *testing.T) {
	config := replicated("pull")
	config.MaxMessageBytes = 2048
	c := protocoltest.NewCluster(New(config), 2, protocoltest.Options{})
	for i := range 100 {
		c.Inject(0, NewPut(fmt.Sprint("key", i), make([]byte, 100)))
	}
	c.Run(1100 * time.Millisecond)
	if text := agreed(c); text != "" {
		t.Fatal(text)
	}
	deltas := c.Messages[KindDelta]
	if deltas.Sum > 100*(100+20) {
		t.Errorf("%d bytes of deltas for 100 writes of 100 bytes", deltas.Sum)
	}
	if mean := deltas.Sum / deltas.Count; mean > 2048 || deltas.Count < 5 {
		t.Errorf("%d deltas of %d bytes on average, limit 2048", deltas.Count, mean)
	}
	c.Inject(0, NewPut("key7", []byte("new")))
	c.Run(2 * time.Second)
	if got := c.Messages[KindDelta].Sum - deltas.Sum; got > 64 {
		t.Errorf("%d bytes of deltas for one small write", got)
	}
	// When both know the same, a summary is all that is sent.
	before := c.Messages[KindDigest].Count
	c.Run(10 * time.Second)
	if got := c.Messages[KindDigest].Count; got != before {
		t.Errorf("%d digests between nodes that agree", got-before)
	}
}

// A digest that does not fit into a message is sent in turns, and nothing is
// sent for the writers that it leaves out.
func TestManyWriters(t *testing.T) {
	const nodes = 120
	config := replicated("pull")
	config.MaxMessageBytes = minMessageBytes
	c := protocoltest.NewCluster(New(config), nodes, protocoltest.Options{})
	c.Run(5 * time.Minute) // so that generations are large numbers
	for id := range protocols.NodeID(nodes) {
		c.Inject(id, NewPut(fmt.Sprint("key", id), []byte("x")))
	}
	c.Run(90 * time.Second)
	if text := agreed(c); text != "" {
		t.Fatal(text)
	}
	if d := c.Messages[KindDigest]; d.Sum/d.Count > minMessageBytes {
		t.Errorf("digests of %d bytes on average, limit %d", d.Sum/d.Count, minMessageBytes)
	}
	if d := c.Messages[KindDelta]; d.Sum > nodes*nodes*30 {
		t.Errorf("%d bytes of deltas for %d small writes on %d nodes", d.Sum, nodes, nodes)
	}
}

// What comes late is not taken for new, although what made it old is forgotten.
func TestLateDeltaAfterCollection(t *testing.T) {
	config := replicated("push-pull")
	config.AntiEntropy.Tombstones = 20 * time.Second
	n, env := lonely(config)
	by := newWriter(1, 1)
	late := &Delta{parts: []part{{by, 0, 1, []*entry{newEntry("a", nil, version{1, by}, false)}}}}
	n.Receive(env, 1, late)
	n.Receive(env, 1, &Delta{parts: []part{{by, 1, 2, []*entry{newEntry("a", nil, version{2, by}, true)}}}})
	env.Reset(0, protocols.Time(time.Minute), 1, env.Disk)
	n.Expire(env, protocols.Timer(antiEntropyTimer, 0))
	n.Receive(env, 1, late)
	if r := n.more.replica; len(r.entries) != 0 {
		t.Errorf("a late delta has brought back %v", r.entries)
	}
}

// A deleted key does not come back from a node that missed the delete, even
// after everybody has forgotten that there was a delete.
func TestTombstonesAreCollected(t *testing.T) {
	config := replicated("push-pull")
	config.AntiEntropy.Tombstones = 20 * time.Second
	isolated := false
	c := protocoltest.NewCluster(New(config), 4, protocoltest.Options{
		Cut: func(a, b protocols.NodeID) bool { return isolated && (a == 3) != (b == 3) }})
	c.Inject(0, NewPut("a", []byte("1")))
	c.Inject(1, NewPut("b", []byte("2")))
	c.Run(10 * time.Second)
	isolated = true
	c.Inject(1, NewDelete("a"))
	c.Run(40 * time.Second)
	isolated = false
	c.Run(20 * time.Second)
	for id := range 3 {
		r := c.Nodes[id].(*node).more.replica
		if len(r.entries) != 1 || r.entries[0].key != "b" || len(r.tombstones) != 0 {
			t.Errorf("node %d holds %v and %d tombstones", id, r.entries, len(r.tombstones))
		}
		checkReplica(t, id, r)
	}
	// The price, which the doc of Tombstones tells.
	if got := contents(c.Nodes[3]); len(got) != 2 {
		t.Errorf("the node that was cut off for longer reads %v", got)
	}
}

// A node's own writes survive its crash; what it wrote before it lost its disk
// it gets back, and what it writes then is not taken for that.
func TestWritesSurvive(t *testing.T) {
	c := protocoltest.NewCluster(New(replicated("push-pull")), 2, protocoltest.Options{})
	c.Inject(0, NewPut("a", []byte("1")))
	c.Inject(0, NewPut("b", []byte("2")))
	c.Crash(0)
	c.Restart(0)
	if got := contents(c.Nodes[0]); len(got) != 2 {
		t.Fatalf("after a restart node 0 reads %v, want both writes", got)
	}
	c.Run(5 * time.Second)
	c.Crash(0)
	c.Disks[0].Crash(false)
	c.Restart(0)
	c.Inject(0, NewPut("b", []byte("3"))) // before it has heard from anybody
	c.Inject(0, NewPut("c", []byte("4")))
	c.Run(5 * time.Second)
	if text := agreed(c); text != "" {
		t.Fatal(text)
	}
	if got := contents(c.Nodes[1]); len(got) != 3 {
		t.Errorf("node 1 reads %v, want a, b and c", got)
	}
}

// The journal holds what stands, not all that was ever written, and a torn end
// costs only what it held.
func TestJournal(t *testing.T) {
	n, env := lonely(replicated("push-pull"))
	for i := range 2000 {
		n.Receive(env, protocols.External, NewPut(fmt.Sprint("key", i%3), make([]byte, 50)))
	}
	b, _ := env.Disk.Read(journalFile)
	if len(b) > journalSlack+100 {
		t.Errorf("the journal of three standing writes has %d bytes", len(b))
	}
	env.Disk.Write(journalFile, b[:len(b)-1])
	again, _ := lonely(replicated("push-pull"))
	again.more.replica = &replica{}
	again.more.replica.restore(env)
	r := again.more.replica
	if len(r.entries) != 3 || r.clock != 1999 {
		t.Errorf("%d keys up to time %d, want 3 and 1999", len(r.entries), r.clock)
	}
	checkReplica(t, 0, r)
}

// A replica is bounded, whoever writes.
func TestFloodOfKeys(t *testing.T) {
	config := replicated("push-pull")
	config.AntiEntropy.MaxKeys = 10
	n, env := lonely(config)
	for i := range uint64(100) {
		n.Receive(env, protocols.External, NewPut(fmt.Sprint("key", i), nil))
		by := newWriter(1, uint32(i))
		e := newEntry(fmt.Sprint("other", i), nil, version{i + 1, by}, false)
		n.Receive(env, 1, &Delta{parts: []part{{by, 0, i + 1, []*entry{e}}}})
		n.Receive(env, 1, &Delta{parts: []part{{newWriter(7, 0), 0, 1, nil}}}) // no such node
	}
	if r := n.more.replica; len(r.entries) != 10 || len(r.writers) > 11 {
		t.Errorf("%d keys and %d writers, limit 10", len(r.entries), len(r.writers))
	}
}
