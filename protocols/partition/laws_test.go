package partition_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/partition"
	"meshsim/protocols/protocoltest"
)

func TestLaws(t *testing.T) {
	for name, change := range map[string]func(c *partition.Config){
		"probes":   func(*partition.Config) {},
		"detector": func(c *partition.Config) { c.Reach, c.Peers = "detector", "announced" },
		"liars":    func(c *partition.Config) { c.Faults, c.Side = 1, "common" },
	} {
		t.Run(name, func(t *testing.T) {
			c := partition.Default()
			c.Interval, c.Lease, c.Reconcile = 500*time.Millisecond, 3*time.Second, 2*time.Second
			change(&c)
			s := protocoltest.Setup{Nodes: 6, Seal: protocoltest.Reseal, Seeds: 1}
			for i := range protocols.NodeID(6) { // node 1 is down from 20s to 40s
				for j := range protocols.NodeID(6) {
					s.Inputs = append(s.Inputs, protocoltest.Input{At: time.Second, To: i, Event: protocols.Event{Kind: protocols.PeerUp, Node: j}})
				}
			}
			s.Inputs = append(s.Inputs,
				protocoltest.Input{At: 10 * time.Second, To: 0, Event: protocols.Event{Kind: protocols.Behind, ID: 1}},
				protocoltest.Input{At: 12 * time.Second, To: 0, Event: protocols.Event{Kind: protocols.CaughtUp, ID: 1}},
				protocoltest.Input{At: 22 * time.Second, To: 2, Event: protocols.Event{Kind: protocols.PeerFailed, Node: 1}},
				protocoltest.Input{At: 42 * time.Second, To: 2, Event: protocols.Event{Kind: protocols.PeerBack, Node: 1}})
			s.Unsent = []protocols.Kind{partition.KindRelease} // see testdata/release.txt
			if c.Reach == "detector" {
				s.Unsent = append(s.Unsent, partition.KindPing, partition.KindPong)
			}
			protocoltest.TestProtocol(t, partition.New(c), s)
		})
	}
}
