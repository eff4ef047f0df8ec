package pbft_test

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/pbft"
	"meshsim/protocols/protocoltest"
)

// The last node is the client. It writes one key as often as its timers say.
func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := pbft.Default()
			c.Client = load(0, 1)
			c.Client.Start, c.Client.Reads, c.Client.Keys.Count, c.Client.Payload = 0, 0, 1, 0
			c.Client.Closed.Think = time.Second
			c.Replicas = ids(0, 4)
			for _, w := range words {
				switch w {
				case "macs":
					c.Authentication = pbft.MACs
				case "tentative":
					c.Tentative = true
				case "read-only":
					c.ReadOnly, c.Client.Reads = true, 1<<64-1
				case "checkpoint=1":
					c.Checkpoint, c.Window, c.InFlight = 1, 2, 1
				default:
					return nil, fmt.Errorf("what is %q?", w)
				}
			}
			return pbft.New(c), nil
		},
		Message: func([]string) (protocols.Message, error) { return nil, fmt.Errorf("the client is a node") },
		Item: func(o protocols.Observation) string {
			switch o.Kind {
			case pbft.Accepted, pbft.Prepared, pbft.Committed, pbft.Executed, pbft.Checkpointed, pbft.Stabilized, pbft.Raised, pbft.ViewChanged, pbft.Entered, pbft.Transferred:
				return fmt.Sprint(o.Key)
			case pbft.Primary:
				return fmt.Sprint("of view ", o.Value)
			}
			return ""
		},
	}.Run(t, "testdata/*.txt")
}
