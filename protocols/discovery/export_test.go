package discovery

import (
	"reflect"

	"meshsim/protocols"
)

// What mutants and tests of single calls need.

// Catch lets a node take another one for a liar.
func Catch(n protocols.Node, env *protocols.Env, liar protocols.NodeID) {
	n.(*node).caught(env, liar)
}

// Bytes is the memory of a node's own state, and the announcements that it points to.
func Bytes(p protocols.Node) (own int, all []*Announcement) {
	size := func(v any) int { return int(reflect.TypeOf(v).Size()) }
	n := p.(*node)
	own = size(*n) + cap(n.active)*size(link{}) + cap(n.passive)*8 + cap(n.requests)*size(request{}) + cap(n.book)*size(opinion{})
	all = append(all, n.own)
	all = append(all, n.passive...)
	for i := range n.active {
		all = append(all, n.active[i].of)
	}
	return own, all
}

// KeepAlive is a sign of life.
var KeepAlive protocols.Message = keepAlive

// Neighbour is one of a node's neighbours.
func Neighbour(p protocols.Node) protocols.NodeID { return p.(*node).active[0].id }
