package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
)

func TestDbg(t *testing.T) {
	seed := uint64(8)
	k := quick(pbft.Signatures)
	k.Tentative = seed%3 == 0
	replicas, liars := 7, []protocols.NodeID{1, 4}
	c := mesh(k, seed, replicas, 2, busy(25))
	c.Network.Default.Latency.Jitter = draw.Uniform(0, int64(20*time.Millisecond))
	c.Network.Default.Loss.P = draw.Ratio(1, 50)
	c.Duration = 90 * time.Second
	c = viewsFail(corrupted(c, &byzantine.Silent{}, liars...), ids(0, replicas))
	p := c.Groups[0].Stack[0]
	old := p.New
	var all protocols.Nodes
	q := *p
	q.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes { all = old(w, ids); return all }
	c.Groups[0].Stack[0] = &q
	r := run(t, c)
	for i := range all.Len() {
		fmt.Printf("%d %T ", i, all.At(i))
		if w, ok := all.At(i).(protocols.Waiter); ok {
			fmt.Println(w.Waits())
		}
	}
	for _, k := range r.Kinds {
		fmt.Println(k)
	}
}
