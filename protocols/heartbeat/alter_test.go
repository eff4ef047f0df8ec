package heartbeat_test

import (
	"bytes"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/heartbeat"
	"meshsim/protocols/keys"
)

// first is what a node of three sends when its first interval begins.
func first(t *testing.T, c heartbeat.Config, env *protocols.Env) protocols.Message {
	t.Helper()
	p := heartbeat.New(c)
	n := p.New(protocols.World{Nodes: 3, Members: []protocols.NodeID{0, 1, 2}}, []protocols.NodeID{0}).At(0)
	env.Reset(0, 0, 1, &protocols.Disk{})
	n.Start(env)
	env.Reset(0, 10e9, 2, &protocols.Disk{})
	n.Expire(env, protocols.Timer(0, 0))
	if len(env.Sends) == 0 {
		t.Fatal("it sends nothing")
	}
	return env.Sends[0].Message
}

// Lies leave the truth as it is, decode, and are about the node behind the liars.
func TestLies(t *testing.T) {
	env := &protocols.Env{Crypto: keys.Costed(1), Costs: &protocols.CryptoCosts{}}
	swim := heartbeat.Default()
	swim.Detector = "swim"
	for _, c := range []struct {
		config heartbeat.Config
		lie    string
		want   string
	}{
		{heartbeat.Default(), "accuse", "accuse 1/1073741823 by 0"},
		{heartbeat.Default(), "frame", "verdict 1/1000 signed by 1 members"},
		{heartbeat.Default(), "withhold", ""},
		{swim, "accuse", "swim-ping 1 of 2 for 0, failed 1/17"},
		{swim, "withhold", ""},
		{swim, "frame", ""},
	} {
		m := first(t, c.config, env)
		before := m.AppendTo(nil)
		p := heartbeat.New(c.config)
		for i, l := range p.Lies {
			if l.Name != c.lie {
				continue
			}
			lie := p.Alter(env, uint8(i), 1, m)
			if (lie == nil) != (c.want == "") {
				t.Fatalf("%s of %v is %v", c.lie, m, lie)
			}
			if lie == nil {
				continue
			}
			if got := lie.(interface{ String() string }).String(); got != c.want {
				t.Errorf("%s of %v is %s, want %s", c.lie, m, got, c.want)
			}
			if _, err := p.Decode(lie.AppendTo(nil)); err != nil {
				t.Errorf("%s of %v: %v", c.lie, m, err)
			}
		}
		if !bytes.Equal(before, m.AppendTo(nil)) {
			t.Errorf("%s changes %v", c.lie, m)
		}
	}
}
