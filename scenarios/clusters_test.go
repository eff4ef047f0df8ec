package scenarios

import (
	"context"
	"strings"
	"testing"
)

const clusters = `
meshsim: 1
name: clusters
run: {duration: 4s, repeat: 2}
nodes:
  a: {count: 4, protocols: {pbft: {}}}
  b: {count: 7, protocols: {pbft: {window: 400, tentative: true}}}
  ca: {count: 2, protocols: {pbft: {cluster: a, client: {think: 20ms, keys: 20, stop: 3s}}}}
  cb: {count: 3, protocols: {pbft: {cluster: b, client: {think: 20ms, keys: 20, stop: 3s}}}}
network: {default: {latency: 5ms}}
`

// Clusters side by side have numbers, keys and quorums of their own; each is
// watched, and they are not taken for one.
func TestClustersSideBySide(t *testing.T) {
	const safe = "expect.always=[pbft.agreement, pbft.order, pbft.validity, pbft.certificates, pbft.checkpoints, pbft.watermarks, pbft.replies, pbft.linearizable]"
	for name, overrides := range map[string][]string{
		"honest":           {safe, "expect.eventually=[pbft.completed >= 100% within 500ms]"},
		"liars in the one": {"expect.violated=[pbft.agreement]", "faults=[{at: 1s, byzantine: {nodes: a-0..a-1, behaviour: equivocate, lie: equivocate}}]"},
		"in the other":     {"expect.violated=[pbft.agreement]", "faults=[{at: 1s, byzantine: {nodes: b-0..b-2, behaviour: equivocate, lie: equivocate}}]"},
	} {
		study, err := Run(context.Background(), mustParse(t, clusters, overrides...), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range study.Verdicts {
			if v.Outcome != Holds {
				t.Errorf("%s: %s is %s: %s\n%s", name, v.Property, v.Outcome, v.Text, v.Detail)
			}
		}
	}
}

// Clients know what their replicas are configured to do, wherever it is written.
func TestClientsOfConfiguredReplicas(t *testing.T) {
	s := mustParse(t, clusters)
	for i, window := range []int{256, 400, 256, 400} {
		p := s.Nodes[i].Value.Protocols.Value.PBFT
		if p.Window != window || p.Tentative != (window == 400) || (p.Client != nil) != (i >= 2) {
			t.Errorf("%s has a window of %d, tentative %t", s.Nodes[i].Key, p.Window, p.Tentative)
		}
	}
	_, err := Parse("x.yaml", []byte(clusters), []string{"nodes.ca.protocols.pbft.window=300", "nodes.cb.protocols.pbft.window=400"})
	if err == nil || strings.Count(err.Error(), "affair") != 1 || !strings.Contains(err.Error(), "write it in a") {
		t.Errorf("window of clients: %v", err)
	}
}

// One cluster orders what a mesh decides on.
func TestWhoOrdersDecisions(t *testing.T) {
	for override, want := range map[string]string{
		"nodes.a.protocols.decision={}":                                 "",
		"nodes.ca.protocols.decision={}":                                "nobody orders the proposals",
		"protocols.decision={}":                                         "the clusters a and b would each order",
		"nodes.a.protocols={pbft: {}, raft: {}, decision: {retry: 1s}}": "both raft and pbft would order",
	} {
		_, err := Parse("x.yaml", []byte(clusters), []string{override})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", override, err, want)
		}
	}
}

// A load that would never come, or a ramp whose end would not, is refused.
func TestLoadsBeyondTheRun(t *testing.T) {
	const load = "nodes.ca.protocols.pbft.client="
	for override, want := range map[string]string{
		"{start: 4s}": "client.start: 4s is not before the end of the run at 4s",
		"{ramp: {steps: 4, every: 1s}, start: 500ms}":           "",
		"{ramp: {steps: 4, every: 1s}, start: 1s}":              "client.ramp: its last step would begin at 4s",
		"{ramp: {steps: 3, every: 1s}, start: 500ms, stop: 2s}": "client.ramp: its last step would begin at 2.5s",
	} {
		_, err := Parse("x.yaml", []byte(clusters), []string{load + override})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", override, err, want)
		}
	}
}

// Properties of a cluster that nobody asks anything were not put to the test.
func TestLinearizableWithoutClients(t *testing.T) {
	s := mustParse(t, clusters, "nodes={r: {count: 3, protocols: {raft: {}}}}", "expect.always=[raft.linearizable, raft.election-safety]")
	study, err := Run(context.Background(), s, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a, b := study.Verdicts[0], study.Verdicts[1]; a.Outcome != Undecided || b.Outcome != Holds {
		t.Errorf("linearizable is %s, election-safety %s", a.Outcome, b.Outcome)
	}
}
