package partition_test

import (
	"fmt"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/partition"
	"meshsim/protocols/protocoltest"
)

func TestConversations(t *testing.T) {
	causes := [...]string{"it has just started", "no quorum was heard of", "it is left out", "it reaches too few"}
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := partition.Default()
			for _, w := range words {
				switch w {
				case "detector":
					c.Reach = "detector"
				case "liars":
					c.Faults = 1
				default:
					return nil, fmt.Errorf("%q is unknown; write detector or liars", w)
				}
			}
			return partition.New(c), nil
		},
		Message: func([]string) (protocols.Message, error) {
			return nil, fmt.Errorf("nothing comes from outside")
		},
		Item: func(o protocols.Observation) string {
			switch o.Kind {
			case partition.ReadOnly:
				return causes[o.Value]
			case partition.Suspected, partition.Cleared:
				return fmt.Sprintf("it reaches %d of %d", o.Key, o.Value)
			}
			return "epoch " + partition.Epoch(o.Key).String()
		},
	}.Run(t, "testdata/*.txt")
}
