package protocols

// Behaviour is a way in which a node misbehaves; package byzantine has them. A
// driver hands it on and asks no more than this.
type Behaviour interface {
	String() string // how it is called
	// Lies reports whether a node that behaved so once cannot be believed any
	// more. One that is merely silent, late or loud can be: all that it observes
	// must still hold.
	Lies() bool
}

// Corruption is one time that a fault makes nodes Byzantine. All of them share
// it, and nobody changes it.
type Corruption struct {
	Behaviour Behaviour
	Nodes     []NodeID // all whom it strikes, ascending: they know of one another
	To        []NodeID // whom they deceive, ascending; nil: everybody
	Key       uint64   // what they draw in common derives from it
}

// CorruptibleNodes are nodes of which each can be made Byzantine. Package
// byzantine makes such nodes of any protocol.
type CorruptibleNodes interface {
	Nodes
	// Corruptible is the i-th node in a form that can be made Byzantine; At
	// returns it, too, from then on. started says that the node has started.
	// Several goroutines may ask for different nodes at a time.
	Corruptible(i int, started bool) Corruptible
}

// Corruptible is a Node that can be made Byzantine.
type Corruptible interface {
	Node
	// Corrupt puts a corruption in force, or lifts it. What is in force when the
	// node boots is told again before each Start. The node sends nothing in this
	// call, but may set timers.
	Corrupt(env *Env, c *Corruption, on bool)
}
