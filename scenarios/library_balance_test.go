package scenarios

import (
	"strings"
	"testing"
)

// What the scenarios of load balancing show is noticed when it changes.
func TestBalanceScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const balance = "protocols.task.balance."
	for name, changes := range map[string][]string{
		"strategies":       {"protocols.task.lease=0s", "protocols.task.journal=false", "faults[0].for=200s"},
		"balance-hot-spot": {balance + "bandwidth=1kbit/s", balance + "low=1%", balance + "batch=1"},
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

// Thresholds that do not go together are refused where they are written.
func TestBalanceThresholds(t *testing.T) {
	for setting, want := range map[string]string{
		"low=90%":           "protocols.task.balance.low: is 90%, and high is 80%",
		"high=30%":          "protocols.task.balance.low: is 30%, and high is 30%",
		"hysteresis=60%":    "protocols.task.balance.hysteresis: is 60%, and there are 50% from low to high",
		"fresh=1ms":         "protocols.task.balance.fresh: is 1ms, must be at least the interval of 500ms",
		"reports=neighbors": `protocols.task.balance.reports: "neighbors"`,
	} {
		_, err := Load("balance-hot-spot", []string{"protocols.task.balance." + setting})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", setting, err, want)
		}
	}
}
