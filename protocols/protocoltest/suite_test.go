package protocoltest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
)

func pingerSetup() Setup {
	return Setup{Duration: 20 * time.Second, Seal: Reseal, Inputs: []Input{
		{At: time.Second, To: 0, Message: &number{ping, 1 << 20, ""}},
		{At: 2 * time.Second, To: 1, Event: protocols.Event{Kind: protocols.PeerUp, Node: 2}},
	}}
}

func TestHonestProtocolPasses(t *testing.T) {
	TestProtocol(t, newPinger(""), pingerSetup())
}

// Each fault is found, and by the law that speaks of it.
func TestMutants(t *testing.T) {
	tests := []struct {
		fault string
		law   Law
	}{
		{"keeps Env", EnvNotKept},
		{"keeps a slice", EnvNotKept},
		{"mutates what it sent", Immutable},
		{"mutates what it gets", Immutable},
		{"shares state", Repeatable},
		{"depends on its neighbours in New", Repeatable},
		{"floods", Bounded},
		{"sends to nobody", Description}, // the cluster has no such node
		{"sends values", Codec},
		{"lying size", Codec},
		{"overwriting AppendTo", Codec},
		{"lossy Decode", Codec},
		{"careless Decode", Hostile},
		{"lax Decode", Hostile},
		{"panics at large numbers", Hostile},
		{"believes kinds", Unknown},
		{"curious about timers", Unknown},
		{"curious about events", Unknown},
		{"amnesia", Checked},
		{"panics at a bad disk", BadDisk},
		{"trusts its disk", BadDisk},
		{"sends what it could not note", BadDisk},
	}
	for _, tc := range tests {
		t.Run(strings.ReplaceAll(tc.fault, " ", "-"), func(t *testing.T) {
			var others []string
			for _, b := range Check(newPinger(tc.fault), pingerSetup()) {
				if b.Law == tc.law {
					return
				}
				others = append(others, fmt.Sprintf("%s: %.200s", b.Law, b.Text))
			}
			t.Errorf("law %s is not found broken; found were %q", tc.law, others)
		})
	}
}

func TestDescriptionLaw(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(p *protocols.Protocol)
	}{
		{"no name", func(p *protocols.Protocol) { p.Name = "" }},
		{"no decoder", func(p *protocols.Protocol) { p.Decode = nil }},
		{"same kind twice", func(p *protocols.Protocol) { p.Kinds = []string{"ping", "ping"} }},
		{"metric without unit", func(p *protocols.Protocol) { p.Metrics = []protocols.MetricSpec{{Name: "m", Doc: "d"}} }},
		{"unlisted metric", func(p *protocols.Protocol) { p.Probe = newChatterProbe }},
	}
	for _, tc := range tests {
		p := newPinger("")
		tc.spoil(p)
		found := false
		for _, b := range Check(p, pingerSetup()) {
			found = found || b.Law == Description
		}
		if !found {
			t.Errorf("%s: not found", tc.name)
		}
	}
}

// chatter is a probe that records what it does not list.
type chatter struct{}

func newChatterProbe(protocols.ProbeConfig) protocols.Probe { return chatter{} }

func (chatter) Wants() []protocols.ObservationKind               { return nil }
func (chatter) Observe(protocols.Observed)                       {}
func (chatter) Sample(at protocols.Time, out *protocols.Figures) { out.Point("noise", at, 1) }
func (chatter) Finish(protocols.RunTotals, *protocols.Figures)   {}

func TestConversation(t *testing.T) {
	Conversation{
		New: func(words []string) (*protocols.Protocol, error) {
			return newPinger(strings.Join(words, " ")), nil
		},
		Message: func(words []string) (protocols.Message, error) {
			m := &number{kind: ping}
			_, err := fmt.Sscan(strings.Join(words, " "), &m.value)
			return m, err
		},
	}.Run(t, "testdata/*.txt")
}

func TestParseScript(t *testing.T) {
	steps, rest, err := parseScript("x", "# a\n\none two\nthree\n----\nout\nput\n\nfour\n----\n\n# end\n")
	if err != nil || len(steps) != 2 || rest != "\n# end\n" && rest != "# end\n" {
		t.Fatalf("%+v %q %v", steps, rest, err)
	}
	if s := steps[0]; s.before != "# a\n\n" || s.command != "one two\nthree\n" || s.line != 3 || s.output != "out\nput\n" {
		t.Errorf("first step %+v", s)
	}
	if s := steps[1]; s.command != "four\n" || s.output != "" {
		t.Errorf("second step %+v", s)
	}
	if _, _, err := parseScript("x", "command\n\n"); err == nil || err.Error() != "x:1: command without ----" {
		t.Errorf("error %v", err)
	}
}
