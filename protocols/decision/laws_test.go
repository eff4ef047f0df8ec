package decision_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

func TestLaws(t *testing.T) {
	c := decision.Default()
	c.Reject = draw.Ratio(1, 10)
	protocoltest.TestProtocol(t, onSequencer(c, nil), protocoltest.Setup{
		Nodes: 7, Duration: 45 * time.Second, Seal: protocoltest.Reseal,
		// Node 1 is down from 15s to 30s. It misses a decision and has to ask.
		Inputs: []protocoltest.Input{
			{At: time.Second, To: 2, Message: decision.NewPropose("auth-service", 3, 10)},
			{At: 2 * time.Second, To: 1, Message: decision.NewPropose("mail", 1, 0)},
			{At: 9 * time.Second, To: 3, Event: protocols.Event{Kind: protocols.PeerFailed, Node: 4}},
			{At: 10 * time.Second, To: 3, Message: decision.NewPropose("auth-service", 4, 0)},
			{At: 16 * time.Second, To: 4, Message: decision.NewPropose("search", 2, 0)},
			{At: 31 * time.Second, To: 1, Message: decision.NewPropose("auth-service", 0, 0)},
			{At: 44 * time.Second, To: 1, Message: decision.NewAsk("auth-service")},
		},
	})
}
