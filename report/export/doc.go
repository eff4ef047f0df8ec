// Package export writes a run for other tools: as a table (CSV), as a log with
// vector clocks for ShiViz, as a trace for Perfetto, as metrics for Prometheus
// (OpenMetrics), and as graphs of who can talk to whom for Graphviz. All but the
// metrics are made of a trace while the run goes on ([sim.Tracer]); the same run
// gives the same bytes.
package export

import "meshsim/protocols"

// Naming calls nodes as the scenario does.
type Naming func(protocols.NodeID) string

// peer is the name of the other end of a message, which may be outside the mesh.
func (n Naming) peer(id protocols.NodeID) string {
	if id == protocols.External {
		return "external"
	}
	return n(id)
}
