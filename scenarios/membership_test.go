package scenarios

import (
	"strings"
	"testing"
)

const watching = `
meshsim: 1
name: watching
run: {duration: 60s}
nodes: {seed: {count: 2}, node: {count: 8}}
network: {default: {latency: 20ms}}
protocols:
  discovery: {seeds: seed}
  heartbeat: {}
  gossip: {peers: membership}
`

// What keeps a mesh from knowing and counting its members is refused, with what to
// write instead.
func TestMembershipThatCannotWork(t *testing.T) {
	for change, want := range map[string]string{
		"protocols.discovery.seeds=[]":                                                "protocols.discovery.seeds: names nothing; write seeds: core-0..core-2",
		"protocols.discovery=off":                                                     "protocols.gossip.peers: is membership, but nothing on the nodes of seed announces peers",
		"nodes.node.protocols={discovery: off}":                                       "nothing on the nodes of node announces peers",
		"protocols.heartbeat={timeout: 2s}":                                           "protocols.heartbeat.timeout: 2s is no longer than the interval of 3s",
		"protocols.heartbeat={detector: swim, swim: {ping_timeout: 3s}}":              "3s is not within the period of 3s",
		"protocols.heartbeat={quorum: 4}":                                             "4 of 3 observers can never agree; write at most 3, or a greater k",
		"protocols.heartbeat={confirm: members, quorum: 10}":                          "10 of 10 members can never agree that another one has failed; write at most 9",
		"protocols.heartbeat={monitoring: all, quorum: 10}":                           "there are 9 other members to watch a peer, not 10",
		"protocols.heartbeat={watch: neighbours, quorum: 10}":                         "there are 9 other members to watch a peer, not 10",
		"protocols.heartbeat={watch: announced, quorum: 6}":                           "6 of the neighbours of a peer can never agree, as discovery.degree_max lets it have 5",
		"nodes.node.protocols={heartbeat: {detector: swim}}":                          "nodes.node.protocols.heartbeat.detector: is swim, but fixed in group seed",
		"nodes.node.protocols={heartbeat: {k: 4}}":                                    "nodes.node.protocols.heartbeat: watch, monitoring, k or confirm differ from those of group seed",
		"nodes.node.protocols={heartbeat: {interval: 10s, timeout: 30s}}":             "30s and an interval of 10s, and 10s and 3s in group seed: a timeout is no longer than the interval of those who are watched",
		"nodes={seed: {count: 1}}":                                                    "protocols.heartbeat: one node runs it, which has nobody to watch",
		"nodes={seed: {count: 2, protocols: {heartbeat: {confirm: members}}}}":        "a majority of 2 members are both, and one of them cannot accuse itself",
		"topology={kind: ring}":                                                       "",
		"nodes={seed: {count: 2}}":                                                    "",
		"protocols.heartbeat={detector: swim, quorum: 3}":                             "",
		"protocols.heartbeat={watch: announced, quorum: 5}":                           "",
		"protocols.partition={reach: detector, peers: announced}":                     "",
		"nodes.node.protocols={heartbeat: {interval: 2s, timeout: 20s, quorum: 3}}":   "",
		"nodes.node.protocols={heartbeat: off, discovery: {seeds: [seed-1, seed-0]}}": "",
	} {
		_, err := Parse("watching", []byte(watching), []string{change})
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", change, err, want)
		}
	}
}

func TestQuorumOfNeighbours(t *testing.T) {
	const quorum = "protocols.heartbeat={watch: neighbours, quorum: 3}"
	_, err := Parse("watching", []byte(watching), []string{quorum, "topology={kind: ring}"})
	if want := "protocols.heartbeat.quorum: 3 neighbours can never agree, as nobody in seed has more than 2"; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
	warns(t, []string{quorum, "topology={kind: star}", "nodes={seed: {count: 10}}"}, "9 of 10 nodes of seed have fewer than 3 neighbours")
}

// warns reads a scenario that is warned of, or of which "" is true.
func warns(t *testing.T, changes []string, want string) {
	t.Helper()
	s, err := Parse("watching", []byte(watching), changes)
	if err != nil {
		t.Errorf("%s: %v", changes, err)
		return
	}
	var got []string
	for _, w := range s.Warnings() {
		got = append(got, w.Error())
		if !strings.Contains(s.Plan().String(), w.Error()) {
			t.Errorf("%s: the plan does not say %s", changes, w.Error())
		}
	}
	if (len(got) == 0) != (want == "") || want != "" && !strings.Contains(got[0], want) || len(got) > 1 {
		t.Errorf("%s: warned of %q, want %q", changes, got, want)
	}
}

// Seeds that exist and that nobody reaches are warned of.
func TestUnreachableSeeds(t *testing.T) {
	const all = "watching:8:22: protocols.discovery.seeds: none of them can let in node-0 and so 8 of node: "
	for change, want := range map[string]string{
		"faults=[{at: 0s, partition: {isolate: seed}}]":                                      all + "fault partition-1 cuts them off for the whole run",
		"faults=[{at: 0s, for: 60s, name: cut, partition: {groups: [seed, node]}}]":          all + "fault cut cuts them off",
		"faults=[{at: 0s, partition: {one_way: {from: seed}}}]":                              all + "fault partition-1 cuts them off",
		"faults=[{at: 0s, partition: {one_way: {from: node, to: seed}, others: connected}}]": all + "fault partition-1 cuts them off",
		"faults=[{at: 0s, partition: {isolate: [seed, node-1..node-7]}}]":                    "can let in node-0 and so 1 of node",
		"faults=[{at: 0s, crash: seed}]":                                                     all + "fault crash-1 has them down",
		"faults=[{at: 0s, crash: seed-0}, {at: 0s, partition: {isolate: [seed-1]}}]":         all,
		"faults=[{at: 0s, pause: seed}]":                                                     all + "fault pause-1 freezes them",
		"faults=[{at: 0s, byzantine: {nodes: seed, behaviour: silent}}]":                     all + "fault byzantine-1 keeps them silent",
		"network.links=[{between: [seed, node], loss: 100%}]":                                all + "their links lose all messages",
		"network.links=[{from: node, to: seed, loss: 100%}]":                                 all + "their links lose all messages",
		"network.links=[{between: [seed, node], loss: 100%}, {from: node-1, loss: 0%}]":      all,
		"network.links=[{between: [seed, node], loss: 100%}, {between: [node, seed-1]}]":     "",
		"faults=[{at: 0s, crash: seed-0}]":                                                   "",
		"faults=[{at: 0s, for: 30s, crash: seed}]":                                           "",
		"faults=[{at: 1s, crash: seed}]":                                                     "",
		"faults=[{at: 0s, crash: random 2}]":                                                 "",
		"faults=[{at: 0s, partition: {isolate: 50% of node}}]":                               "",
		"faults=[{at: 0s, partition: {isolate: seed, bridge: seed-0}}]":                      "",
		"faults=[{at: 0s, partition: {isolate: seed, flapping: {up: 1s, down: 1s}}}]":        "",
		"faults=[{at: 0s, byzantine: {nodes: seed, behaviour: silent, protocol: gossip}}]":   "",
	} {
		warns(t, []string{change}, want)
	}
}

// What most likely is not meant is warned of.
func TestMembershipWarnings(t *testing.T) {
	for change, want := range map[string]string{
		"nodes.node.protocols={discovery: {seeds: node-0}}":                                                   "node joins another mesh than seed, and the two never hear of each other",
		"nodes.node.protocols={discovery: {seeds: [node-0, seed-0]}}":                                         "",
		"protocols.discovery={seeds: seed, degree_min: 10, degree_max: 12}":                                   "is 10, but there are 9 others to be linked with",
		"protocols.heartbeat={detector: swim, swim: {ping_timeout: 30ms}}":                                    "30ms is shorter than the shortest way to a peer and back, of 40ms",
		"protocols.heartbeat={detector: swim, swim: {ping_timeout: 50ms}}":                                    "",
		"protocols.discovery={seeds: seed, view: full, degree_min: 10, degree_max: 12}":                       "",
		"protocols.partition={reach: detector}":                                                               "",
		"protocols.heartbeat={detector: swim, quorum: 3}":                                                     "protocols.heartbeat.quorum: means nothing to swim, which asks nobody to confirm",
		"protocols.heartbeat={detector: swim, timeout: 5s}":                                                   "protocols.heartbeat.timeout: means nothing to swim, which has swim.ping_timeout and swim.suspicion",
		"protocols.heartbeat={k: 10}":                                                                         "is 10, but there are 9 others to watch",
		"nodes={seed: {count: 2, protocols: {partition: {}, heartbeat: {k: 1}, discovery: {degree_min: 1}}}}": "a majority of 2 members are both",
	} {
		warns(t, []string{change}, want)
	}
	warns(t, []string{"protocols.partition={reach: detector}", "protocols.heartbeat={watch: announced}"}, "protocols.partition.peers: is members, but the detector on the nodes of seed watches announced peers only")
}

// The library has no mistakes.
func TestLibraryIsNotWarnedOf(t *testing.T) {
	for _, e := range Library() {
		s, err := Load(e.Name, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range s.Warnings() {
			t.Errorf("%s", w.Error())
		}
	}
}

// What grows with the square of the nodes is told with what it comes to.
func TestSquareNotes(t *testing.T) {
	const large = "nodes.node.count=1998"
	for change, want := range map[string]string{
		"protocols.heartbeat={monitoring: all}":  "note       heartbeat.monitoring: is all, so everybody watches everybody: 1.33 million messages a second",
		"protocols.discovery.view=full":          "note       discovery.view: is full, so each of 2000 nodes keeps a link to each other: 1.33 million signs of life a second",
		"protocols.partition={probes: 0}":        "note       partition.probes: each of 2000 nodes asks all others: 8 million probes and answers a second; with probes: 10 it would be 40000",
		"protocols.partition={}":                 "note       partition: each of 2000 nodes keeps sets of all, of up to 1 KiB a node",
		"protocols.heartbeat={confirm: members}": "note       heartbeat.confirm: is members, so all 2000 are asked about each failure: about 18000 messages for one",
		"protocols.heartbeat={}":                 "note       heartbeat.quorum: each failure is told to all 2000 with its signatures, by about 12000 messages",
		"protocols.heartbeat={detector: swim}":   "",
	} {
		s, err := Parse("watching", []byte(watching), []string{large, change})
		if err != nil {
			t.Fatal(err)
		}
		text := s.Plan().String()
		if !strings.Contains(text, want) || want == "" && strings.Contains(text, "note ") {
			t.Errorf("%s: the plan says\n%s, want %s", change, text, want)
		}
	}
}
