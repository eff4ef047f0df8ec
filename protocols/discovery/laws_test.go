package discovery_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/discovery"
	"meshsim/protocols/protocoltest"
)

// busy is a configuration in which a few nodes send messages of all kinds.
func busy() discovery.Config {
	c := discovery.Default()
	c.Seeds = []protocols.NodeID{0, 4}
	c.DegreeMin, c.DegreeMax, c.Passive, c.JoinLimit = 2, 3, 6, 2
	c.ActiveWalk, c.PassiveWalk = 3, 2
	c.Shuffle, c.KeepAlive, c.Timeout, c.Announce, c.Lifetime = 2*time.Second, time.Second, 3*time.Second, 5*time.Second, 20*time.Second
	c.Merge = 10 * time.Second
	c.Optimise = &discovery.Optimise{Interval: time.Second, From: 3 * time.Second}
	return c
}

func TestLaws(t *testing.T) {
	full := busy()
	full.View, full.Optimise = "full", nil
	watched := busy()
	watched.Detector = true
	inputs := []protocoltest.Input{
		{At: 12 * time.Second, To: 3, Message: discovery.NewLeave()},
		{At: 25 * time.Second, To: 3, Message: discovery.NewEnter()},
		{At: 30 * time.Second, To: 5, Event: protocols.Event{Kind: protocols.PeerFailed, Node: 6}},
		{At: 31 * time.Second, To: 5, Event: protocols.Event{Kind: protocols.PeerBack, Node: 6}},
		{At: 50 * time.Second, To: 4, Message: discovery.NewLeave()},
	}
	for name, c := range map[string]discovery.Config{"partial": busy(), "full": full, "watched": watched} {
		t.Run(name, func(t *testing.T) {
			protocoltest.TestProtocol(t, discovery.New(c), protocoltest.Setup{
				Nodes: 12, Duration: time.Minute, Seal: protocoltest.Reseal, Inputs: inputs,
				Unsent: unsent(c),
			})
		})
	}
}

// unsent are the kinds that nobody sends: what comes from outside, and what
// a full view has no use for. In a network of one latency nothing is nearer.
func unsent(c discovery.Config) []protocols.Kind {
	list := []protocols.Kind{discovery.KindLeave, discovery.KindEnter, discovery.KindSwap, discovery.KindReplace, discovery.KindSwitch,
		discovery.KindSwitched, discovery.KindReplaced, discovery.KindSwapped, discovery.KindProof}
	if c.View == "full" {
		list = append(list, discovery.KindReject, discovery.KindDisconnect, discovery.KindProbed)
	}
	return list
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	f.Add(discovery.NewLeave().AppendTo(nil))
	for kind := range byte(24) {
		f.Add(append(append([]byte{kind, 1, 1, 1, 1, 1, 1, 1}, make([]byte, 64)...), 0, 0, 0, 0, 0, 0))
		f.Add(append(append([]byte{kind, 1, 1, 0, 1, 1}, make([]byte, 64)...), 1, 3, 9, 0, 0, 0, 0))
	}
	protocoltest.FuzzDecode(f, discovery.New(discovery.Default()))
}
