package scenarios

import "testing"

// What the scenarios of auctions show is noticed when it changes: no mark alone
// does as well as four with weights, and without reputation liars win.
func TestAuctionScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const weights = "protocols.task.auction.weights="
	for name, changes := range map[string][]string{
		"auction": {
			weights + "{match: 100%, load: 0%, performance: 0%, resources: 0%}",
			weights + "{match: 0%, load: 100%, performance: 0%, resources: 0%}",
			weights + "{match: 0%, load: 0%, performance: 100%, resources: 0%}",
			weights + "{match: 0%, load: 0%, performance: 0%, resources: 100%}",
		},
		"auction-liars": {
			weights + "{match: 50%, load: 40%, performance: 0%, resources: 10%}",
			"faults=[]",
		},
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
