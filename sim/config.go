package sim

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
)

// Config declares one run. It is read, never written; runs may share its parts.
// Everything that decides an event is in it, so two runs of equal Configs give
// equal bytes, whatever Workers and Mode say.
type Config struct {
	Seed     uint64        // all randomness derives from it
	Duration time.Duration // simulated time at which the run ends
	Warmup   time.Duration // items that begin earlier count in no figure
	Sample   time.Duration // interval of the series; 0 samples only at the end

	Groups   []Group            // the nodes, in the order of their identities
	Topology protocols.Topology // who knows whom; nil: everybody knows everybody
	Network  Network
	Keys     keys.New // the arithmetic of signatures; nil: keys.Costed
	Faults   []Fault
	Workload []Workload

	Checks []Check              // safety properties to watch
	Goals  map[string][]float64 // levels to time, by metric: "gossip.coverage": {0.5, 0.99}
	Stop   Stop                 // end early when there is nothing left to learn
	Probes bool                 // make the protocols' figures
	Detail Detail               // costly figures of the kernel, each on request
	Trace  Tracer               // nil: none

	Workers  int                              // goroutines, at most one for 128 nodes; 0 and 1 run on the caller's alone
	Mode     Mode                             // how events are put in order; the bytes are the same
	Wire     bool                             // encode and decode each message at delivery, and check the codecs
	Progress func(at time.Duration, n uint64) // called at control instants with the events so far; may be nil
	Cancel   <-chan struct{}                  // closed: end soon, with what has happened; may be nil
}

// Mode is a way to run the same events.
type Mode uint8

// The modes. Auto measures the events in a window and takes the faster one.
const (
	Auto     Mode = iota
	Windowed      // windows of the smallest latency, blocks of nodes, any number of workers
	Ordered       // one global order, one worker: for latencies far below the gaps between events
)

// Group is a set of nodes that are declared alike.
type Group struct {
	Name  string
	Count int
	Zones []int // zones of the latency matrix; member i is in Zones[i mod len]; nil: no zone
	Stack []*protocols.Protocol
	CPU   CPU
	Clock Clock
	// Uplink and Downlink are the node's own access to the network.
	Uplink, Downlink Pipe
	DiskSync         time.Duration // how long the disk takes to make writes durable
	DiskPerKiB       time.Duration // and for each 1024 bytes of them, pro rata
	DiskCapacity     int64         // bytes that fit on it; 0: no limit
	// Crypto is what signatures and tags cost; nil: keys.Measured.
	Crypto *protocols.CryptoCosts
}

// CPU says what handling costs. The zero value costs nothing.
type CPU struct {
	Cores      int           // calls that can run at a time; 0 means 1
	PerMessage time.Duration // each message received
	PerByte    time.Duration // each byte received; for less than 1ns use PerKiB
	PerKiB     time.Duration // each 1024 bytes received, pro rata
	Queue      int           // messages that may wait for a core, more are dropped; 0: no limit
}

// Clock is how a node's clock differs from simulated time.
type Clock struct {
	Offset      time.Duration // added at time 0
	OffsetRange time.Duration // plus a uniform draw in ±OffsetRange, one a node
	DriftPPB    int64         // parts per billion that it runs fast
	DriftRange  int64         // plus a uniform draw in ±DriftRange ppb, one a node
}

// Pipe is a FIFO queue in front of a line of fixed rate. Rate 0 is infinite.
type Pipe struct {
	BitsPerSecond int64
	QueueBytes    int64 // what may be queued, with what is left of the message on the line; 0: no limit
}

// Network declares the links.
type Network struct {
	Default Link
	Zones   *Zones
	Links   []LinkRule // the last rule that matches a pair wins
}

// Zones is a matrix of one-way latencies between regions.
type Zones struct {
	Names  []string
	OneWay []time.Duration // row-major, len(Names)²; [from*len+to]
}

// LinkRule gives the links from some nodes to others. A rule's state (bursts of
// loss, queue) is kept once for each sender, not for each pair.
type LinkRule struct {
	From, To Set
	Link     Link
}

// Set is a set of nodes.
type Set struct {
	All bool
	IDs []protocols.NodeID // ascending; ignored if All
}

// Link says what happens to messages on their way. The zero Link delivers each
// after the floor.
type Link struct {
	Latency   Latency
	Loss      Loss
	Duplicate draw.Probability // a second copy with a latency of its own
	Reorder   draw.Probability // held back by up to ReorderBy more, so that later ones overtake it
	ReorderBy time.Duration
	Corrupt   draw.Probability // one bit of the wire form flips
	Pipe      Pipe             // besides the nodes' own up- and downlinks
	Stream    bool             // ordered and retransmitted, as over a TCP connection
	Retry     time.Duration    // first retransmission timeout of a stream, doubled each time; 0 means 200ms
}

// Latency is drawn for each message: Base (or the zones' entry) plus Jitter,
// never below Floor.
type Latency struct {
	Base   time.Duration
	Zoned  bool       // take the base from Network.Zones where both ends have a zone
	Jitter *draw.Dist // nil: none; may be negative
	Floor  time.Duration
}

// Loss of messages: independent with probability P, or in bursts
// (Gilbert 1960, Elliott 1963) if Bad is set.
type Loss struct {
	P draw.Probability // independent, or in the good state

	GilbertElliott bool
	ToBad, ToGood  draw.Probability // chance to change state at each message
	Bad            draw.Probability // loss in the bad state
}

// Check is a safety property of a protocol, watched at every observation.
type Check struct {
	Protocol string
	Spec     protocols.CheckerSpec
}

// Stop ends a run before Duration, at a sampling instant.
type Stop struct {
	// Reached ends the run when all items of these metrics have reached all
	// their Goals and the workload and the faults are over.
	Reached bool
	// Violation ends the run at the first violated check.
	Violation bool
}

// Detail asks for figures that cost time or memory on each event.
type Detail struct {
	PerNode      bool // messages sent and received by each node
	Latency      bool // quantiles of message latency
	Waits        bool // what nodes wait for at the end, to explain why a goal was not reached
	Connectivity bool // share of live nodes in the largest connected part, at each sample
}
