package byzantine

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// A Scope says which messages a behaviour is about: those of these kinds, all if
// there are none. A protocol without such a kind is not concerned.
type Scope struct{ Kinds []string }

// Silent sends nothing.
type Silent struct {
	credible
	Scope
}

// Drop loses each message with probability Share.
type Drop struct {
	credible
	Scope
	Share draw.Probability
}

// Delay sends each message later by so much on the node's own clock.
type Delay struct {
	credible
	Scope
	By time.Duration
}

// Tamper flips a bit of each message with probability Share.
type Tamper struct {
	incredible
	Scope
	Share draw.Probability
}

// Replay sends, every Every, Burst messages again that the node sent or received
// lately, each drawn, to a node that is drawn.
type Replay struct {
	credible
	Scope
	Every time.Duration
	Burst int
}

// Flood sends, every Every, the newest message again Burst times, to nodes that
// are drawn.
type Flood struct {
	credible
	Scope
	Every time.Duration
	Burst int
}

// Lie tells one lie of the protocol to all that it deceives.
type Lie struct {
	incredible
	Scope
	Name string
}

// Equivocate tells the truth to one side and, to each of the others, a variant
// of the lie of its own. Without Corruption.To sides are drawn; with it, those
// it names are told the lie and the others the truth.
type Equivocate struct {
	incredible
	Scope
	Name  string
	Sides int    // at least 2
	Parts Strata // each is divided evenly
}

// Twice sends each message and, to the same node, the lie beside it; without a
// Name, the same message again.
type Twice struct {
	incredible
	Scope
	Name string
}

// Amnesia makes the node forget its disk at each restart.
type Amnesia struct{ incredible }

// Twins runs the node twice; see the package's comment.
type Twins struct {
	incredible
	Parts Strata
}

// Strata are the first identities of sets of nodes that follow one another, such
// as replicas and clients. Where sides are drawn, each set is divided evenly.
type Strata []protocols.NodeID

// The behaviours, as reports call them.
func (b *Silent) String() string     { return "silent" }
func (b *Drop) String() string       { return "drop" }
func (b *Delay) String() string      { return fmt.Sprintf("delay by %v", b.By) }
func (b *Tamper) String() string     { return "tamper" }
func (b *Replay) String() string     { return "replay" }
func (b *Flood) String() string      { return "flood" }
func (b *Lie) String() string        { return "lie " + b.Name }
func (b *Equivocate) String() string { return "equivocate " + b.Name }
func (b *Twice) String() string      { return "twice " + b.Name }
func (b *Amnesia) String() string    { return "amnesia" }
func (b *Twins) String() string      { return "twins" }

// credible behaviours leave a node as believable as a network that loses, delays
// and repeats messages leaves it.
type credible struct{}

// Lies returns false.
func (credible) Lies() bool { return false }

// incredible behaviours contradict what the node knows, or what it knew.
type incredible struct{}

// Lies returns true.
func (incredible) Lies() bool { return true }
