// Package report writes.
package report

import (
	"meshsim/protocols"
	_ "meshsim/protocols/gossip" // want layer
	_ "meshsim/scenarios"        // want layer
	"meshsim/sim"
)

// Write uses what a run yields.
func Write(r *sim.Result, _ protocols.Figures) {
	_ = sim.Run
	_ = sim.Config{} // want layer
}
