package scenarios

import (
	"strings"
	"testing"
)

// What the scenarios of Raft show is noticed when it changes: published figures,
// what a leader may answer, what a disk must keep, and what a fault costs.
func TestRaftScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const raft = "protocols.raft."
	for name, changes := range map[string][]string{
		"raft-leader-crash":       {"faults[0].crash=random 3 of replicas", "nodes.users." + raft + "client.timeout=3s"},
		"raft-minority-partition": {"nodes.replicas." + raft + "reads=local"},
		"raft-disk":               {"faults[1].crash.disk=lose"},
		"raft-disk-lost":          {"faults[1].crash.disk=keep", "nodes.replicas.count=7"},
		"raft-slow-disk":          {"faults[0].disk.sync=300ms", "faults[1].disk.sync=50ms"},
		"raft-saturation":         {"nodes.replicas.count=7"},
		"raft-figure16-150-150":   {raft + "election_timeout_max=160ms"},
		"raft-figure16-150-151":   {raft + "election_timeout_max=155ms"},
		"raft-figure16-150-155":   {raft + "election_timeout_max=175ms"},
		"raft-figure16-150-175":   {raft + "election_timeout_max=155ms"},
		"raft-figure16-150-200":   {raft + "election_timeout_max=400ms"},
		"raft-figure16-150-300":   {raft + "election_timeout_max=500ms"},
		"raft-figure16-100-200":   {raft + "election_timeout_max=350ms"},
		"raft-figure16-50-100":    {raft + "election_timeout_max=200ms"},
		"raft-figure16-25-50":     {raft + "election_timeout_max=150ms"},
		"raft-figure16-12-24":     {raft + "election_timeout_max=100ms"},
		"raft-wide-area":          {raft + "pre_vote=true", "network.default.jitter=35ms"},
		"raft-wide-area-failed":   {"faults[0].at=2502s", "network.default.latency=40ms"},
		"raft-split-vote-10":      {raft + "election_timeout_max=150ms", "faults[0].crash=[replicas-3, replicas-4]"},
		"raft-split-vote-20":      {raft + "election_timeout_max=300ms"},
		"raft-commit-latency":     {"nodes.sydney.disk.sync=1ms", "faults[2].partition.groups=[tokyo-0, tokyo-1, tokyo-2, tokyo-4]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			few := "run.repeat=5"
			if strings.HasPrefix(name, "raft-split-vote") {
				few = "run.repeat=1" // of ten thousand elections
			}
			for _, change := range changes {
				if st := study(t, name, few, change); st.Outcome() != Violated {
					t.Errorf("with %s it is %s: %+v", change, st.Outcome(), st.Verdicts)
				}
			}
		})
	}
}

// A lease answers reads as truly as a round of heartbeats if clocks drift no more
// than is declared.
func TestLeaseInAMinority(t *testing.T) {
	st := study(t, "raft-minority-partition", "nodes.replicas.protocols.raft.reads=lease")
	if st.Outcome() != Holds {
		t.Errorf("it is %s: %+v", st.Outcome(), st.Verdicts)
	}
}
