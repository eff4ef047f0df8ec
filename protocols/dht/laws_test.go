package dht_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/dht"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
)

func TestLaws(t *testing.T) {
	for name, edit := range map[string]func(c *dht.Config){
		"join":      func(c *dht.Config) { c.Ring, c.Spread = "join", 2*time.Second },
		"virtual":   func(c *dht.Config) { c.Virtual = 3 },
		"recursive": func(c *dht.Config) { c.Lookup = "recursive" },
		"full":      func(c *dht.Config) { c.Table = "full" },
	} {
		t.Run(name, func(t *testing.T) {
			k := dht.Default()
			k.Successors, k.Copies, k.Attempts, k.Merge = 3, 2, 4, 5*time.Second
			edit(&k)
			var inputs []protocoltest.Input
			for i := range 40 {
				at, to := time.Duration(15+i)*time.Second, protocols.NodeID(i*5%12)
				m := []*dht.Message{dht.NewWrite(draw.Mix(uint64(i/3)), []byte("v")), dht.NewRead(draw.Mix(uint64(i / 3))), dht.NewLookup(draw.Mix(uint64(i)))}[i%3]
				inputs = append(inputs, protocoltest.Input{At: at, To: to, Message: m})
			}
			inputs = append(inputs,
				protocoltest.Input{At: 55 * time.Second, To: 4, Event: protocols.Event{Kind: protocols.PeerFailed, Node: 5}},
				protocoltest.Input{At: 56 * time.Second, To: 4, Event: protocols.Event{Kind: protocols.PeerBack, Node: 5}},
				protocoltest.Input{At: 57 * time.Second, To: 6, Event: protocols.Event{Kind: protocols.ReadOnlyOn}},
				protocoltest.Input{At: 58 * time.Second, To: 6, Message: dht.NewWrite(1, []byte("no"))},
				protocoltest.Input{At: 70 * time.Second, To: 3, Message: dht.NewDepart()})
			protocoltest.TestProtocol(t, dht.New(k), protocoltest.Setup{
				Nodes: 12, Duration: 90 * time.Second, Seal: protocoltest.Reseal, Inputs: inputs, Unsent: unsent(k), Seeds: 2,
			})
		})
	}
}

// unsent are the kinds that nobody sends.
func unsent(c dht.Config) []protocols.Kind {
	list := []protocols.Kind{dht.KindLookup, dht.KindRead, dht.KindWrite, dht.KindDepart}
	if c.Lookup == "iterative" {
		list = append(list, dht.KindRoute, dht.KindRouted, dht.KindFound)
	}
	if c.Table == "fingers" {
		list = append(list, dht.KindChange)
	}
	return list
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	f.Add(dht.NewWrite(7, []byte("value")).AppendTo(nil))
	for kind := range byte(22) {
		f.Add(append(append([]byte{kind}, make([]byte, 32)...), 0, 0, 0, 0))
		f.Add(append(append([]byte{kind, 1, 2, 3, 4, 1, 0, 1, 0, 1}, make([]byte, 48)...), 0, 0, 0, 0))
	}
	protocoltest.FuzzDecode(f, dht.New(dht.Default()))
}
