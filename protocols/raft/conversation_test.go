package raft_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/raft"
)

// Conversations begin with "nodes 4 replicas=3 …": the nodes behind the replicas
// are clients that write.
func TestConversations(t *testing.T) {
	protocoltest.Conversation{New: configured, Message: ordered, Item: item}.Run(t, "testdata/*.txt")
}

// configured makes the protocol that a conversation asks for.
func configured(words []string) (*protocols.Protocol, error) {
	c, load, replicas := raft.Default(), client.Default(), 0
	load.Reads, load.Closed.Think, load.Payload, load.Keys.Count = 0, time.Second, 0, 1
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "replicas":
			replicas = n
		case "voters":
			c.Voters = n
		case "replace_failed":
			c.Replace = value == "true"
		case "snapshot":
			c.Snapshot, c.SnapshotKeep, c.MaxBytes = n, 0, 256
		case "pre_vote":
			c.PreVote, c.CheckQuorum = value == "true", value == "true"
		case "reads":
			c.Reads, load.Reads = value, draw.Always
		default:
			return nil, fmt.Errorf("no key %q", key)
		}
	}
	if replicas == 0 {
		return raft.New(c), nil
	}
	return mixed(c, load, replicas), nil
}

// ordered makes a message from outside.
func ordered(words []string) (protocols.Message, error) {
	if len(words) != 2 {
		return nil, fmt.Errorf("write add-voter 3, add-learner 3, remove 3 or transfer 3")
	}
	n, err := strconv.Atoi(words[1])
	if err != nil {
		return nil, err
	}
	if words[0] == "transfer" {
		return raft.NewTransfer(protocols.NodeID(n)), nil
	}
	for op, name := range []string{"add-learner", "add-voter", "remove"} {
		if name == words[0] {
			return raft.NewChange(raft.ChangeOp(op), protocols.NodeID(n)), nil
		}
	}
	return nil, fmt.Errorf("%q is nothing to ask for", words[0])
}

// item renders an observation.
func item(o protocols.Observation) string {
	switch o.Kind {
	case raft.Appended, raft.Committed, raft.Applied, raft.Loaded:
		term, index := raft.Unpack(o.Key)
		return fmt.Sprintf("entry %d@%d", index, term)
	case raft.Restored:
		if o.Key == 0 {
			return ""
		}
		term, index := raft.Unpack(o.Key)
		return fmt.Sprintf("entry %d@%d", index, term)
	case raft.Leader, raft.SteppedDown, raft.Stood, raft.Canvassed:
		return fmt.Sprintf("term %d", o.Value)
	case raft.Followed:
		return fmt.Sprintf("%d in term %d", o.Key, o.Value)
	case raft.Truncated:
		return fmt.Sprintf("from entry %d on", o.Key)
	case raft.Compacted, raft.Installed:
		return fmt.Sprintf("up to entry %d", o.Key)
	case raft.Configured:
		return fmt.Sprintf("by entry %d: %d voters, %d learners", o.Key, o.Value>>32, uint32(o.Value))
	}
	return ""
}
