package paxos_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/paxos"
	"meshsim/protocols/protocoltest"
)

func TestLaws(t *testing.T) {
	c := paxos.Default()
	c.Rumors = true
	protocoltest.TestProtocol(t, paxos.New(c), protocoltest.Setup{
		Duration: 30 * time.Second, Seal: protocoltest.Reseal,
		// Node 1 is down from 10s to 20s. It misses the decision and has to ask.
		Inputs: []protocoltest.Input{
			{At: 12 * time.Second, To: 0, Message: paxos.NewPropose([]byte("red"))},
			{At: 12 * time.Second, To: 2, Event: protocols.Event{Kind: protocols.Propose, Data: []byte("blue")}},
			{At: 12 * time.Second, To: 3, Message: paxos.NewPropose(nil)},
			{At: 21 * time.Second, To: 1, Message: paxos.NewPropose([]byte("late"))},
		},
	})
}
