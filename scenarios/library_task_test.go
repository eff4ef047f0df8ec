package scenarios

import "testing"

// What the scenarios of queues, choices and trees show is noticed when it changes.
func TestTaskScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for name, changes := range map[string][]string{
		"task-mm1":          {"workload[0].submit.rate=75/s"},
		"task-md1":          {"workload[0].submit.sizes=exponential"},
		"task-choices-2":    {"protocols.task.choices.nodes=3", "network.default.latency=400ms"},
		"task-choices-3":    {"protocols.task.choices.nodes=2"},
		"task-fork-join":    {"nodes.worker.cpu.cores=3"},
		"task-facebook-day": {"protocols.task.journal=false", "protocols.task.lease=0s"},
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
