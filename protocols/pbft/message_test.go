package pbft

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/wire"
)

// samples are wire forms of messages of all kinds, as a small cluster sends them.
func samples(authentication string) (list [][]byte) {
	c := Default()
	c.Authentication = authentication
	c.Checkpoint, c.Window, c.InFlight = 2, 4, 2
	c.ViewTimeout, c.Retransmit = 20*time.Millisecond, 10*time.Millisecond
	c.Client = client.Default()
	c.Client.Closed.Think, c.Client.Timeout, c.Client.Payload = 30*time.Millisecond, 40*time.Millisecond, 2
	c.Replicas = []protocols.NodeID{0, 1, 2, 3}
	p := New(c)
	seen := map[protocols.Kind]int{}
	inner := p.New
	p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes, out := inner(w, ids), protocols.NodeList{}
		for i := range nodes.Len() {
			out = append(out, &tap{nodes.At(i), func(m protocols.Message) {
				if seen[m.Kind()]++; seen[m.Kind()] <= 4 {
					list = append(list, m.AppendTo(nil))
				}
			}})
		}
		return out
	}
	cluster := protocoltest.NewCluster(p, 6, protocoltest.Options{Seed: 1, Loss: draw.Ratio(1, 8)})
	cluster.Run(4 * time.Second)
	return list
}

// tap shows what a node receives.
type tap struct {
	protocols.Node
	show func(m protocols.Message)
}

func (x *tap) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	x.show(m)
	x.Node.Receive(env, from, m)
}

// Whatever bytes arrive, decode returns an error or a message that is written as
// just these bytes. The checksum is made right, so that the rest is reached.
func FuzzDecode(f *testing.F) {
	for _, b := range slices.Concat(samples(Signatures), samples(MACs)) {
		f.Add(b[:len(b)-wire.ChecksumSize])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		b := wire.AppendChecksum(bytes.Clone(body), 0)
		m, err := decode(b)
		if err != nil {
			return
		}
		if got := m.AppendTo(nil); !bytes.Equal(got, b) || m.Size() != len(b) {
			t.Fatalf("%x decodes as %v of %d bytes, which is written %x", b, m, m.Size(), got)
		}
	})
}

// A message's digest covers its kind and all its fields: no two of a run have one
// in common.
func TestDigests(t *testing.T) {
	seen := map[protocols.Digest]string{}
	for _, b := range samples(Signatures) {
		m, err := decode(b)
		if err != nil {
			t.Fatal(err)
		}
		d, ok := m.(interface{ Digest() protocols.Digest })
		if !ok {
			continue // known by the digest of what it brings
		}
		text := string(b)
		if other, known := seen[d.Digest()]; known && other != text {
			t.Errorf("%v and another message have one digest", m)
		}
		seen[d.Digest()] = text
	}
}
