package heartbeat_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/protocoltest"
)

// unsent lists all kinds but these.
func unsent(sent ...protocols.Kind) []protocols.Kind {
	return protocoltest.Except(heartbeat.New(heartbeat.Default()), sent...)
}

// with is the default with changes.
func with(change func(c *heartbeat.Config)) heartbeat.Config {
	c := heartbeat.Default()
	c.Interval, c.Timeout = time.Second, 4*time.Second
	change(&c)
	return c
}

var (
	beating = []protocols.Kind{heartbeat.KindBeat, heartbeat.KindPing, heartbeat.KindAccuse, heartbeat.KindConfirm, heartbeat.KindVerdict, heartbeat.KindRevival}
	probing = []protocols.Kind{heartbeat.KindProbe, heartbeat.KindAck, heartbeat.KindIndirect, heartbeat.KindSync, heartbeat.KindState}
)

// announced tells all nodes of all others.
func announced(nodes int) (list []protocoltest.Input) {
	for to := range protocols.NodeID(nodes) {
		for id := range protocols.NodeID(nodes) {
			if id != to {
				list = append(list, protocoltest.Input{At: time.Second, To: to, Event: protocols.Event{Kind: protocols.PeerUp, Node: id}})
			}
		}
	}
	// Node 1 restarts and is told anew.
	for _, id := range []protocols.NodeID{0, 2, 3, 4} {
		list = append(list, protocoltest.Input{At: 42 * time.Second, To: 1, Event: protocols.Event{Kind: protocols.PeerUp, Node: id}})
	}
	for i, kind := range []protocols.EventKind{protocols.PeerFailed, protocols.PeerBack, protocols.PeerLeft} {
		list = append(list, protocoltest.Input{At: time.Duration(50+i) * time.Second, To: 2, Event: protocols.Event{Kind: kind, Node: 4}})
	}
	return list
}

func TestLaws(t *testing.T) {
	local := beating[:5] // nobody else is told
	alone := []protocols.Kind{heartbeat.KindBeat}
	for _, c := range []struct {
		name   string
		config heartbeat.Config
		sent   []protocols.Kind
		inputs []protocoltest.Input
	}{
		{"fixed-ring", with(func(c *heartbeat.Config) {}), beating, nil},
		{"nfd-s-random", with(func(c *heartbeat.Config) { c.Detector, c.Monitoring = "nfd-s", "random" }), beating, nil},
		{"nfd-e-members", with(func(c *heartbeat.Config) { c.Detector, c.Confirm, c.K = "nfd-e", "members", 2 }), beating, nil},
		{"phi-all", with(func(c *heartbeat.Config) { c.Detector, c.Monitoring = "phi", "all" }), []protocols.Kind{heartbeat.KindBeat, heartbeat.KindAccuse, heartbeat.KindConfirm, heartbeat.KindVerdict}, nil},
		{"alone", with(func(c *heartbeat.Config) { c.Monitoring, c.Confirm = "all", "none" }), alone, nil},
		{"neighbours", with(func(c *heartbeat.Config) { c.Watch = "neighbours" }), local, nil},
		{"announced", with(func(c *heartbeat.Config) { c.Watch = "announced" }), local, announced(5)},
		{"swim", with(func(c *heartbeat.Config) { c.Detector = "swim" }), probing, nil},
		{"swim-lifeguard", with(func(c *heartbeat.Config) { c.Detector, c.SWIM.Lifeguard = "swim", heartbeat.DefaultLifeguard() }), append(probing, heartbeat.KindNack), nil},
		{"swim-announced", with(func(c *heartbeat.Config) { c.Detector, c.Watch, c.SWIM.Targets = "swim", "announced", "random" }), probing, announced(5)},
	} {
		t.Run(c.name, func(t *testing.T) {
			protocoltest.TestProtocol(t, heartbeat.New(c.config), protocoltest.Setup{
				Seeds: 2, Seal: protocoltest.Reseal, Unsent: unsent(c.sent...), Inputs: c.inputs,
			})
		})
	}
}

// Whatever bytes decode encode to the same bytes, of the length that Size says.
func FuzzDecode(f *testing.F) {
	for kind := range byte(13) {
		f.Add([]byte{kind, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0})
		f.Add(append([]byte{kind}, make([]byte, 100)...))
	}
	protocoltest.FuzzDecode(f, heartbeat.New(heartbeat.Default()))
}
