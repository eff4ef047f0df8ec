package placement_test

import (
	"fmt"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/dht/placement"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/task/tasktest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			d := placement.Default()
			d.Virtual, d.Copies = 1, 1
			if len(words) > 0 {
				return nil, fmt.Errorf("unknown word %q", words[0])
			}
			return placement.New(tasktest.Plain(), d), nil
		},
		Message: tasktest.Submit,
	}.Run(t, "testdata/*.txt")
}
