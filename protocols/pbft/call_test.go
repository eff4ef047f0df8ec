package pbft

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/keys"
	"meshsim/protocols/kv"
)

// bench is one replica of a cluster, and the calls that the others' messages of
// one request make at it.
type bench struct {
	env  protocols.Env
	node protocols.Node
	c    Config
	disk protocols.Disk
	n    int
}

func newBench(n int, durable bool) *bench {
	b := &bench{n: n, c: Default()}
	b.c.Durable = durable
	for id := range n {
		b.c.Replicas = append(b.c.Replicas, protocols.NodeID(id))
	}
	b.env = protocols.Env{Crypto: keys.Costed(1), Costs: &keys.Measured}
	b.node = New(b.c).New(protocols.World{Nodes: n}, []protocols.NodeID{1}).At(0)
	b.call(1, func() { b.node.Start(&b.env) })
	return b
}

func (b *bench) call(self protocols.NodeID, f func()) {
	b.env.Reset(self, protocols.Time(time.Second), 1, &b.disk)
	f()
}

// request makes the messages of a request as replica 1 gets them.
func (b *bench) request(sequence uint64) (list []protocols.Message) {
	var r *Request
	b.call(protocols.NodeID(b.n), func() {
		c := kv.Command{Session: kv.NewSession(b.env.Self, 0), Sequence: sequence, Op: kv.Put, Key: 1, Value: sequence}
		r = NewRequest(&b.env, c, false)
	})
	set := newBatch([]*Request{r})
	by := func(id int, d protocols.Digest) (p proof) {
		b.call(protocols.NodeID(id), func() { p = proof{signature: b.env.Sign(d)} })
		return p
	}
	m := newPrePrepare(0, sequence, set.digest, 0)
	list = append(list, m.carry(by(0, m.digest), set))
	for _, kind := range []protocols.Kind{KindPrepare, KindCommit} {
		for id := range b.n {
			if id == 1 || id == 0 && kind == KindPrepare {
				continue
			}
			v := newVote(kind, 0, sequence, set.digest, protocols.NodeID(id))
			v.prove(by(id, v.digest), 0)
			list = append(list, v)
		}
	}
	return list
}

func (b *bench) receive(m protocols.Message) {
	from := protocols.NodeID(0)
	if v, ok := m.(*Vote); ok {
		from = v.Replica
	}
	b.call(1, func() { b.node.Receive(&b.env, from, m) })
	if _, ok := b.disk.TakeSync(); ok {
		b.disk.Complete(false)
	}
}

// BenchmarkCall is the mean call of a replica among the 2n-1 that a request makes
// there: one pre-prepare, and votes.
func BenchmarkCall(b *testing.B) {
	for _, n := range []int{4, 100, 1000} {
		for _, durable := range []bool{true, false} {
			b.Run(fmt.Sprintf("%d/durable=%v", n, durable), func(b *testing.B) {
				x := newBench(n, durable)
				var messages []protocols.Message
				for sequence := range uint64(64) {
					messages = append(messages, x.request(sequence+1)...)
				}
				b.ReportAllocs()
				b.ResetTimer()
				for i := range b.N {
					if i > 0 && i%len(messages) == 0 {
						b.StopTimer()
						x = newBench(n, durable)
						b.StartTimer()
					}
					x.receive(messages[i%len(messages)])
				}
			})
		}
	}
}

// A vote that decides nothing allocates nothing.
func TestVotesAllocateNothing(t *testing.T) {
	x := newBench(100, true)
	messages := x.request(1)
	for _, m := range messages[:3] { // the slot is there
		x.receive(m)
	}
	next := 3
	if got := testing.AllocsPerRun(40, func() { x.receive(messages[next]); next++ }); got > 0 {
		t.Errorf("a prepare allocates %v times", got)
	}
}
