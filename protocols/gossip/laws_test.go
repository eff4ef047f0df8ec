package gossip_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/gossip"
	"meshsim/protocols/protocoltest"
)

// unsent lists all kinds but these.
func unsent(sent ...protocols.Kind) []protocols.Kind {
	return protocoltest.Except(gossip.New(gossip.Default()), sent...)
}

func TestLaws(t *testing.T) {
	kinds := map[string][]protocols.Kind{
		"push":      {gossip.KindPush},
		"pull":      {gossip.KindPull, gossip.KindAnswer},
		"push-pull": {gossip.KindExchange, gossip.KindAnswer},
	}
	for _, mode := range []string{"push", "pull", "push-pull"} {
		for _, phase := range []string{"random", "synchronous"} {
			t.Run(mode+"-"+phase, func(t *testing.T) {
				c := gossip.Default()
				c.Mode, c.Phase, c.Interval = mode, phase, time.Second
				c.Interest, c.Feedback, c.K, c.Retention = "counter", true, 2, 10*time.Second
				protocoltest.TestProtocol(t, gossip.New(c), protocoltest.Setup{
					Duration: 30 * time.Second, Seeds: 2, Seal: protocoltest.Reseal, Unsent: unsent(append(kinds[mode], gossip.KindFeedback, gossip.KindPublish)...),
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

func TestLawsOfAntiEntropy(t *testing.T) {
	for _, mode := range []string{"push", "pull", "push-pull"} {
		t.Run(mode, func(t *testing.T) {
			c := gossip.Default()
			c.AntiEntropy = gossip.DefaultAntiEntropy()
			c.AntiEntropy.Mode, c.AntiEntropy.Interval, c.AntiEntropy.Tombstones = mode, time.Second, 8*time.Second
			c.AntiEntropy.Rumors = mode == "push"
			c.MaxMessageBytes = 1024
			sent := []protocols.Kind{gossip.KindSummary, gossip.KindDigest, gossip.KindDelta, gossip.KindPut}
			if c.AntiEntropy.Rumors {
				sent = append(sent, gossip.KindPush)
			}
			protocoltest.TestProtocol(t, gossip.New(c), protocoltest.Setup{
				Duration: 30 * time.Second, Seeds: 2, Seal: protocoltest.Reseal, Unsent: unsent(sent...),
				Inputs: []protocoltest.Input{
					{At: 1200 * time.Millisecond, To: 0, Message: gossip.NewPut("a", []byte("1"))},
					{At: 1300 * time.Millisecond, To: 1, Message: gossip.NewPut("b", make([]byte, 400))},
					{At: 1300 * time.Millisecond, To: 1, Message: gossip.NewPut("c", make([]byte, 400))},
					{At: 1300 * time.Millisecond, To: 1, Message: gossip.NewPut("d", make([]byte, 400))},
					{At: 5 * time.Second, To: 2, Message: gossip.NewDelete("a")},
					{At: 8 * time.Second, To: 3, Event: protocols.Event{Kind: protocols.ReadOnlyOn}},
					{At: 9 * time.Second, To: 3, Message: gossip.NewPut("a", nil)},
					{At: 15 * time.Second, To: 3, Event: protocols.Event{Kind: protocols.Reconcile, ID: 1}},
					{At: 18 * time.Second, To: 3, Event: protocols.Event{Kind: protocols.ReadOnlyOff}},
					{At: 21 * time.Second, To: 1, Message: gossip.NewPut("a", nil)},
				},
			})
		})
	}
}

func TestLawsOfAggregation(t *testing.T) {
	kinds := map[string][]protocols.Kind{
		"push-pull": {gossip.KindSwap, gossip.KindSwapped, gossip.KindRefusal, gossip.KindSet},
		"push-sum":  {gossip.KindGift, gossip.KindSet},
	}
	for _, exchange := range []string{"push-pull", "push-sum"} {
		for _, function := range []string{"average", "sum", "max"} {
			t.Run(function+"-"+exchange, func(t *testing.T) {
				c := aggregating(function, exchange)
				c.Aggregation.Interval, c.Aggregation.Epoch = 500*time.Millisecond, 8
				sent := kinds[exchange]
				protocoltest.TestProtocol(t, gossip.New(c), protocoltest.Setup{
					Nodes: 12, Duration: 20 * time.Second, Seeds: 2, Seal: protocoltest.Reseal, Unsent: unsent(sent...),
					Inputs: []protocoltest.Input{
						{At: time.Second, To: 0, Message: gossip.NewSet(17)},
						{At: 7 * time.Second, To: 1, Message: gossip.NewSet(-3)},
						{At: 8 * time.Second, To: 2, Message: gossip.NewSet(1 << 40)},
					},
				})
			})
		}
	}
}

// Whatever bytes decode encode to the same bytes, of the length that Size says.
func FuzzDecode(f *testing.F) {
	for _, m := range []protocols.Message{gossip.NewPublish([]byte("news")), gossip.NewPut("key", []byte("value")),
		gossip.NewDelete("key"), gossip.NewSet(-5)} {
		f.Add(m.AppendTo(nil))
	}
	for kind := range byte(14) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, gossip.New(gossip.Default()))
}
