package pbft_test

import (
	"bytes"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
	"meshsim/protocols/pbft"
	"meshsim/protocols/protocoltest"
)

// A lie differs from the truth, equal variants are equal and others differ where
// they can, each can be sent, and the truth stays as it is.
func TestLies(t *testing.T) {
	for _, a := range []string{pbft.Signatures, pbft.MACs} {
		k := small(a)
		p := pbft.New(k)
		told := map[string]int{}
		env := &protocols.Env{Crypto: keys.Costed(1), Costs: &keys.Measured}
		inner := p.New
		p.New = func(w protocols.World, list []protocols.NodeID) protocols.Nodes {
			nodes, out := inner(w, list), protocols.NodeList{}
			for i := range nodes.Len() {
				out = append(out, &overhearer{nodes.At(i), func(self protocols.NodeID, m protocols.Message) {
					env.Reset(self, 0, 0, nil)
					tellLies(t, p, env, m, told)
				}})
			}
			return out
		}
		for seed := range uint64(6) {
			cluster := protocoltest.NewCluster(p, 6, protocoltest.Options{Seed: seed, Loss: draw.Ratio(1, 5)})
			cluster.Run(time.Second)
		}
		for _, l := range p.Lies {
			if told[l.Name] == 0 {
				t.Errorf("%s: nothing was there to tell %s of", a, l.Name)
			}
		}
	}
}

// overhearer shows what a node sends.
type overhearer struct {
	protocols.Node
	show func(self protocols.NodeID, m protocols.Message)
}

func (x *overhearer) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	x.Node.Receive(env, from, m)
	for _, s := range env.Sends {
		x.show(env.Self, s.Message)
	}
}

func tellLies(t *testing.T, p *protocols.Protocol, env *protocols.Env, m protocols.Message, told map[string]int) {
	truth := m.AppendTo(nil)
	for lie, spec := range p.Lies {
		one := p.Alter(env, uint8(lie), 1, m)
		if one == nil || told[spec.Name] > 200 {
			continue
		}
		told[spec.Name]++
		b := one.AppendTo(nil)
		if bytes.Equal(b, truth) || one.Kind() != m.Kind() {
			t.Errorf("%s: %v is told as it is", spec.Name, m)
		}
		if back, err := p.Decode(b); err != nil || !bytes.Equal(back.AppendTo(nil), b) || one.Size() != len(b) {
			t.Errorf("%s: %v cannot be sent: %v", spec.Name, one, err)
		}
		if again := p.Alter(env, uint8(lie), 1, m); !bytes.Equal(again.AppendTo(nil), b) {
			t.Errorf("%s: %v is told differently the second time", spec.Name, m)
		}
		if two := p.Alter(env, uint8(lie), 2, m); two == nil || bytes.Equal(two.AppendTo(nil), b) && spec.Name != "omit-prepared" {
			t.Errorf("%s: another variant of %v is the same", spec.Name, m)
		}
	}
	if !bytes.Equal(m.AppendTo(nil), truth) {
		t.Errorf("%v was changed", m)
	}
}
