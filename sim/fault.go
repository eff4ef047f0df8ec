package sim

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Fault is an entry of the timeline. Exactly one verb is set.
type Fault struct {
	Name  string        // its randomness derives from it; unique in a scenario
	At    time.Duration // when it strikes first
	For   time.Duration // how long it lasts; 0: to the end of the run
	Every time.Duration // strikes again at this distance; 0: once

	Crash     *Crash
	Pause     *Pause
	Partition *Partition
	Degrade   *Degrade
	Clock     *ClockFault
	Churn     *Churn
	Byzantine *Byzantine
	Disk      *DiskFault
}

// Selector picks the nodes that a fault strikes, anew each time it strikes.
type Selector struct {
	From     []protocols.NodeID // the candidates, ascending; nil: all nodes
	Share    draw.Probability   // this part of them, rounded to the nearest; 0 and Count 0: all
	Count    int                // this many of them
	Observed string             // of those who hold this role now: "raft.leader"
}

// Crash stops nodes; what is not on disk is lost. They restart when the fault
// is over.
type Crash struct {
	Nodes    Selector
	LoseDisk bool // all of the disk is lost
	TearDisk bool // a part of what was not synced is left
}

// Pause freezes nodes: messages and timers wait until the fault is over.
type Pause struct{ Nodes Selector }

// Partition cuts links while it lasts. Partitions may overlap: a message passes
// if no one of them cuts it.
type Partition struct {
	// Sides cannot talk to one another. Nodes on no side are the last side,
	// or, if Bystanders, talk to everybody.
	Sides      []Selector
	Bystanders bool
	// OneWay lets messages pass from a later side to an earlier one.
	OneWay bool
	// Bridge nodes talk to all sides.
	Bridge *Selector
	// Up and Down alternate while the fault lasts (flapping), first Down.
	Up, Down time.Duration
}

// Degrade makes links worse while it lasts.
type Degrade struct {
	From, To Selector // both directions if Both
	Both     bool
	Latency  time.Duration    // added
	Jitter   *draw.Dist       // added; not below 0
	Loss     draw.Probability // besides the link's own
	Duplicate,
	Corrupt draw.Probability
	Bandwidth draw.Probability // the part of a pipe's rate that is left; 0: all of it
}

// ClockFault changes clocks. Offset and drift end with the fault, a step stays.
type ClockFault struct {
	Nodes    Selector
	Offset   time.Duration
	DriftPPB int64
	Step     time.Duration
}

// Churn makes each node alternate between up and down on its own. Crashed nodes
// lose what is not on disk.
type Churn struct {
	Nodes    Selector
	Session  *draw.Dist // length of an up session, in nanoseconds
	Downtime *draw.Dist // length of a down time
	Sessions [][]Span   // instead: a trace; node i of the selected follows row i mod len
	LoseDisk bool       // as for Crash
	TearDisk bool
}

// Span is a time from Start to End.
type Span struct{ Start, End time.Duration }
