package scenarios

import "testing"

// What the scenarios of pBFT and of decisions show is noticed when it changes:
// published figures, the threshold of f liars from both sides, what a fault costs.
func TestPBFTScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const three = "faults[0].byzantine.nodes=[replica-0, replica-1, replica-2]"
	for name, changes := range map[string][]string{
		"pbft-messages-4":           {"nodes.replica.count=5", "protocols.pbft.checkpoint=10", "network.default.loss=1%"},
		"pbft-messages-7":           {"nodes.replica.count=8"},
		"pbft-messages-10":          {"nodes.replica.count=9"},
		"pbft-delays":               {"protocols.pbft.tentative=true", "nodes.replica.cpu={}"},
		"pbft-delays-tentative":     {"protocols.pbft.tentative=false"},
		"pbft-delays-read-only":     {"protocols.pbft.read_only=false", "nodes.client.protocols.pbft.client.reads=90%"},
		"pbft-normal-4":             {"network.default.jitter=25ms"},
		"pbft-normal-10":            {"nodes.replica.count=11"},
		"pbft-threshold-silent":     {"faults[0].byzantine.nodes=random 3 of replica"},
		"pbft-threshold-equivocate": {three},
		"pbft-threshold-lies":       {three},
		"pbft-beyond-collude":       {"nodes.replica.count=10", "faults[0].byzantine.behaviour=twice"},
		"pbft-beyond-silent":        {"nodes.replica.count=10"},
		"pbft-asynchrony":           {"faults[0].degrade.latency=20ms"},
		"pbft-view-change-storm":    {"protocols.pbft.view_timeout_max=500ms", "faults[0].byzantine.nodes=replica-0"},
		"pbft-saturation":           {"protocols.pbft.batch=1"},
		"decisions-12":              {"protocols.decision.quorum=3/4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, change := range changes {
				if st := study(t, name, "run.repeat=5", change); st.Outcome() != Violated {
					t.Errorf("with %s it is %s: %+v", change, st.Outcome(), st.Verdicts)
				}
			}
		})
	}
}
