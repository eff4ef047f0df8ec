package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"meshsim/scenarios/strict"
)

// A sketch is what a template says of a protocol beside its fields. What is not
// written is that of a mesh.
type sketch struct {
	name      string // empty: the protocol's
	protocol  string
	write     string // fields that are set, one a line, the others being comments
	protocols string // all that is run, in place of one protocol and its fields
	duration  string
	nodes     string
	network   string
	workload  string // empty: clients are nodes
	faults    string
	expect    string
}

var sketches = []sketch{{
	protocol: "gossip",
	write:    "mode: push-pull",
	workload: `  - {publish: {from: core, rate: 1/s, size: 256B}, start: 2s, stop: 12s}`,
	expect: `  eventually:                    # liveness: counted for each rumor from when it was published
    - gossip.coverage >= 99% within 20s
  sometimes:                     # or the faults were never felt, and the runs prove nothing
    - partitioned and gossip.coverage > 50%
  thresholds:                    # over all runs, with confidence intervals
    gossip.convergence_time: ["p95 < 20s"]`}, {protocol: "paxos", workload: `  - {propose: {from: core}, start: 1s}
  - {propose: {from: edge}, start: 1s}`,
	expect: `  always: [paxos.agreement, paxos.validity]  # safety: at every event of every run
  eventually:                    # liveness: counted from the first proposal
    - paxos.learned >= 90% within 20s`,
}, {
	protocol: "raft",
	nodes: `  replicas: {count: 5, disk: {sync: 2ms}}
  clients:                       # they ask the replicas; try load: poisson, or ramp: {steps: 10}
    count: 10
    protocols: {raft: {client: {load: closed, think: 20ms, reads: 50%, stop: 30s}}}`,
	network: `  default: {latency: 1ms, jitter: 300us, distribution: lognormal}`,
	faults: `  - {name: leader, at: 10s, for: 5s, crash: {nodes: raft.leader}}
  - {name: split, at: 20s, for: 5s, partition: {isolate: random 2 of replicas}}`,
	expect: `  always:                        # safety: at every event of every run
    - raft.election-safety
    - raft.state-machine-safety
    - raft.linearizable
  eventually:                    # liveness: counted for each operation from when it is asked for
    - raft.completed >= 100% within 8s
  thresholds:                    # over all runs, with confidence intervals
    raft.leaderless_longest: ["mean < 2s"]`,
}, {
	protocol: "pbft",
	nodes: `  replicas: {count: 4, cpu: {cores: 2}}
  clients:                       # they ask the replicas; try load: poisson, or ramp: {steps: 10}
    count: 10
    protocols: {pbft: {client: {load: closed, think: 50ms, reads: 50%, stop: 30s}}}`,
	network: `  default: {latency: 1ms, jitter: 300us, distribution: lognormal}`,
	faults: `  - {name: primary, at: 10s, for: 5s, crash: {nodes: pbft.primary}}
  - {name: liar, at: 20s, byzantine: {nodes: replicas-3, behaviour: equivocate, lie: equivocate}}`,
	expect: `  always:                        # safety: at every event of every run
    - pbft.agreement
    - pbft.validity
    - pbft.linearizable
  eventually:                    # liveness: counted for each operation from when it is asked for
    - pbft.completed >= 100% within 10s`,
}, {
	protocol: "discovery",
	write:    "seeds: core-0..core-2",
	workload: `  - {leave: "edge-0..edge-9", start: 30s}`,
	faults: `  - {at: 5s, for: 15s, partition: {isolate: 1/3 of edge}}
  - {at: 25s, for: 5s, crash: 10% of edge}
  # - {at: 10s, byzantine: {nodes: 5% of edge, behaviour: lie, lie: forge}}   # meshsim list protocols`,
	expect: `  always:                        # safety: at every event of every run
    - discovery.degree-bound
    - discovery.fresh
    - discovery.unforged
  eventually:                    # liveness, from the start of the run
    - discovery.connectivity >= 100% within 10s
  sometimes:                     # or the faults were never felt, and the runs prove nothing
    - partitioned and discovery.connectivity < 100%
  thresholds:                    # over all runs, with confidence intervals
    discovery.join_time: ["p95 < 10s"]`,
}, taskSketch, meshSketch}

// Templates lists the names that [Template] knows.
func Templates() []string {
	var names []string
	for _, s := range sketches {
		names = append(names, s.title())
	}
	return names
}

// Template is a commented scenario to begin with, for a protocol or a stack of
// them. It runs as it is.
func Template(name string) ([]byte, error) {
	at := slices.IndexFunc(sketches, func(s sketch) bool { return s.title() == name })
	if at < 0 {
		return nil, fmt.Errorf("no template for %q%s", name, suggest(name, Templates()))
	}
	return sketches[at].text(), nil
}

// title is what the template is called.
func (s sketch) title() string { return cmp.Or(s.name, s.protocol) }

// text is the template.
func (s sketch) text() []byte {
	workload := ""
	if s.workload != "" {
		workload = "workload:                        # what enters from outside\n" + s.workload + "\n\n"
	}
	protocols := s.protocols
	if protocols == "" {
		protocols = s.protocolBlock()
	}
	return fmt.Appendf(nil, templateText, s.title(), protocols, workload, s.expect,
		cmp.Or(s.nodes, meshNodes), cmp.Or(s.network, meshNetwork), cmp.Or(s.faults, meshFaults), cmp.Or(s.duration, "40s"))
}

// protocolBlock lists all fields of a protocol, as comments where they have
// their default.
func (s sketch) protocolBlock() string {
	d, err := strict.Describe(&Scenario{}, "protocols."+s.protocol)
	if err != nil {
		panic("scenarios: template of a protocol that does not exist: " + s.protocol)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s:\n", s.protocol)
	for _, f := range d.Fields {
		line := "    # " + f.Path + ": " + f.Default
		switch written := s.written(f.Path); {
		case written != "":
			line = "    " + written
		case f.Default == "":
			line = "    # " + f.Path + ":"
		}
		fmt.Fprintf(&b, "%-32s # %s\n", line, f.Doc)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// written is the line that sets a field, empty if none does.
func (s sketch) written(field string) string {
	for line := range strings.Lines(s.write) {
		if strings.HasPrefix(line, field+":") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

const templateText = `# yaml-language-server: $schema=./meshsim.schema.json
# A scenario of meshsim. Run it with:   meshsim run %[1]s.yaml
# Everything can be looked up:          meshsim explain faults.partition
# For completion in your editor:        meshsim schema > meshsim.schema.json
meshsim: 1                       # version of the language
name: my-%[1]s
description: What this scenario shows, in a sentence.

run:
  duration: %-20[8]s # simulated time
  seed: 1                        # root of all randomness; the same seed gives the same run
  repeat: 10                     # independent runs, each with a seed of its own

nodes:                           # groups; members are called core-0, core-1 …
%[5]s

topology: full                   # or {kind: small-world, degree: 8, rewire: 10%%}, ring, scale-free …

network:
%[6]s
  # zones: aws19                 # latencies measured between regions; nodes then have a zone:
  # links:                       # links that differ from the default
  #   - {from: edge, to: core, loss: {model: gilbert-elliott, p: 1%%, r: 30%%}}

protocols:                       # what every node runs; a group may override it
%[2]s

%[3]sfaults:                          # a timeline; without for, a fault lasts to the end
%[7]s

metrics:
  sample: 200ms                  # interval of the plots over time

expect:
%[4]s
`

// What a template of a mesh says.
const (
	meshNodes = `  core: {count: 100}
  edge: {count: 400}`
	meshNetwork = `  default: {latency: 40ms, jitter: 20ms, distribution: lognormal, loss: 1%}`
	meshFaults  = `  - {at: 5s, for: 8s, partition: {isolate: 1/3 of edge}}
  - {at: 20s, for: 5s, crash: 10% of edge}
  # - {at: 0s, churn: {nodes: edge, session: 5m, downtime: 30s}}
  # - {at: 10s, for: 5s, disk: {nodes: 10% of core, sync: 20ms}}
  # - {at: 10s, for: 5s, byzantine: {nodes: 5% of edge, behaviour: silent}}   # meshsim list behaviours`
)
