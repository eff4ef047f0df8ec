// Package raft decides.
package raft

import (
	_ "meshsim/protocols"
	_ "meshsim/protocols/gossip"       // want layer
	_ "meshsim/protocols/protocoltest" // want layer
)
