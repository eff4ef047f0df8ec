package heartbeat_test

import (
	"runtime"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/heartbeat"
)

// What a member of SWIM, or a node on the ring, holds does not grow with the members.
func TestMemory(t *testing.T) {
	for detector, most := range map[string]uint64{"swim": 320, "fixed": 480} {
		for _, n := range []int{1000, 20_000} {
			c := heartbeat.Default()
			c.Detector = detector
			p := heartbeat.New(c)
			w := protocols.World{Nodes: n}
			for id := range n {
				w.Members = append(w.Members, protocols.NodeID(id))
			}
			before := heap()
			nodes := p.New(w, w.Members)
			var env protocols.Env
			for i := range n {
				env.Reset(protocols.NodeID(i), 0, uint64(i), new(protocols.Disk))
				nodes.At(i).Start(&env)
			}
			if each := (heap() - before) / uint64(n); each > most {
				t.Errorf("%s: each of %d members takes %d bytes, want at most %d", detector, n, each, most)
			} else {
				t.Logf("%s: each of %d members takes %d bytes", detector, n, each)
			}
			runtime.KeepAlive(nodes)
		}
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
