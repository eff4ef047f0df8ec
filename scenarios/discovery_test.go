package scenarios

import (
	"context"
	"slices"
	"strings"
	"testing"

	"meshsim/protocols"
)

const joining = `
meshsim: 1
name: joining
run: {duration: 100s, repeat: 2}
nodes: {seed: {count: 2}, node: {count: 58}}
network: {default: {latency: 20ms, loss: 1%}}
protocols:
  discovery: {seeds: seed, timeout: 6s}
expect:
  always: [discovery.degree-bound, discovery.symmetric, discovery.fresh, discovery.unforged]
  thresholds: {discovery.connectivity: ["final >= 100%"]}
`

// Discovery serves and is served by what else runs on its nodes: with heartbeat that
// says who has failed, gossip reaches all who are left over links alone.
func TestDiscoveryInAStack(t *testing.T) {
	const crash = "faults=[{at: 30s, for: 30s, crash: 30% of node}]"
	const rumors = "workload=[{publish: {from: seed, rate: 1/s}, start: 10s, stop: 90s}]"
	const informed = "expect.eventually=[gossip.coverage >= 100% within 60s]"
	const gossip = "protocols.gossip={peers: membership, mode: push-pull, fanout: 2, interval: 1s}"
	for name, overrides := range map[string][]string{
		"alone":          {crash},
		"gossip":         {crash, rumors, informed, gossip},
		"heartbeat":      {crash, rumors, informed, gossip, "protocols.heartbeat={watch: announced}"},
		"full view":      {crash, "protocols.discovery.view=full"},
		"leave":          {"workload=[{leave: node-0..node-19, start: 30s}]", "expect.thresholds={discovery.joined: [final >= 100%], discovery.dead_links: [final <= 0%]}"},
		"leave and back": {"workload=[{leave: {nodes: node, rate: 2/s}, start: 20s, stop: 40s}, {enter: node, start: 50s}]", "expect.eventually=[discovery.joined >= 100% within 60s]"},
		"optimise":       {"protocols.discovery.optimise={from: 10s}"},
	} {
		st, err := Run(context.Background(), mustParse(t, joining, overrides...), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range st.Verdicts {
			if v.Outcome != Holds {
				t.Errorf("%s: %s is %s: %s\n%s", name, v.Property, v.Outcome, v.Text, v.Detail)
			}
		}
	}
}

// Seeds are found by name, for each group those that it names; a group with heartbeat
// leaves failures to that.
func TestSeeds(t *testing.T) {
	s := mustParse(t, joining, "nodes.far={count: 3, protocols: {discovery: {seeds: [node-1, seed-0]}, heartbeat: {}}}")
	for i, want := range [][]protocols.NodeID{{0, 1}, {0, 1}, {0, 3}} {
		d := s.Nodes[i].Value.Protocols.Value.Discovery
		if !slices.Equal(d.Config.Seeds, want) || d.Detector != (i == 2) {
			t.Errorf("%s joins through %v, want %v; detector %v", s.Nodes[i].Key, d.Config.Seeds, want, d.Detector)
		}
	}
}

func TestBadSeeds(t *testing.T) {
	for change, want := range map[string]string{
		"protocols.discovery={}":                                                    "protocols.discovery.seeds: missing; write seeds: core-0..core-2",
		"protocols.discovery.seeds=sed":                                             `no group or node is called "sed"; did you mean "seed"?`,
		"protocols.discovery.seeds=seed-7":                                          "seed-7 does not exist; the members of seed are seed-0 … seed-1",
		"protocols.discovery.seeds=10% of node":                                     "is not the same nodes at all times",
		"nodes.seed.protocols={discovery: off}":                                     "nodes of seed do not run it; write protocols: {discovery: {seeds: core-0}}, or choose others",
		"nodes.node.count=3000000":                                                  "",
		"nodes.seed.count=1001":                                                     "names 1001 nodes; the most is 1000: a few are enough",
		"protocols.discovery.timeout=1s":                                            "protocols.discovery.timeout: is 1s, must be at least the keep_alive of 3s",
		"protocols.discovery.optimise={unbiased: 5}":                                "optimise.unbiased: is 5, must be 0 to 4",
		"protocols.discovery.optimize={}":                                           `unknown field "optimize"; it is called "optimise" here`,
		"workload=[{leave: seed, start: 1s, stop: 1s}]":                             "1s is not after the start at 1s",
		"workload=[{leave: nobody, start: 1s}]":                                     "no group or node is called",
		"faults=[{at: 1s, byzantine: {nodes: node, behaviour: lie, lie: forgery}}]": `no lie is called "forgery"`,
	} {
		_, err := Parse("joining", []byte(joining), []string{change})
		switch {
		case want == "" && err == nil:
		case err == nil || want == "" || !strings.Contains(err.Error(), want):
			t.Errorf("%s: error %v, want %s", change, err, want)
		}
	}
}

// smaller are meshes that show the same.
var smaller = map[string][]string{
	"hyparview-30": {"nodes.node.count=697"}, "hyparview-90": {"nodes.node.count=697"},
	"discovery-churn": {"nodes.node.count=397", "run.duration=200s"},
}

// What the scenarios of discovery show is noticed when it changes.
func TestDiscoveryScenariosBite(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for name, changes := range map[string][]string{
		"discovery-join-storm":   {"nodes.seed.count=1"},
		"hyparview-30":           {"protocols.discovery.timeout=60s", "faults[0].crash=3% of node"},
		"hyparview-90":           {"protocols.discovery.timeout=60s", "protocols.discovery.degree_min=1"},
		"discovery-churn":        {"protocols.discovery.timeout=60s", "faults[0].churn.session=50s"},
		"discovery-optimise-aws": {"protocols.discovery.optimise.from=280s", "protocols.discovery.optimise.unbiased=4"},
		"discovery-liars":        {"faults[0].byzantine.lie=slander", "faults[1].byzantine.lie=forge"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, change := range changes {
				if st := study(t, name, append(smaller[name], "run.repeat=1", change)...); st.Outcome() != Violated {
					t.Errorf("with %s it is %s: %+v", change, st.Outcome(), st.Verdicts)
				}
			}
		})
	}
}
