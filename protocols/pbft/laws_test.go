package pbft_test

import (
	"testing"
	"time"

	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/pbft"
	"meshsim/protocols/protocoltest"
)

// small is a cluster of four and its clients, in one group. The first primary is
// impatient, and so are all others.
func small(authentication string) pbft.Config {
	k := quick(authentication)
	k.Checkpoint, k.Window, k.ViewTimeout, k.Retransmit = 2, 4, 12*time.Millisecond, 7*time.Millisecond
	k.ViewTimeoutMax = 200 * time.Millisecond
	k.Replicas = ids(0, 4)
	k.Client = busy(0)
	k.Client.Start, k.Client.Closed = 0, &client.Closed{Concurrency: 2, Think: 200 * time.Millisecond, Thinking: "exponential"}
	k.Client.Reads = draw.Ratio(1, 2)
	return k
}

func TestLaws(t *testing.T) {
	for _, a := range []string{pbft.Signatures, pbft.MACs} {
		t.Run(a, func(t *testing.T) {
			k := small(a)
			k.Tentative, k.ReadOnly = a == pbft.MACs, a == pbft.MACs
			protocoltest.TestProtocol(t, pbft.New(k), protocoltest.Setup{Nodes: 6, Duration: 9 * time.Second, Seeds: 2, Seal: protocoltest.Reseal})
		})
	}
}
