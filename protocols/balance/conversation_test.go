package balance_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/balance"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task/tasktest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New:     talker,
		Message: tasktest.Submit,
	}.Run(t, "testdata/*.txt")
}

// talker makes the protocol of a conversation: a node is full with 10s of work.
func talker(words []string) (*protocols.Protocol, error) {
	b := balance.Default()
	for _, w := range words {
		switch key, value, _ := strings.Cut(w, "="); key {
		case "reports":
			b.Reports = value
		case "batch":
			b.Batch, _ = strconv.Atoi(value)
		default:
			return nil, fmt.Errorf("unknown word %q", w)
		}
	}
	return balance.New(plain(), b), nil
}
