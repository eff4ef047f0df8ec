package client_test

import (
	"fmt"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/linear"
	"meshsim/protocols/protocoltest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c, f := loads()["closed"], &faults{}
			c.Closed.Concurrency, c.Closed.Think = 1, 0
			for _, w := range words {
				switch w {
				case "bursts":
					c = loads()["bursts"]
					c.Bursts.Size, c.Bursts.Concurrency, c.Bursts.Queue = 4, 2, 1
				case "attempts=2":
					c.Attempts = 2
				case "busy":
					f.reject = 1
				default:
					return nil, fmt.Errorf("%q is unknown", w)
				}
			}
			return store(c, f), nil
		},
		Message: func([]string) (protocols.Message, error) { return nil, fmt.Errorf("nothing comes from outside") },
		Item: func(o protocols.Observation) string {
			switch client.Observations[o.Kind-base.Observation] {
			case "asked":
				op, key := linear.Unpack(o.Value)
				return fmt.Sprintf("%d: %v %d", o.Key, op, key)
			case "submitted":
				return fmt.Sprintf("%d: attempt %d", o.Key, o.Value)
			case "expects", "writes":
				return ""
			}
			return fmt.Sprint(o.Key)
		},
	}.Run(t, "testdata/*.txt")
}
