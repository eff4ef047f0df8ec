package protocols

// EventKind says what a local event tells. The list is short on purpose: it is
// the whole vocabulary that protocols on one node share.
type EventKind uint8

// The local events. Node, ID, Value and Data of an [Event] mean what is said
// here and are zero otherwise.
const (
	PeerUp         EventKind = iota + 1 // Node may be talked to (joined, or found)
	PeerSuspected                       // Node does not answer
	PeerFailed                          // Node is confirmed gone
	PeerBack                            // Node, suspected or failed before, answers again
	ReadOnlyOn                          // this side of a partition must not accept writes
	ReadOnlyOff                         // writes are welcome again
	RumorPublish                        // spread Data as a new rumor (a request to gossip)
	RumorDelivered                      // rumor ID with Data arrived, for the first time
	Propose                             // decide on Data (a request to a consensus)
	Committed                           // Data was decided, ID is its place in the order
	TaskSubmitted                       // task ID with Value units of work entered here
	TaskPlaced                          // task ID was given to Node
	TaskDone                            // task ID was done by Node
	PeerLeft                            // Node has not failed, but is no peer of this node any more: it left, or the link was given up
	Reconcile                           // back with a majority: whoever has to catch up before writes are welcome says Behind, with this ID
	Behind                              // a protocol on the node has to catch up; ID is that of Reconcile
	CaughtUp                            // it has; ID is that of Reconcile
)

// String returns the event kind's name as traces print it.
func (k EventKind) String() string {
	names := [...]string{"", "peer-up", "peer-suspected", "peer-failed", "peer-back",
		"read-only-on", "read-only-off", "rumor-publish", "rumor-delivered", "propose",
		"committed", "task-submitted", "task-placed", "task-done", "peer-left", "reconcile", "behind", "caught-up"}
	if int(k) >= len(names) {
		return "unknown"
	}
	return names[k]
}

// Event is what one protocol tells the others on the same node. Data is shared
// and never changed.
type Event struct {
	Kind  EventKind
	Node  NodeID
	ID    uint64
	Value uint64
	Data  []byte
}
