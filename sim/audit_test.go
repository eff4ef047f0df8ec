package sim

import (
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
)

// auditor notes whom it is shown, and finds a violation if it is told to.
type auditor struct {
	shown  *[]protocols.NodeID
	broken string
}

func (auditor) Wants() []protocols.ObservationKind                  { return []protocols.ObservationKind{0} }
func (a auditor) Observe(protocols.Observed) string                 { return a.broken }
func (a auditor) Audit(id protocols.NodeID, n protocols.Node)       { *a.shown = append(*a.shown, id) }
func (auditor) Finish(protocols.Time) (violation, undecided string) { return "", "" }

// At the end each node that is up is shown to a checker that asks for it, also one
// that has restarted, unless the run was cut off by a violation.
func TestAudit(t *testing.T) {
	s := &script{start: func(env *protocols.Env) { env.Observe(0, 0, 0) }}
	for broken, want := range map[string][]protocols.NodeID{"": {0, 2, 3}, "it is": nil} {
		c := meshOf(4, s, time.Millisecond)
		c.Stop.Violation = true
		c.Faults = []Fault{
			{Name: "down", At: 10 * ms, Crash: &Crash{Nodes: Selector{From: []protocols.NodeID{1}}}},
			{Name: "again", At: 10 * ms, For: 10 * ms, Crash: &Crash{Nodes: Selector{From: []protocols.NodeID{2}}}}}
		var shown []protocols.NodeID
		c.Checks = []Check{{"script", protocols.CheckerSpec{Name: "c", New: func(protocols.ProbeConfig) protocols.Checker { return auditor{&shown, broken} }}}}
		if mustRun(t, c); !slices.Equal(shown, want) {
			t.Errorf("violation %q: nodes %v are shown, want %v", broken, shown, want)
		}
	}
}
