package auction_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task/tasktest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New:     talker,
		Message: tasktest.Submit,
	}.Run(t, "testdata/*.txt")
}

// talker makes the protocol of a conversation.
func talker(words []string) (*protocols.Protocol, error) {
	c, a := tasktest.Plain(), auction.Default()
	a.Announce = "all"
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		n, _ := strconv.Atoi(value)
		switch key {
		case "limit":
			c.Queue.Limit = n
		case "rounds":
			a.Rounds = n
		default:
			return nil, fmt.Errorf("unknown word %q", w)
		}
	}
	return auction.New(c, a), nil
}
