package raft

import "meshsim/protocols"

// The kinds of messages. The first byte of the wire form is the kind, the last
// four are the CRC-32C of all before.
const (
	KindRequestVote protocols.Kind = iota
	KindVote
	KindAppendEntries
	KindAppendReply
	KindInstallSnapshot
	KindInstallReply
	KindTimeoutNow
	KindSynced
	KindChange
	KindTransfer
	KindForward
	KindRequest
	KindReply
	kinds
)

var kindNames = [kinds]string{"request-vote", "vote", "append-entries", "append-reply", "install-snapshot",
	"install-reply", "timeout-now", "synced", "change", "transfer", "forward", "request", "reply"}

// RequestVote asks for a vote (5.2), or whether there would be one (9.6 of the
// dissertation).
type RequestVote struct {
	Term      uint64 // the candidate's
	LastIndex uint64 // of the candidate's last entry
	LastTerm  uint64
	Pre       bool // only asks
	Transfer  bool // the leader wants this election, so nobody is faithful to it
}

// Vote answers RequestVote.
type Vote struct {
	Term    uint64 // that of the request if it is granted, else the voter's
	Pre     bool   // of the request
	Granted bool
}

// AppendEntries replicates entries; without any it is a heartbeat (5.2, 5.3).
type AppendEntries struct {
	Term      uint64 // the leader's
	PrevIndex uint64 // of the entry right before the new ones
	PrevTerm  uint64
	Commit    uint64 // the leader's commit index
	Round     uint64 // of heartbeats that has begun last: who answers confirms it
	Entries   []Entry

	size int // of the wire form
}

// AppendReply answers AppendEntries.
type AppendReply struct {
	Term     uint64
	Rejected bool   // the entry before the new ones does not match
	Index    uint64 // up to which the logs match; if rejected, that of the entry before
	Round    uint64 // of the request
	// Where the follower's log may match if it was rejected (5.3): the term of
	// the entry at Index and the first index of that term in its log. Without an
	// entry there the term is 0 and the index that behind its last entry.
	HintTerm, HintIndex uint64
}

// InstallSnapshot sends a part of a snapshot to a follower that lags too far (7).
type InstallSnapshot struct {
	Term   uint64 // the leader's
	Round  uint64 // of heartbeats, as in AppendEntries
	Index  uint64 // of the last entry that the snapshot covers
	Offset uint64 // of the part
	Total  uint64 // size of the snapshot
	Data   []byte // never changed
}

// InstallReply answers InstallSnapshot.
type InstallReply struct {
	Term   uint64
	Round  uint64 // of the request
	Index  uint64 // of the snapshot
	Offset uint64 // the part that is wanted next; the size of the whole when it is installed
}

// TimeoutNow asks a follower to stand for election at once (3.10 of the
// dissertation).
type TimeoutNow struct{ Term uint64 }

// Synced is what a replica that needs no other's vote sends itself: it leaves
// when the disk is done, so its arrival tells that all up to Index is durable.
type Synced struct{ Term, Index uint64 }

// ChangeOp says how a change of membership is meant.
type ChangeOp uint8

// The changes of membership.
const (
	AddLearner ChangeOp = iota // it gets the log and does not vote
	AddVoter                   // it votes as soon as it has caught up; until then it is a learner
	Remove                     // it leaves the cluster
	changeOps
)

var changeNames = [changeOps]string{"add-learner", "add-voter", "remove"}

// Change asks a cluster to add or remove one replica. It may be sent to any
// replica from outside; that one sees to it.
type Change struct {
	Op   ChangeOp
	Node protocols.NodeID
}

// Transfer asks the leader to hand over to another replica; [protocols.External]
// stands for the one with the longest log. It may be sent to any replica from outside.
type Transfer struct{ To protocols.NodeID }

// Forward hands the leader what another protocol on a replica wants decided.
type Forward struct {
	Hops uint64 // 1 once it was forwarded
	Data []byte // never changed
}

// Request is what a client asks for.
type Request struct {
	Sequence uint64 // names the request on its client
	ReadOnly bool   // the command changes nothing
	Command  []byte // an encoded kv.Command; never changed
}

// Status says what became of a request.
type Status uint8

// The statuses.
const (
	Answered    Status = iota // Result is there
	NotLeader                 // ask Leader, if that is known
	Busy                      // too many requests wait
	NotWritable               // another protocol on the node forbids to write
	statuses
)

var statusNames = [statuses]string{"answered", "not-leader", "busy", "read-only"}

// Reply answers Request.
type Reply struct {
	Sequence uint64
	Status   Status
	Leader   protocols.NodeID // of NotLeader; External if it is not known
	Result   []byte           // an encoded kv.Result; never changed
}

// NewChange returns a message from outside that asks for a change of membership.
func NewChange(op ChangeOp, node protocols.NodeID) *Change { return &Change{op, node} }

// NewTransfer returns a message from outside that asks the leader to hand over.
func NewTransfer(to protocols.NodeID) *Transfer { return &Transfer{to} }
