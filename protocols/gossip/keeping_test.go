package gossip

import (
	"testing"

	"meshsim/protocols"
)

// A write is lost if nobody who is up has it or a newer one of its key.
func TestNoLostWrite(t *testing.T) {
	see := func(node protocols.NodeID, kind protocols.ObservationKind, item, version uint64) protocols.Observed {
		return protocols.Observed{Node: node, Protocol: "gossip", Observation: protocols.Observation{Kind: kind, Key: item, Value: version}}
	}
	kernel := func(node protocols.NodeID, kind protocols.ObservationKind) protocols.Observed {
		return protocols.Observed{Node: node, Protocol: protocols.NodeProtocol, Observation: protocols.Observation{Kind: kind}}
	}
	made := []protocols.Observed{see(0, Written, 7, 100), see(0, Applied, 7, 100)}
	for name, c := range map[string]struct {
		more            []protocols.Observed
		lost, undecided bool
	}{
		"its writer has it":                 {},
		"another has it":                    {more: []protocols.Observed{see(1, Applied, 7, 100), kernel(0, protocols.NodeDown)}},
		"nobody has it":                     {more: []protocols.Observed{kernel(0, protocols.NodeDown), kernel(0, protocols.NodeUp)}, lost: true},
		"its writer is down":                {more: []protocols.Observed{kernel(0, protocols.NodeDown)}, undecided: true},
		"its writer got it back":            {more: []protocols.Observed{kernel(0, protocols.NodeDown), kernel(0, protocols.NodeUp), see(0, Applied, 7, 100)}},
		"a newer one replaced it":           {more: []protocols.Observed{see(1, Written, 7, 200), see(1, Applied, 7, 200), kernel(0, protocols.NodeDown)}},
		"the newer one is lost":             {more: []protocols.Observed{see(1, Written, 7, 200), see(1, Applied, 7, 200), kernel(1, protocols.NodeDown), kernel(1, protocols.NodeUp)}, lost: true},
		"an older one was written later":    {more: []protocols.Observed{see(1, Written, 7, 50)}},
		"another has an older one of these": {more: []protocols.Observed{see(1, Applied, 7, 50), kernel(0, protocols.NodeDown), kernel(0, protocols.NodeUp)}, lost: true},
	} {
		checker := keeping[1].New(protocols.ProbeConfig{Nodes: 3, Members: []protocols.NodeID{0, 1, 2}})
		for _, o := range append(made, c.more...) {
			if text := checker.Observe(o); text != "" {
				t.Errorf("%s: %s", name, text)
			}
		}
		violation, undecided := checker.(protocols.Finisher).Finish(0)
		if (violation != "") != c.lost || (undecided != "") != c.undecided {
			t.Errorf("%s: violated %q, undecided %q", name, violation, undecided)
		}
	}
}
