package decision_test

import (
	"fmt"
	"strconv"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

func TestConversations(t *testing.T) {
	protocoltest.Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			c := decision.Default()
			for _, w := range words {
				if w != "reject=always" {
					return nil, fmt.Errorf("%q is unknown", w)
				}
				c.Reject = draw.Always
			}
			return onSequencer(c, nil), nil
		},
		Message: func(words []string) (protocols.Message, error) {
			switch {
			case len(words) == 2 && words[0] == "ask":
				return decision.NewAsk(words[1]), nil
			case len(words) == 3 && words[0] == "propose":
				target, err := strconv.Atoi(words[2])
				return decision.NewPropose(words[1], protocols.NodeID(target), 0), err
			}
			return nil, fmt.Errorf("write propose <subject> <target>, or ask <subject>")
		},
		Item: func(o protocols.Observation) string {
			outcome, rest := decision.Unpack(o.Value)
			switch o.Kind {
			case decision.Decided:
				return fmt.Sprintf("%v %v at %d", decision.ID(o.Key), outcome, rest)
			case decision.Voted:
				return fmt.Sprintf("%v %v", decision.ID(o.Key), decision.Outcome(o.Value))
			case decision.Counted:
				return fmt.Sprintf("%v: node %d wants it %v", decision.ID(o.Key), rest, outcome)
			case decision.Certified:
				return fmt.Sprintf("%v by %d", decision.ID(o.Key), o.Value)
			case decision.Told:
				return fmt.Sprintf("%v %d", outcome, rest)
			case decision.VotedBoth:
				return fmt.Sprintf("%v node %d", decision.ID(o.Key), o.Value)
			case decision.ReadOnly:
				return fmt.Sprint(o.Value)
			case decision.TurnedAway:
				return "a proposal"
			case decision.Muted:
				return "itself"
			}
			return decision.ID(o.Key).String()
		},
	}.Run(t, "testdata/*.txt")
}
