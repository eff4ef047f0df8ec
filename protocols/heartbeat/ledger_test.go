package heartbeat_test

import (
	"slices"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/protocoltest"
)

// The ledger against a map.
func TestLedger(t *testing.T) {
	type entry struct {
		status      uint8
		incarnation uint32
	}
	var l heartbeat.Ledger
	model := map[protocols.NodeID]entry{}
	r := draw.New(3)
	for range 2000 {
		id := protocols.NodeID(r.IntN(60))
		e := entry{uint8(r.IntN(3)), uint32(1 + r.IntN(1<<30-1))}
		l.Set(id, e.status, e.incarnation)
		model[id] = e
		ask := protocols.NodeID(r.IntN(80))
		want, ok := model[ask]
		if !ok {
			want = entry{0, 1}
		}
		if s, i := l.Get(ask); s != want.status || i != want.incarnation {
			t.Fatalf("%d is %d/%d, want %v", ask, s, i, want)
		}
		var failed []protocols.NodeID
		for id := range protocols.NodeID(60) {
			if model[id].status == 2 {
				failed = append(failed, id)
			}
		}
		n := r.IntN(100)
		if got, ok := l.Nth(n, 2); ok != (len(failed) > 0) || ok && got != failed[n%len(failed)] {
			t.Fatalf("the %d-th of %v is %d", n, failed, got)
		}
	}
}

// Who watches whom is the same seen from both ends, whoever has failed; on the ring a
// node watches its k successors and has k observers.
func TestGraph(t *testing.T) {
	r := draw.New(5)
	for range 200 {
		n := 2 + r.IntN(20)
		w := protocols.World{Nodes: 2 * n, Topology: protocoltest.Full(2 * n)}
		for i := range n {
			w.Members = append(w.Members, protocols.NodeID(i+i*r.IntN(2)+r.IntN(1)))
		}
		slices.Sort(w.Members)
		w.Members = slices.Compact(w.Members)
		n = len(w.Members)
		var gone []protocols.NodeID
		for _, id := range w.Members[1:] {
			if r.IntN(4) == 0 {
				gone = append(gone, id)
			}
		}
		for _, monitoring := range []string{"ring", "random"} {
			c := heartbeat.Default()
			c.Monitoring, c.K = monitoring, 1+r.IntN(4)
			watched := map[[2]protocols.NodeID]bool{}
			alive := n - len(gone)
			for _, id := range w.Members {
				list, _ := heartbeat.Graph(c, w, gone, id)
				for _, p := range list {
					watched[[2]protocols.NodeID{id, p}] = true
				}
				if want := min(c.K, alive-1); monitoring == "ring" && !slices.Contains(gone, id) && len(list) != want {
					t.Fatalf("%d watches %v on the ring, want %d of %v without %v", id, list, want, w.Members, gone)
				}
			}
			for _, id := range w.Members {
				_, observers := heartbeat.Graph(c, w, gone, id)
				for _, by := range w.Members {
					if !slices.Contains(gone, by) && !slices.Contains(gone, id) && watched[[2]protocols.NodeID{by, id}] != slices.Contains(observers, by) {
						t.Fatalf("%s %d: %v observe %d of %v without %v, %d watches it: %v", monitoring, c.K, observers, id, w.Members, gone, by, watched[[2]protocols.NodeID{by, id}])
					}
				}
			}
		}
	}
}
