// Package byzantine makes any protocol lie.
package byzantine

import (
	_ "meshsim/protocols"
	_ "meshsim/protocols/raft"
)
