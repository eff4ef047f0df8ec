package scenarios

import "testing"

// What the scenarios of failure detection show is noticed when it changes: published
// figures, whose word declares a failure, and what a detector makes of slow nodes.
func TestHeartbeatScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const heartbeat = "protocols.heartbeat."
	for name, changes := range map[string][]string{
		"chen-nfd-s-table":     {heartbeat + "timeout=1900ms", heartbeat + "timeout=2100ms", "network.default.loss=2%", heartbeat + "detector=fixed"},
		"chen-nfd-s-lossy":     {heartbeat + "timeout=1900ms", "network.default.loss=11%"},
		"chen-nfd-e":           {heartbeat + "timeout=1700ms", heartbeat + "window=3", heartbeat + "detector=nfd-s"},
		"chen-fixed-timeout":   {heartbeat + "timeout=3500ms", "network.default.loss=22%"},
		"swim-first-ping-64":   {heartbeat + "phase=random", heartbeat + "interval=1100ms"},
		"swim-first-ping-8":    {heartbeat + "interval=1100ms"},
		"swim-load":            {heartbeat + "detector=fixed", heartbeat + "swim.sync=10s", "network.default.loss=5%"},
		"swim-dissemination":   {heartbeat + "swim.retransmit=1", heartbeat + "interval=2s"},
		"heartbeat-ring":       {heartbeat + "timeout=7s", heartbeat + "timeout=15s", heartbeat + "confirm=members"},
		"flapping-links":       {heartbeat + "confirm=observers", heartbeat + "timeout=7s"},
		"aws-region-loss":      {heartbeat + "timeout=14s"},
		"false-accusers":       {heartbeat + "quorum=9"},
		"slow-nodes-lifeguard": {heartbeat + "swim.lifeguard.max_suspicion=1", heartbeat + "swim.suspicion=2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			few := "run.repeat=5"
			if name == "slow-nodes-lifeguard" {
				few = "run.repeat=10" // whose mistakes differ much
			}
			for _, change := range changes {
				if st := study(t, name, few, change); st.Outcome() != Violated {
					t.Errorf("with %s it is %s: %+v", change, st.Outcome(), st.Verdicts)
				}
			}
		})
	}
}
