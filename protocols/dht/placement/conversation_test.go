package placement_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			d := placement.Default()
			d.Virtual, d.Copies = 1, 1
			if len(words) > 0 {
				return nil, fmt.Errorf("unknown word %q", words[0])
			}
			return placement.New(plain(), d), nil
		},
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
