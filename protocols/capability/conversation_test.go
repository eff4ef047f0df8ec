package capability_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/capability"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task/tasktest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New:     talker,
		Message: tasktest.Submit,
		Item: func(o protocols.Observation) string {
			if o.Kind == capability.Offered || o.Kind == capability.Relaxed {
				return fmt.Sprintf("%d at %.0f%%", o.Key, float64(o.Value)/(1<<64)*100)
			}
			return fmt.Sprintf("%d %d", o.Key, o.Value)
		},
	}.Run(t, "testdata/*.txt")
}

// talker makes the protocol of a conversation, in which all nodes offer gpu:2.
func talker(words []string) (*protocols.Protocol, error) {
	c, s := plain("gpu:2"), capability.Default()
	s.Fanout = 2
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "fallback":
			s.Fallback = value
		case "backlog":
			s.Backlog = n
		case "lease":
			c.Lease = 6 * time.Second
		default:
			return nil, fmt.Errorf("unknown word %q", w)
		}
	}
	return capability.New(c, s), nil
}
