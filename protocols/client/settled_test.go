package client

import (
	"testing"
	"time"

	"meshsim/protocols"
)

// Nothing is left to reach once the clients have stopped and all is answered.
func TestSettled(t *testing.T) {
	c := Default()
	c.Stop = 10 * time.Second
	p := NewProbe(c, Base{}, protocols.ProbeConfig{Nodes: 2})
	var out protocols.Figures
	at := func(s int) protocols.Time { return protocols.Time(s) * protocols.Time(time.Second) }
	see := func(s int, kind protocols.ObservationKind) {
		p.Observe(protocols.Observed{At: at(s), Node: 1, Observation: protocols.Observation{Kind: kind, Key: 1}})
	}
	for _, x := range []struct {
		what func()
		want bool
	}{
		{func() { p.Sample(at(1), &out) }, false}, // nothing was asked yet
		{func() { see(2, asked) }, false},
		{func() { see(3, returned); p.Sample(at(4), &out) }, false}, // more may come
		{func() { p.Sample(at(11), &out) }, true},
	} {
		if x.what(); p.Settled() != x.want {
			t.Errorf("at %v: settled is %v", time.Duration(p.sampled), p.Settled())
		}
	}
	c.Stop, c.Operations = 0, 1
	p = NewProbe(c, Base{}, protocols.ProbeConfig{Nodes: 2})
	if see(2, asked); p.Settled() {
		t.Error("settled before the answer")
	}
	if see(3, returned); !p.Settled() {
		t.Error("not settled after the last answer")
	}
}
