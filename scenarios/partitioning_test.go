package scenarios

import (
	"context"
	"strings"
	"testing"
	"time"
)

// Partition handling that cannot work is refused, with what to write instead.
func TestPartitioning(t *testing.T) {
	const mesh = "meshsim: 1\nname: p\nrun: {duration: 20s}\nnodes: {a: {count: 3}, b: {count: 2}}\nprotocols: {partition: {}}\n"
	for _, c := range []struct {
		overrides []string
		want      string // "" if it is right
	}{
		{nil, ""},
		{[]string{"protocols.partition.faults=1"}, ""},
		{[]string{"protocols.partition.faults=2"}, "protocols.partition.faults: is 2, which takes 7 members, but 5 run the protocol; write faults: 1, or declare 7"},
		{[]string{"protocols.partition.lease=3s"}, "must be at least 6 intervals"},
		{[]string{"nodes.b.protocols={partition: {lease: 9s}}"}, "nodes.b.protocols.partition: differs from that of group a, but all who run it vote with one another; write it once, under protocols"},
		{[]string{"nodes.b.protocols={partition: {}}"}, ""},
		{[]string{"protocols.partition.reach=detector"}, "is detector, but nothing on the nodes of a detects failures; write heartbeat: {} beside it, or reach: probes"},
		{[]string{"protocols.partition.reach=detector", "protocols.heartbeat={}"}, ""},
		{[]string{"protocols.partition.peers=announced"}, "is announced, but nothing on the nodes of a announces peers"},
	} {
		_, err := Parse("p.yaml", []byte(mesh), c.overrides)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.overrides, err, c.want)
		}
	}
}

// Where partition handling takes a failure detector's word, the majority goes on when a
// cut heals, and the others come back: SWIM's members do not bury their own for what the
// other side held them for.
func TestHealingByADetector(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const mesh = `
meshsim: 1
name: heal
run: {duration: 220s, repeat: 3}
nodes: {minority: {count: 24}, majority: {count: 36}}
network: {default: {latency: 40ms, jitter: 20ms, distribution: lognormal, loss: 1%}}
protocols: {heartbeat: {detector: swim}, partition: {reach: detector}}
faults: [{at: 60s, for: 60s, partition: {groups: [minority, majority]}}]
metrics: {sample: 1s, record: []}
`
	for _, detector := range []string{"swim", "fixed"} {
		st, err := Run(context.Background(), mustParse(t, mesh, "protocols.heartbeat.detector="+detector), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range st.Results {
			for _, p := range r.Series("partition.read_only") {
				switch at := time.Duration(p.At); {
				case at > 60*time.Second && p.Value > 0.6:
					t.Errorf("%s, run %d: at %v %.0f%% of the nodes are read-only", detector, i, at, 100*p.Value)
				case at > 200*time.Second && p.Value > 0:
					t.Errorf("%s, run %d: at %v, 80s after the cut, some are read-only", detector, i, at)
				}
			}
		}
	}
}

// Neighbours that are gone for good do not make a node with the majority believe in a
// cut, and a link that is given up behind a cut does not hide it.
func TestPeersThatWereAnnounced(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const mesh = `
meshsim: 1
name: announced
run: {duration: 200s, repeat: 2}
nodes: {seed: {count: 3}, node: {count: 97}}
network: {default: {latency: 40ms, jitter: 20ms, distribution: lognormal, loss: 1%}}
protocols:
  discovery: {seeds: seed}
  heartbeat: {watch: announced}
  partition: {reach: detector, peers: announced}
metrics: {sample: 1s, record: []}
expect: {always: [partition.one-side, partition.returns]}
`
	for name, c := range map[string]struct {
		faults string
		least  float64 // read-only from 75s to 80s
	}{
		"gone": {"faults=[{at: 30s, crash: node-0..node-14}, {at: 60s, crash: node-15..node-29}, {at: 90s, crash: node-30..node-44}]", 0},
		"cut":  {"faults=[{at: 30s, for: 60s, partition: {isolate: node-0..node-39}}]", 0.4},
	} {
		for _, reach := range []string{"detector", "probes"} {
			st, err := Run(context.Background(), mustParse(t, mesh, c.faults, "protocols.partition.reach="+reach), Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range st.Results {
				for _, p := range r.Series("partition.read_only") {
					at := time.Duration(p.At)
					if at > 75*time.Second && at < 80*time.Second && p.Value < c.least || at > 160*time.Second && p.Value > 0.02 {
						t.Errorf("%s, %s, run %d: at %v %.0f%% of the nodes are read-only", name, reach, i, at, 100*p.Value)
					}
				}
			}
			if o := st.Outcome(); o == Violated {
				t.Errorf("%s, %s: %+v", name, reach, st.Verdicts)
			}
		}
	}
}
