package scenarios

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

func TestBehaviours(t *testing.T) {
	push := byzantine.Scope{Kinds: []string{"push"}}
	parts := byzantine.Strata{0, 4}
	for text, want := range map[string]any{
		"silent":                             &byzantine.Silent{},
		"silent, messages: [push]":           &byzantine.Silent{Scope: push},
		"drop, share: 25%, messages: [push]": &byzantine.Drop{Scope: push, Share: draw.Ratio(1, 4)},
		"delay, by: 3s":                      &byzantine.Delay{By: 3 * time.Second},
		"tamper":                             &byzantine.Tamper{Share: draw.Always},
		"replay":                             &byzantine.Replay{Every: 100 * time.Millisecond, Burst: 1},
		"replay, rate: 1/h":                  &byzantine.Replay{Every: time.Hour, Burst: 1},
		"flood":                              &byzantine.Flood{Every: time.Millisecond, Burst: 1},
		"lie, lie: poison":                   &byzantine.Lie{Name: "poison"},
		"equivocate, lie: poison":            &byzantine.Equivocate{Name: "poison", Sides: 2, Parts: parts},
		"equivocate, lie: wrong-version, sides: 5": &byzantine.Equivocate{Name: "wrong-version", Sides: 5, Parts: parts},
		"twice":              &byzantine.Twice{},
		"twice, lie: poison": &byzantine.Twice{Name: "poison"},
		"amnesia":            &byzantine.Amnesia{},
		"twins":              &byzantine.Twins{Parts: parts},
	} {
		got := config(t, "faults=[{at: 1s, byzantine: {nodes: core-1, behaviour: "+text+"}}]").Faults[0].Byzantine
		if !reflect.DeepEqual(got.Behaviour, want) {
			t.Errorf("%s is %+v, want %+v", text, got.Behaviour, want)
		}
		if got.To != nil || got.Protocol != "" || !reflect.DeepEqual(got.Nodes, sim.Selector{From: ids(1)}) {
			t.Errorf("%s strikes %+v", text, got)
		}
	}
}

// A high rate is kept to the microsecond, in bursts that are a millisecond apart
// at least.
func TestRateOfFlood(t *testing.T) {
	f := config(t, "faults=[{at: 1s, byzantine: {nodes: core-1, behaviour: flood, rate: 30000/s}}]").Faults[0].Byzantine.Behaviour.(*byzantine.Flood)
	if f.Every < time.Millisecond || f.Every > 2*time.Millisecond || f.Every/time.Duration(f.Burst) != time.Second/30000 {
		t.Errorf("%d messages each %v", f.Burst, f.Every)
	}
}

// Whom liars deceive is found when they are struck; to all is to everybody.
func TestWhomTheyDeceive(t *testing.T) {
	for text, want := range map[string]sim.Selector{
		"core":             {From: ids(0, 1, 2, 3)},
		"1/2 of core":      {From: ids(0, 1, 2, 3), Share: 1 << 63},
		"gossip.delivered": {Observed: "gossip.delivered"},
		"all":              {},
	} {
		got := config(t, "faults=[{at: 1s, byzantine: {nodes: edge, behaviour: silent, to: "+text+", protocol: gossip}}]").Faults[0].Byzantine
		if got.To == nil || !reflect.DeepEqual(*got.To, want) || got.Protocol != "gossip" {
			t.Errorf("%s is %+v", text, got.To)
		}
	}
}

// A liar that is found anew at a distance lies until it is.
func TestAdaptiveLiar(t *testing.T) {
	f := config(t, "faults=[{at: 1s, every: 2s, byzantine: {nodes: gossip.delivered, most: 3, behaviour: silent}}]").Faults[0]
	if f.Byzantine.Most != 3 || f.For != 2*time.Second || f.Byzantine.Nodes.Observed != "gossip.delivered" {
		t.Errorf("it is %+v", f)
	}
}

// The protocols of all groups are wrapped, so that all read each other's
// messages, and only where there are liars.
func TestWrapping(t *testing.T) {
	timers := func(c sim.Config) (names []string) {
		for _, g := range c.Groups {
			names = append(names, strings.Join(g.Stack[0].Timers, " "))
		}
		return names
	}
	for _, n := range timers(config(t, "faults=[{at: 1s, byzantine: {nodes: core-1, behaviour: silent}}]")) {
		if !strings.Contains(n, "byzantine") {
			t.Errorf("a group is not wrapped: %s", n)
		}
	}
	for _, n := range timers(config(t, "faults=[{at: 1s, crash: core-1}]")) {
		if strings.Contains(n, "byzantine") {
			t.Errorf("a group is wrapped: %s", n)
		}
	}
}
