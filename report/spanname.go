package report

import "meshsim/sim"

// FaultName is what figures call a fault that was in force: its verb, its name,
// and how many of the nodes it struck, unless that is all.
func FaultName(f sim.FaultSpan, nodes int) string { return spanName(f, nodes) }
