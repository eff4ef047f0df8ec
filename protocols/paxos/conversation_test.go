package paxos_test

import (
	"fmt"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/paxos"
	"meshsim/protocols/protocoltest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := paxos.Default()
			c.Rumors = len(words) == 1 && words[0] == "rumors=true"
			return paxos.New(c), nil
		},
		Message: func(words []string) (protocols.Message, error) {
			if len(words) != 2 || words[0] != "propose" {
				return nil, fmt.Errorf("write propose <value>")
			}
			return paxos.NewPropose([]byte(words[1])), nil
		},
		Item: func(o protocols.Observation) string {
			switch o.Kind {
			case paxos.Started, paxos.Chosen:
				return paxos.Ballot(o.Key).String()
			}
			return "a value"
		},
	}.Run(t, "testdata/*.txt")
}
