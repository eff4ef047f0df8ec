package protocols

// Nodes are the states of one protocol on several nodes. A protocol's New
// returns them; [NodesOf] makes them from a slice of states.
type Nodes interface {
	Len() int
	At(i int) Node // the i-th; always the same one
}

// NodesOf returns nodes whose states are the elements of a slice. They lie side
// by side in memory, which a driver with a million of them needs: it finds a
// node by arithmetic, not by another look-up.
func NodesOf[T any, P statePointer[T]](states []T) Nodes { return sideBySide[T, P](states) }

// statePointer is a pointer to a T that is a Node.
type statePointer[T any] interface {
	*T
	Node
}

type sideBySide[T any, P statePointer[T]] []T

func (s sideBySide[T, P]) Len() int      { return len(s) }
func (s sideBySide[T, P]) At(i int) Node { return P(&s[i]) }

// NodeList are nodes that were made one by one, such as wrappers of others.
type NodeList []Node

// Len is the number of nodes.
func (l NodeList) Len() int { return len(l) }

// At is the i-th node.
func (l NodeList) At(i int) Node { return l[i] }
