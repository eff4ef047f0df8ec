package worksteal_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task/tasktest"
	"meshsim/protocols/worksteal"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New:     talker,
		Message: tasktest.Submit,
	}.Run(t, "testdata/*.txt")
}

// talker makes the protocol of a conversation.
func talker(words []string) (*protocols.Protocol, error) {
	c, s := tasktest.Plain(), worksteal.Default()
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "victim":
			s.Victim = value
		case "share":
			s.Share = value
		case "tries":
			s.Tries = n
		case "high":
			s.Distribute, c.Queue.High = true, n
		case "lease":
			c.Lease = 6 * time.Second
		default:
			return nil, fmt.Errorf("unknown word %q", w)
		}
	}
	return worksteal.New(c, s), nil
}
