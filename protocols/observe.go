package protocols

import "time"

// ObservationKind tells apart what the nodes of one protocol observe. It
// indexes [Protocol.Observations]; at most 64 kinds a protocol.
type ObservationKind uint8

// Observation is what a node says about itself through [Env.Observe].
type Observation struct {
	Kind  ObservationKind
	Key   uint64
	Value uint64
}

// NodeProtocol is the name under which the kernel observes nodes. Its kinds have
// the same numbers as a protocol's own, so look at [Observed.Protocol] first.
const NodeProtocol = "node"

// The kernel observes these of every node, as [NodeProtocol]; every checker and
// probe gets them, unasked.
const (
	NodeUp   ObservationKind = iota // the node restarted; Value is its incarnation. All nodes boot at time 0 without this
	NodeDown                        // the node crashed
	NodePaused
	NodeResumed
	// NodeCorrupted says that the node lies from now on. What its protocols
	// observe later no checker is shown: a liar's word is no evidence.
	NodeCorrupted

	// These are of the mesh as a whole, and their node is External.
	MeshParted // a partition is in force where none was
	MeshHealed // the last partition in force is over
)

// Observed is an observation with its place: when, where, by which protocol.
// Observed values reach checkers and probes in one total order, the same in
// every way of running.
type Observed struct {
	At       Time   // simulated time
	Node     NodeID // who
	Protocol string // the protocol's name, or NodeProtocol
	Observation
}

// CheckerSpec is a property that scenarios can demand by name.
type CheckerSpec struct {
	Name string // as written under expect.always, without the protocol's name
	Doc  string // what it says, in a sentence
	New  func(c ProbeConfig) Checker
}

// A Checker watches for the violation of one safety property.
type Checker interface {
	// Observe takes the next observation and returns "" or, if it breaks the
	// property, how, in a sentence without a full stop.
	Observe(o Observed) string
	// Wants lists the kinds that the checker needs of its own protocol.
	Wants() []ObservationKind
}

// A Finisher is a [Checker] that has more to say when the run is over. It returns
// how the property is broken, or else why it could not be decided, or neither.
type Finisher interface {
	Finish(at Time) (violation, undecided string)
}

// An Auditor is a [Finisher] that holds nodes to their word: before Finish it is
// shown each node of its protocol that is up, as it is at the end of the run. A run
// that a violation or the user has cut off is not audited. Nodes that are wrapped,
// such as those that a fault made Byzantine, are shown in their wrapping.
type Auditor interface {
	Audit(id NodeID, n Node)
}

// A Tallier is a [Checker] that is shown more than its property is about. It
// returns how many observations the property was held against; with none, that
// it was not violated says nothing.
type Tallier interface {
	Tally() uint64
}

// A Viewer is a [Checker] that can draw what broke its property, as a page of
// HTML that needs no other file; nil if nothing did.
type Viewer interface {
	View() []byte
}

// ProbeConfig is what a checker or probe may know of the run.
type ProbeConfig struct {
	Nodes   int
	Members []NodeID // the nodes that run the protocol, ascending
	// Byzantine are the nodes that some fault makes lie by name, ascending. Who is
	// struck by chance or in a role is told when it happens, as NodeCorrupted.
	Byzantine []NodeID
	Warmup    Time // items that begin earlier count in no figure
	// Goals are the levels named in the scenario's expectations, by metric; the
	// probe records exactly when each item reaches each of them.
	Goals map[string][]float64
}

// A Probe turns a protocol's observations into figures.
type Probe interface {
	// Wants lists the kinds that the probe needs, one by one and in order, of
	// its own protocol. All kinds are counted in any case.
	Wants() []ObservationKind
	// Observe takes the next observation of the probe's own protocol or of the
	// kernel ("node").
	Observe(o Observed)
	// Sample adds the values of the probe's series at a sampling instant.
	Sample(at Time, out *Figures)
	// Finish adds the run's final figures.
	Finish(t RunTotals, out *Figures)
}

// A Settler is a [Probe] that knows when nothing is left to reach. A run that
// ends when all goals are reached asks every probe that has goals.
type Settler interface {
	// Settled reports that every item begun so far has reached all its goals.
	Settled() bool
}

// RunTotals is what the kernel counted of one protocol in a run.
type RunTotals struct {
	At           Time    // the end of the run
	Live         int     // members that are up at the end
	Observations []Total // by ObservationKind: how often, and the sum of the values, asked for or not
	Messages     []Total // by Kind: how many were sent, and their bytes
}

// Total is a number of things of one kind and the sum of their values or sizes.
type Total struct{ Count, Sum uint64 }

// MetricSpec says what a metric is.
type MetricSpec struct {
	Name   string     // without the protocol's name: coverage
	Form   MetricForm // what is recorded
	Unit   string     // "s", "ratio", "1", "B", "1/s"
	Doc    string     // what it means, in a sentence
	Better Better     // which values are good ones
	// Goal says that each item (rumor, request …) climbs in this metric from 0
	// towards 1, so that "eventually" can ask when it reaches a level.
	Goal bool
}

// Better says which values of a metric are good ones, for those who compare.
type Better uint8

// Which values are better. Most metrics are costs, times and errors.
const (
	Smaller Better = iota
	Larger
	Neither // tells what happened, not how well
)

// String returns the word that files of results use.
func (b Better) String() string { return [...]string{"smaller", "larger", "neither"}[b] }

// MetricForm is what a metric records.
type MetricForm uint8

// The forms of a metric.
const (
	Series MetricForm = iota // a value at each sampling instant
	Scalar                   // one value a run
	Sample                   // many values a run: one for each item
)

// String returns the word that files of results use.
func (f MetricForm) String() string { return [...]string{"series", "scalar", "sample"}[f] }

// Figures collects what probes record. A driver provides it.
type Figures struct {
	Points  []Point   // series, in the order of sampling
	Scalars []Point   // At is the end of the run
	Items   []Item    // samples
	Reached []Reached // for each goal and item: when, or never
}

// Point is a value of a metric at an instant.
type Point struct {
	Metric string
	At     Time
	Value  float64
}

// Item is one value of a metric of form Sample.
type Item struct {
	Metric   string
	At       Time // when the item began
	Value    float64
	Censored bool // the item had not finished at the end of the run; Value is a lower bound
}

// Reached tells when an item reached a level of a metric.
type Reached struct {
	Metric string
	Level  float64
	Item   uint64        // which: a rumor's identity …
	Since  Time          // when the item began
	After  time.Duration // how long it took; without meaning unless OK
	OK     bool          // false: it had not when the run ended
}

// Point adds a value of a series.
func (f *Figures) Point(metric string, at Time, v float64) {
	f.Points = append(f.Points, Point{metric, at, v})
}

// Scalar adds the run's value of a metric.
func (f *Figures) Scalar(metric string, at Time, v float64) {
	f.Scalars = append(f.Scalars, Point{metric, at, v})
}
