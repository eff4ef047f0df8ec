package pbft_test

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/pbft"
)

// seen is an observation; nodes 0 to 3 are the replicas, 4 is a client, 5 is of
// another cluster.
type seen struct {
	node       protocols.NodeID
	kind       protocols.ObservationKind
	key, value uint64
}

// told are observations of several nodes alike.
func told(kind protocols.ObservationKind, key, value uint64, nodes ...protocols.NodeID) (list []seen) {
	for _, id := range nodes {
		list = append(list, seen{id, kind, key, value})
	}
	return list
}

func all(lists ...[]seen) (list []seen) {
	for _, l := range lists {
		list = append(list, l...)
	}
	return list
}

// Only the last observation of a history violates, if any does.
func TestCheckers(t *testing.T) {
	reads := pbft.Default()
	reads.ReadOnly = true
	macs := pbft.Default()
	macs.Authentication = pbft.MACs
	for _, x := range []struct {
		name, checker string
		config        pbft.Config
		history       []seen
		violated      bool
		liars         []protocols.NodeID
	}{
		{"equal", "agreement", pbft.Default(), told(pbft.Executed, 1, 7, 0, 1, 2, 3), false, nil},
		{"different", "agreement", pbft.Default(), all(told(pbft.Executed, 1, 7, 0, 1), told(pbft.Executed, 1, 8, 2)), true, nil},
		{"one replica, twice", "agreement", pbft.Default(), all(told(pbft.Executed, 1, 7, 0), told(pbft.Executed, 1, 8, 0)), true, nil},
		{"a liar", "agreement", pbft.Default(), all(told(pbft.Executed, 1, 7, 0, 1), told(pbft.Executed, 1, 8, 2)), false, ids(2, 1)},
		{"another cluster", "agreement", pbft.Default(), all(told(pbft.Executed, 1, 7, 0, 1), told(pbft.Executed, 1, 8, 5)), false, nil},

		{"in order", "order", pbft.Default(), all(told(pbft.Executed, 1, 7, 0), told(pbft.Executed, 2, 7, 0)), false, nil},
		{"a gap", "order", pbft.Default(), all(told(pbft.Executed, 1, 7, 0), told(pbft.Executed, 3, 7, 0)), true, nil},
		{"a gap at first", "order", pbft.Default(), told(pbft.Executed, 2, 7, 0), true, nil},
		{"twice", "order", pbft.Default(), all(told(pbft.Executed, 1, 7, 0), told(pbft.Executed, 1, 7, 0)), true, nil},
		{"again after a restart", "order", pbft.Default(), all(told(pbft.Executed, 1, 7, 0), told(pbft.Recovered, 0, 0, 0), told(pbft.Executed, 1, 7, 0)), false, nil},
		{"behind a state", "order", pbft.Default(), all(told(pbft.Transferred, 8, 7, 0), told(pbft.Executed, 9, 7, 0)), false, nil},

		{"asked for", "validity", pbft.Default(), all(told(pbft.Issued, 9, 0, 4), told(pbft.Applied, 9, 4, 0)), false, nil},
		{"invented", "validity", pbft.Default(), all(told(pbft.Issued, 9, 0, 4), told(pbft.Applied, 8, 4, 0)), true, nil},
		{"of a client that lies", "validity", pbft.Default(), told(pbft.Applied, 8, 4, 0), false, ids(4, 1)},

		{"prepared", "certificates", pbft.Default(), all(told(pbft.Accepted, 1, 7, 0, 1, 2), told(pbft.Prepared, 1, 7, 1)), false, nil},
		{"prepared by two", "certificates", pbft.Default(), all(told(pbft.Accepted, 1, 7, 0, 1), told(pbft.Accepted, 1, 8, 2), told(pbft.Prepared, 1, 7, 1)), true, nil},
		{"prepared by two and a liar", "certificates", pbft.Default(), all(told(pbft.Accepted, 1, 7, 0, 1), told(pbft.Prepared, 1, 7, 1)), false, ids(2, 1)},
		{"committed by two", "certificates", pbft.Default(), all(told(pbft.Accepted, 1, 7, 0, 1, 2), told(pbft.Prepared, 1, 7, 0, 1), told(pbft.Committed, 1, 7, 1)), true, nil},
		{"entered", "certificates", pbft.Default(), all(told(pbft.ViewChanged, 1, 0, 0, 1, 2), told(pbft.Entered, 1, 0, 3)), false, nil},
		{"entered with two", "certificates", pbft.Default(), all(told(pbft.ViewChanged, 1, 0, 0, 1), told(pbft.Entered, 1, 0, 3)), true, nil},

		{"stable", "checkpoints", pbft.Default(), all(told(pbft.Checkpointed, 4, 7, 0, 1, 2), told(pbft.Stabilized, 4, 7, 0)), false, nil},
		{"unstable", "checkpoints", pbft.Default(), all(told(pbft.Checkpointed, 4, 7, 0, 1), told(pbft.Raised, 4, 7, 0)), true, nil},
		{"claimed", "checkpoints", macs, all(told(pbft.Checkpointed, 4, 7, 0, 1), told(pbft.Raised, 4, 7, 0)), false, nil},
		{"two states", "checkpoints", macs, all(told(pbft.Checkpointed, 4, 7, 0, 1), told(pbft.Checkpointed, 4, 8, 2, 3), told(pbft.Raised, 4, 7, 0), told(pbft.Raised, 4, 8, 2)), true, nil},

		{"in the window", "watermarks", pbft.Default(), told(pbft.Accepted, 256, 7, 0), false, nil},
		{"above the window", "watermarks", pbft.Default(), told(pbft.Accepted, 257, 7, 0), true, nil},
		{"below the window", "watermarks", pbft.Default(), all(told(pbft.Raised, 128, 7, 0), told(pbft.Accepted, 128, 7, 0)), true, nil},

		{"f+1 replies", "replies", pbft.Default(), all(told(pbft.Issued, 9, 0, 4), told(pbft.Replied, 6, 7, 0, 1), told(pbft.Completed, 6, 7, 4)), false, nil},
		{"one reply", "replies", pbft.Default(), all(told(pbft.Issued, 9, 0, 4), told(pbft.Replied, 6, 7, 0), told(pbft.Replied, 6, 8, 1), told(pbft.Completed, 6, 7, 4)), true, nil},
		{"f+1 replies to a read", "replies", reads, all(told(pbft.Issued, 9, 0, 4), told(pbft.Replied, 6, 7, 0, 1), told(pbft.Completed, 6, 7, 4)), true, nil},
		{"of another cluster's client", "replies", pbft.Default(), all(told(pbft.Issued, 9, 5, 4), told(pbft.Completed, 6, 7, 4)), false, nil},
	} {
		x.config.Replicas = ids(0, 4)
		for _, spec := range pbft.New(x.config).Checkers {
			if spec.Name != x.checker {
				continue
			}
			c := spec.New(protocols.ProbeConfig{Nodes: 6, Members: ids(0, 6), Byzantine: x.liars})
			for i, s := range x.history {
				text := c.Observe(protocols.Observed{At: protocols.Time(i), Node: s.node, Protocol: "pbft", Observation: protocols.Observation{Kind: s.kind, Key: s.key, Value: s.value}})
				if last := i == len(x.history)-1; (text != "") != (last && x.violated) {
					t.Errorf("%s, %s: observation %d of %d: %q", x.checker, x.name, i, len(x.history), text)
				}
				for _, k := range []protocols.ObservationKind{protocols.NodeUp, protocols.NodeDown} {
					if text := c.Observe(protocols.Observed{Node: 3, Protocol: protocols.NodeProtocol, Observation: protocols.Observation{Kind: k}}); text != "" {
						t.Errorf("%s says of a restart: %s", x.checker, text)
					}
				}
			}
		}
	}
}

// A node that becomes Byzantine on the way counts as a liar from then on.
func TestCorruptedOnTheWay(t *testing.T) {
	k := pbft.Default()
	k.Replicas = ids(0, 4)
	c := pbft.New(k).Checkers[0].New(protocols.ProbeConfig{Nodes: 4, Members: ids(0, 4)})
	observe := func(node protocols.NodeID, value uint64) string {
		return c.Observe(protocols.Observed{Node: node, Protocol: "pbft", Observation: protocols.Observation{Kind: pbft.Executed, Key: 1, Value: value}})
	}
	observe(0, 7)
	c.Observe(protocols.Observed{Node: 1, Protocol: protocols.NodeProtocol, Observation: protocols.Observation{Kind: protocols.NodeCorrupted}})
	if text := observe(1, 8); text != "" {
		t.Error(text)
	}
	if observe(2, 8) == "" {
		t.Error("an honest replica executed another batch, and nobody says so")
	}
}
