package auction_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: talker,
		Message: func(words []string) (protocols.Message, error) {
			if len(words) < 3 || words[0] != "submit" {
				return nil, fmt.Errorf("write submit <id> <size>, and what is needed")
			}
			id, err := strconv.ParseUint(words[1], 10, 64)
			if err != nil {
				return nil, err
			}
			x := &task.Task{ID: id}
			for _, name := range words[3:] {
				x.Needs = task.NewVector([]task.Capability{{Name: name, Level: 1}})
			}
			x.Size, err = time.ParseDuration(words[2])
			return task.NewSubmit(x), err
		},
	}.Run(t, "testdata/*.txt")
}

// talker makes the protocol of a conversation.
func talker(words []string) (*protocols.Protocol, error) {
	c, a := plain(), auction.Default()
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
