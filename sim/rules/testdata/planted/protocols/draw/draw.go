// Package draw draws.
package draw

import (
	_ "golang.org/x/exp/rand"  // want layer
	_ "meshsim/protocols/task" // want layer
)

// Probability is a chance.
type Probability uint64
