package scenarios

import "testing"

// What the scenarios of work stealing show is noticed when it changes: published
// figures, what a thief must take, and what a crash must not.
func TestStealingScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const stealing = "protocols.task.stealing."
	for name, changes := range map[string][]string{
		"stealing-mitzenmacher-50": {stealing + "tries=2", stealing + "threshold=3", stealing + "victim=last"},
		"stealing-mitzenmacher-80": {stealing + "tries=2", stealing + "retry=1s"},
		"stealing-mitzenmacher-90": {stealing + "share=half", "network.default.latency=100ms"},
		"stealing-fork-join":       {"network.default.latency=100ms", "protocols.task.strategy=local"},
		"stealing-hot-node":        {stealing + "share=one"},
		"stealing-crash":           {"protocols.task.lease=0s", "protocols.task.journal=false"},
		"stealing-speeds":          {"protocols.task.strategy=local"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, change := range changes {
				if st := study(t, name, "run.repeat=3", change); st.Outcome() != Violated {
					t.Errorf("with %s it is %s: %+v", change, st.Outcome(), st.Verdicts)
				}
			}
		})
	}
}
