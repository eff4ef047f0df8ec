package discovery

import "meshsim/protocols"

// What mutants and tests of single calls need.

// Catch lets a node take another one for a liar.
func Catch(n protocols.Node, env *protocols.Env, liar protocols.NodeID) {
	n.(*node).caught(env, liar)
}
