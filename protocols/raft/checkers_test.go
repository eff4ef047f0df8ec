package raft_test

import (
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/raft"
)

// see is an observation of a node; where there is a place, it is term and index.
type see struct {
	node  protocols.NodeID
	kind  protocols.ObservationKind
	key   uint64
	value uint64
}

func place(term, index uint64) uint64 { return raft.Pack(term, index) }

// down is a crash, in the numbers of the kernel.
const down = protocols.ObservationKind(200)

// Each checker finds what breaks its property, at the last observation and not
// before, and leaves alone what only looks like it.
func TestCheckers(t *testing.T) {
	for _, c := range []struct {
		checker, want string // part of the text; "" if all is well
		seen          []see
	}{
		{"election-safety", "", []see{{0, raft.Leader, 0, 1}, {1, raft.Leader, 0, 2}, {0, raft.Leader, 5, 3}, {0, raft.Leader, 5, 3}}},
		{"election-safety", "node 1 is elected in term 2, in which node 0", []see{{0, raft.Leader, 0, 2}, {2, raft.Leader, 0, 3}, {1, raft.Leader, 4, 2}}},

		{"leader-append-only", "", []see{{0, raft.Leader, 4, 1}, {0, raft.Appended, place(1, 5), 1}, {0, raft.SteppedDown, 0, 1}, {0, raft.Truncated, 5, 2}}},
		{"leader-append-only", "", []see{{0, raft.Leader, 4, 1}, {0, down, 0, 0}, {0, raft.Restored, 0, 0}, {0, raft.Appended, place(1, 1), 1}}},
		{"leader-append-only", "", []see{{0, raft.Leader, 4, 1}, {1, raft.Truncated, 2, 1}}},
		{"leader-append-only", "removes its entries from 4", []see{{0, raft.Leader, 4, 1}, {0, raft.Truncated, 4, 1}}},
		{"leader-append-only", "writes entry 4 while it leads, behind entry 5", []see{{0, raft.Leader, 4, 1}, {0, raft.Appended, place(1, 5), 1}, {0, raft.Appended, place(1, 4), 1}}},
		{"leader-append-only", "replaces its log", []see{{0, raft.Leader, 4, 1}, {0, raft.Restored, place(1, 4), 9}}},

		{"log-matching", "", []see{{0, raft.Appended, place(1, 1), 7}, {1, raft.Appended, place(1, 1), 7}, {1, raft.Appended, place(2, 2), 8}, {0, raft.Appended, place(1, 2), 9}, {2, raft.Restored, place(2, 2), 8}}},
		{"log-matching", "entry 2 of term 2 is in the log of node 1", []see{{0, raft.Appended, place(1, 1), 7}, {0, raft.Appended, place(2, 2), 8}, {1, raft.Appended, place(2, 2), 9}}},
		{"log-matching", "entry 2 of term 2 is in the log of node 2", []see{{0, raft.Appended, place(2, 2), 8}, {2, raft.Restored, place(2, 2), 9}}},

		{"leader-completeness", "", []see{{0, raft.Leader, 0, 1}, {0, raft.Appended, place(1, 1), 7}, {1, raft.Appended, place(1, 1), 7}, {0, raft.Committed, place(1, 1), 7}, {1, raft.Leader, 1, 2}}},
		{"leader-completeness", "ends at entry 0, but entry 1", []see{{0, raft.Leader, 0, 1}, {0, raft.Appended, place(1, 1), 7}, {0, raft.Committed, place(1, 1), 7}, {1, raft.Leader, 0, 2}}},
		{"leader-completeness", "is not what was committed in term 2", []see{{0, raft.Leader, 0, 2}, {0, raft.Appended, place(2, 1), 7}, {0, raft.Committed, place(2, 1), 7}, {1, raft.Appended, place(1, 1), 8}, {1, raft.Leader, 0, 3}}},
		// The leader of the later term is there before the commitment is seen.
		{"leader-completeness", "ends at entry 0, but entry 1", []see{{0, raft.Leader, 0, 1}, {0, raft.Appended, place(1, 1), 7}, {1, raft.Leader, 0, 2}, {0, raft.Committed, place(1, 1), 7}}},
		// What a crash takes back, a truncation, a snapshot.
		{"leader-completeness", "ends at entry 0", []see{{0, raft.Leader, 0, 1}, {0, raft.Appended, place(1, 1), 7}, {1, raft.Appended, place(1, 1), 7}, {0, raft.Committed, place(1, 1), 7}, {1, down, 0, 0}, {1, raft.Restored, 0, 0}, {1, raft.Leader, 0, 2}}},
		{"leader-completeness", "ends at entry 0", []see{{0, raft.Leader, 0, 1}, {0, raft.Appended, place(1, 1), 7}, {1, raft.Appended, place(1, 1), 7}, {0, raft.Committed, place(1, 1), 7}, {1, raft.Truncated, 1, 1}, {1, raft.Leader, 0, 2}}},
		{"leader-completeness", "", []see{{0, raft.Leader, 0, 1}, {0, raft.Appended, place(1, 1), 7}, {0, raft.Committed, place(1, 1), 7}, {1, raft.Restored, place(1, 1), 7}, {1, raft.Leader, 1, 2}}},
		// A leader of an earlier term need not have it.
		{"leader-completeness", "", []see{{0, raft.Leader, 0, 2}, {0, raft.Appended, place(2, 1), 7}, {0, raft.Committed, place(2, 1), 7}, {1, raft.Leader, 0, 1}}},

		{"state-machine-safety", "", []see{{0, raft.Applied, place(1, 1), 7}, {1, raft.Applied, place(1, 1), 7}, {0, down, 0, 0}, {0, raft.Restored, 0, 0}, {0, raft.Applied, place(1, 1), 7}, {2, raft.Loaded, place(1, 1), 7}, {2, raft.Applied, place(1, 2), 8}}},
		{"state-machine-safety", "node 1 applies another entry at index 1", []see{{0, raft.Applied, place(1, 1), 7}, {1, raft.Applied, place(2, 1), 8}}},
		{"state-machine-safety", "node 0 applies entry 3 after entry 1", []see{{0, raft.Applied, place(1, 1), 7}, {0, raft.Applied, place(1, 3), 8}}},
		{"state-machine-safety", "node 0 applies entry 1 after entry 1", []see{{0, raft.Applied, place(1, 1), 7}, {0, raft.Applied, place(1, 1), 7}}},
		{"state-machine-safety", "node 2 applies another entry at index 1", []see{{0, raft.Applied, place(1, 1), 7}, {2, raft.Loaded, place(1, 1), 9}}},
	} {
		checker := checkerOf(t, c.checker)
		for id := range protocols.NodeID(3) {
			checker.Observe(observed(see{id, raft.Joined, 0, 3}))
		}
		for i, s := range c.seen {
			text := checker.Observe(observed(s))
			if last := i == len(c.seen)-1; last && (c.want == "") != (text == "") || !strings.Contains(text, c.want) && last || !last && text != "" {
				t.Errorf("%s says %q at %d of %v, want %q at the end", c.checker, text, i, c.seen, c.want)
			}
		}
	}
}

func checkerOf(t *testing.T, name string) protocols.Checker {
	for _, spec := range raft.New(raft.Default()).Checkers {
		if spec.Name == name {
			return spec.New(protocols.ProbeConfig{Nodes: 10})
		}
	}
	t.Fatalf("no checker %s", name)
	return nil
}

func observed(s see) protocols.Observed {
	o := protocols.Observed{Node: s.node, Protocol: "raft", Observation: protocols.Observation{Kind: s.kind, Key: s.key, Value: s.value}}
	if s.kind == down {
		o.Protocol, o.Kind = protocols.NodeProtocol, protocols.NodeDown
	}
	return o
}

// What a long run leaves behind is bounded, and old entries are still compared
// here and there.
func TestCheckersForget(t *testing.T) {
	const n = 400_000
	matching, complete := checkerOf(t, "log-matching"), checkerOf(t, "leader-completeness")
	for id := range protocols.NodeID(2) {
		matching.Observe(observed(see{id, raft.Joined, 0, 2}))
		complete.Observe(observed(see{id, raft.Joined, 0, 2}))
	}
	complete.Observe(observed(see{0, raft.Leader, 0, 1}))
	for i := uint64(1); i <= n; i++ {
		for _, s := range []see{{0, raft.Appended, place(1, i), i * 7}, {1, raft.Appended, place(1, i), i * 7}, {0, raft.Committed, place(1, i), i * 7}} {
			if text := complete.Observe(observed(s)); text != "" {
				t.Fatal(text)
			}
			if text := matching.Observe(observed(s)); s.kind == raft.Appended && text != "" {
				t.Fatal(text)
			}
		}
	}
	if kept := raft.Remembered(matching); kept > 300_000 {
		t.Errorf("%d entries of %d are remembered", kept, n)
	}
	if kept := raft.Remembered(complete); kept > 5000 {
		t.Errorf("%d hashes of logs of %d entries are remembered", kept, n)
	}
	if text := matching.Observe(observed(see{1, raft.Appended, place(1, 512), 1})); text == "" {
		t.Error("an old entry that differs is not noticed")
	}
}
