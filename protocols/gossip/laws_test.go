package gossip_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/gossip"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/wire"
)

// reseal makes the checksum of a damaged message right again.
func reseal(b []byte) []byte {
	if len(b) < wire.ChecksumSize {
		return b
	}
	return wire.AppendChecksum(b[:len(b)-wire.ChecksumSize], 0)
}

func TestLaws(t *testing.T) {
	unsent := map[string][]protocols.Kind{
		"push":      {gossip.KindPull, gossip.KindExchange, gossip.KindAnswer},
		"pull":      {gossip.KindPush, gossip.KindExchange},
		"push-pull": {gossip.KindPush, gossip.KindPull},
	}
	for _, mode := range []string{"push", "pull", "push-pull"} {
		for _, phase := range []string{"random", "synchronous"} {
			t.Run(mode+"-"+phase, func(t *testing.T) {
				c := gossip.Default()
				c.Mode, c.Phase, c.Interval = mode, phase, time.Second
				c.Interest, c.Feedback, c.K, c.Retention = "counter", true, 2, 10*time.Second
				protocoltest.TestProtocol(t, gossip.New(c), protocoltest.Setup{
					Duration: 30 * time.Second, Seeds: 2, Seal: reseal, Unsent: unsent[mode],
					Inputs: []protocoltest.Input{
						{At: 1200 * time.Millisecond, To: 0, Message: gossip.NewPublish([]byte("first"))},
						{At: 1300 * time.Millisecond, To: 2, Message: gossip.NewPublish(make([]byte, 1000))},
						{At: 5 * time.Second, To: 1, Event: protocols.Event{Kind: protocols.RumorPublish, Data: []byte("heard")}},
						{At: 21 * time.Second, To: 1, Message: gossip.NewPublish(nil)},
					},
				})
			})
		}
	}
}
