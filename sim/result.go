package sim

import (
	"time"

	"meshsim/protocols"
)

// Result is what a run yields. All of it but Cost is the same on every machine.
type Result struct {
	Seed        uint64
	Nodes       int
	End         time.Duration // simulated time at which the run ended
	Ending      Ending
	Events      uint64 // calls of nodes
	Fingerprint uint64 // of all events and observations
	Payload     uint64 // of all delivered wire forms; only in wire mode
	Checkpoints []Checkpoint
	Samples     []SampleRow
	Kinds       []KindTotal
	Injected    uint64 // messages of workloads that nodes were handed; of the kinds' Delivered, but no network carried them
	Missed      uint64 // messages of workloads that no node was handed: it was down, or had no room; they are among the Drops, too
	Drops       Drops
	Figures     map[string]protocols.Figures // by protocol's name
	Latency     *Histogram                   // of messages delivered, if asked for
	PerNode     []NodeTotal                  // by node, if asked for
	Violations  []Violation
	Checks      []CheckTotal // in the order of Config.Checks
	Waits       []Waiting    // by node, if asked for
	Spans       []FaultSpan  // when each fault was in force
	Cost        Cost
}

// Ending says why a run ended.
type Ending string

// The endings.
const (
	EndDuration  Ending = "duration"  // simulated time was over
	EndReached   Ending = "reached"   // all goals were reached
	EndViolation Ending = "violation" // a check was violated
	EndCancelled Ending = "cancelled" // it was interrupted
)

// Checkpoint is the fingerprint of all that happened before an instant.
type Checkpoint struct {
	At          time.Duration
	Events      uint64
	Fingerprint uint64
}

// SampleRow is the kernel's state at a sampling instant; counts are totals
// since the start.
type SampleRow struct {
	At                           time.Duration
	Live                         int // nodes that are up
	Events, Sent, Delivered      uint64
	SentBytes                    uint64
	Timed, OnTheWay              uint64        // messages that links did not lose and the nanoseconds that they take; 0 unless asked for
	Slow                         time.Duration // 99% of those since the sample before take at most so long
	Syncs, Written               uint64        // syncs of disks, and the bytes that they covered
	Disks                        int           // nodes that have files
	DiskBytes, LargestDisk       uint64        // bytes in these: of all, and of the node with most
	Cores                        int           // of the nodes whose calls have taken CPU time
	Busy                         time.Duration // CPU time of all calls that have begun
	Busiest                      float64       // share of its cores that the busiest node has used since time 0
	Connected                    float64       // share of live nodes in the largest connected part; NaN unless asked for
	Partitioned, Degraded, Churn int           // faults in force
	Byzantine                    int           // faults in force that make nodes Byzantine
}

// KindTotal counts the messages of one kind of one protocol.
type KindTotal struct {
	Protocol, Kind string
	Sent, Bytes    uint64 // given to the network, retransmissions not counted
	Delivered      uint64 // handed to a node, also what workloads inject
	Lost           uint64 // at the sender: by the link, a partition, a full line, a stream that gave up
	Duplicated     uint64
}

// Drops counts messages that did not reach a node's code, by reason.
type Drops struct {
	Loss        uint64 // the link lost it
	Partition   uint64 // cut by a partition
	Down        uint64 // the receiver was down
	QueueFull   uint64 // a pipe's or a CPU's queue was full
	Corrupt     uint64 // it could not be decoded
	NoProtocol  uint64 // the receiver does not run the protocol
	StreamReset uint64 // its stream gave up
	Crash       uint64 // its sender crashed before it left: it waited for the CPU or the disk
}

// NodeTotal counts one node's messages.
type NodeTotal struct{ Sent, Received, SentBytes, ReceivedBytes uint64 }

// CheckTotal tells what a check had to look at.
type CheckTotal struct {
	Protocol, Check string
	Observed        uint64 // observations of the protocol that it was shown, or what it says it was held against
	Undecided       string // why it could not be decided at the end of the run; "" if it could
	View            []byte // a page of HTML that shows how it was broken; nil if it was not, or has none
}

// Violation is a safety property that did not hold.
type Violation struct {
	Protocol, Check string
	At              time.Duration
	Node            protocols.NodeID // External if it is of no single node
	Text            string
	Cause           uint64 // causal key of the call that showed it; traces have it
}

// FaultSpan tells when a fault was in force, for plots and reports.
type FaultSpan struct {
	Name, Verb string
	From, To   time.Duration
	Nodes      int // how many it struck; of a partition, how many are not on the largest side
}

// Cost is what the run took from the machine. It differs from run to run.
type Cost struct {
	Wall         time.Duration
	Mode         Mode   // the one that ended the run
	Workers      int    // those that had nodes to run
	HeapBytes    uint64 // in use at the end
	EventsPerSec float64
}
