// Package scenarios loads.
package scenarios

import (
	_ "gopkg.in/yaml.v3" // want layer
	_ "meshsim/protocols/gossip"
	_ "meshsim/report" // want layer
	_ "meshsim/report/stats"
	_ "meshsim/scenarios/strict"
	_ "meshsim/sim"
	_ "os"
)
