package scenarios

import (
	"context"
	"fmt"
	"strings"
	"testing"
)

// badDisks is a cluster that crashes all the time, in part and once as a whole,
// under load, over disks that have a fault.
const badDisks = `
meshsim: 1
name: bad-disks
run: {duration: 12s, repeat: %[3]d}
nodes:
  replica: {count: %[2]d, disk: {sync: 2ms, per_kib: 20us}}
  client: {count: 3, protocols: {%[1]s: {client: {reads: 30%%}}}}
network: {default: {latency: 5ms, jitter: 3ms, loss: 1%%}}
protocols: {%[1]s: {}}
faults:
  - {at: 1s, for: 150ms, every: 700ms, crash: {nodes: random 1 of replica}}
  - {at: 4s, for: 200ms, every: 3s, crash: {nodes: 75%% of replica}}
  - %[4]s
expect:
  always: [%[5]s]
`

// Whatever disks do that do not lie, replicated stores stay right, and go on; if
// their syncs lie, the checkers see what comes of it.
func TestReplicasOverBadDisks(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	properties := map[string]string{
		"raft": "raft.election-safety, raft.log-matching, raft.leader-completeness, raft.state-machine-safety, raft.linearizable",
		"pbft": "pbft.agreement, pbft.order, pbft.checkpoints, pbft.linearizable",
	}
	for protocol, progress := range map[string]string{"raft": "raft.entries_committed", "pbft": "pbft.requests_executed"} {
		for fault, want := range map[string]Outcome{
			"{at: 0s, disk: {nodes: replica, torn_writes: true}}":                               Holds,
			"{at: 0s, disk: {nodes: replica, read_errors: 30%}}":                                Holds,
			"{at: 2s, for: 1s, every: 4s, disk: {nodes: random 2 of replica, full: true}}":      Holds,
			"{at: 2s, for: 2s, every: 4s, disk: {nodes: random 2 of replica, sync: 100ms}}":     Holds,
			"{at: 2s, every: 6s, disk: {nodes: random 1 of replica, bit_rot: 1}}":               Holds,
			"{at: 0s, disk: {nodes: replica, lying_sync: true}}":                                Violated,
			"{at: 500ms, for: 100ms, every: 900ms, crash: {nodes: 75% of replica, disk: lose}}": Violated,
		} {
			text := fmt.Sprintf(badDisks, protocol, 4, 6, fault, properties[protocol])
			study, err := Run(context.Background(), mustParse(t, strings.TrimSpace(text)), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := study.Outcome(); got != want {
				t.Errorf("%s with %s: %s, want %s: %+v", protocol, fault, got, want, study.Verdicts)
			}
			if want != Holds {
				continue
			}
			done := 0.0
			for _, r := range study.Results {
				v, _ := r.Scalar(progress)
				done += v
			}
			if done < 300 {
				t.Errorf("%s with %s: %v operations in all runs", protocol, fault, done)
			}
		}
	}
}
