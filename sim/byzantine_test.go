package sim

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
)

func silent(f Byzantine) Config {
	f.Behaviour = &byzantine.Silent{}
	return Config{Duration: time.Second, Groups: []Group{{Name: "group", Count: 5, Stack: []*protocols.Protocol{byzantine.Wrap(chatter(edit{}), nil)}}},
		Faults: []Fault{{Name: "liars", At: 100 * time.Millisecond, Byzantine: &f}}}
}

func TestByzantineFaultsThatCannotBe(t *testing.T) {
	for want, change := range map[string]func(c *Config){
		`fault "liars": its nodes have no behaviour`:         func(c *Config) { c.Faults[0].Byzantine.Behaviour = nil },
		`fault "liars": no node runs the protocol "raft"`:    func(c *Config) { c.Faults[0].Byzantine.Protocol = "raft" },
		`fault "liars": no protocol observes the role "a.b"`: func(c *Config) { c.Faults[0].Byzantine.To = &Selector{Observed: "a.b"} },
		`fault "liars": node 7`:                              func(c *Config) { c.Faults[0].Byzantine.To = &Selector{From: []protocols.NodeID{7}} },
		"it has 2 verbs":                                     func(c *Config) { c.Faults[0].Pause = &Pause{} },
	} {
		c := silent(Byzantine{})
		change(&c)
		if _, err := Run(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

// Who forgets to wrap is told.
func TestByzantineWithoutWrapper(t *testing.T) {
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, `fault "liars" makes node 0 Byzantine, but its chatter is not wrapped`) {
			t.Errorf("panic: %v", text)
		}
	}()
	c := silent(Byzantine{})
	c.Groups[0].Stack = []*protocols.Protocol{chatter(edit{})}
	Run(c)
}

// A role that nobody holds yet makes nobody Byzantine; later its holder is, and
// whoever holds it when the fault strikes again.
func TestByzantineRole(t *testing.T) {
	c := silent(Byzantine{Nodes: Selector{Observed: "chatter.lead"}})
	c.Faults[0].At, c.Faults[0].For, c.Faults[0].Every = 0, 50*time.Millisecond, 100*time.Millisecond
	r := mustRun(t, c)
	struck := 0
	for i, s := range r.Spans {
		if i == 0 && s.Nodes != 0 || s.Nodes > 1 {
			t.Errorf("stroke %d makes %d nodes Byzantine", i, s.Nodes)
		}
		struck += s.Nodes
	}
	if len(r.Spans) != 10 || struck < 8 {
		t.Errorf("%d strokes make %d nodes Byzantine", len(r.Spans), struck)
	}
}

// An adversary with a budget strikes the first two that hold the role, whenever
// they do, and nobody else.
func TestByzantineBudget(t *testing.T) {
	c := silent(Byzantine{Nodes: Selector{Observed: "chatter.lead"}, Most: 2})
	c.Duration = 10 * time.Second
	c.Faults[0].For, c.Faults[0].Every = 50*time.Millisecond, 100*time.Millisecond
	tr := &struck{}
	c.Trace = tr
	r := mustRun(t, c)
	strokes := 0
	for _, s := range r.Spans {
		strokes += s.Nodes
	}
	if len(tr.nodes) != 2 || strokes <= 2 || strokes == len(r.Spans) {
		t.Errorf("%d of %d strokes hit, the nodes %v; want 2 nodes, again and again", strokes, len(r.Spans), tr.nodes)
	}
}

// struck notes who is made Byzantine.
type struck struct{ nodes []protocols.NodeID }

func (x *struck) Trace(events []TraceEvent) {
	for _, e := range events {
		if e.What == TraceByzantine && !slices.Contains(x.nodes, e.Node) {
			x.nodes = append(x.nodes, e.Node)
		}
	}
}
