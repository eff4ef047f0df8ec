// Package stats is a leaf.
package stats

import (
	_ "github.com/montanaflynn/stats" // want layer
	_ "gonum.org/v1/gonum/stat"
	_ "meshsim/sim" // want layer
)
