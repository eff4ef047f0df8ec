package balance_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/balance"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: talker,
		Message: func(words []string) (protocols.Message, error) {
			if len(words) != 3 || words[0] != "submit" {
				return nil, fmt.Errorf("write submit <id> <size>")
			}
			id, err := strconv.ParseUint(words[1], 10, 64)
			if err != nil {
				return nil, err
			}
			size, err := time.ParseDuration(words[2])
			return task.NewSubmit(&task.Task{ID: id, Size: size}), err
		},
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
