package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"meshsim/scenarios/strict"
)

// A sketch is what a template says of a protocol beside its fields.
type sketch struct {
	protocol string
	write    string // fields that are set, the others being comments
	workload string
	expect   string
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
}}

// Templates lists the names that [Template] knows.
func Templates() []string {
	var names []string
	for _, s := range sketches {
		names = append(names, s.protocol)
	}
	return names
}

// Template is a commented scenario to begin with, for a protocol. It runs as it
// is.
func Template(protocol string) ([]byte, error) {
	at := slices.IndexFunc(sketches, func(s sketch) bool { return s.protocol == protocol })
	if at < 0 {
		return nil, fmt.Errorf("no template for %q%s", protocol, suggest(protocol, Templates()))
	}
	s := sketches[at]
	return fmt.Appendf(nil, templateText, protocol, s.protocolBlock(), s.workload, s.expect), nil
}

// protocolBlock lists all fields of a protocol, as comments where they have
// their default.
func (s sketch) protocolBlock() string {
	d, err := strict.Describe(&Scenario{}, "protocols."+s.protocol)
	if err != nil {
		panic("scenarios: template of a protocol that does not exist: " + s.protocol)
	}
	var b strings.Builder
	for _, f := range d.Fields {
		line := "    # " + f.Path + ": " + f.Default
		switch key, _, _ := strings.Cut(s.write, ":"); {
		case f.Path == key:
			line = "    " + s.write
		case f.Default == "":
			line = "    # " + f.Path + ":"
		}
		fmt.Fprintf(&b, "%-32s # %s\n", line, f.Doc)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

const templateText = `# yaml-language-server: $schema=./meshsim.schema.json
# A scenario of meshsim. Run it with:   meshsim run %[1]s.yaml
# Everything can be looked up:          meshsim explain faults.partition
# For completion in your editor:        meshsim schema > meshsim.schema.json
meshsim: 1                       # version of the language
name: my-%[1]s
description: What this scenario shows, in a sentence.

run:
  duration: 40s                  # simulated time
  seed: 1                        # root of all randomness; the same seed gives the same run
  repeat: 10                     # independent runs, each with a seed of its own

nodes:                           # groups; members are core-0 … core-99
  core: {count: 100}
  edge: {count: 400}

topology: full                   # or {kind: small-world, degree: 8, rewire: 10%%}, ring, scale-free …

network:
  default: {latency: 40ms, jitter: 20ms, distribution: lognormal, loss: 1%%}
  # zones: aws19                 # latencies measured between regions; nodes then have a zone:
  # links:                       # links that differ from the default
  #   - {from: edge, to: core, loss: {model: gilbert-elliott, p: 1%%, r: 30%%}}

protocols:                       # what every node runs; a group may override it
  %[1]s:
%[2]s

workload:                        # what enters from outside
%[3]s

faults:                          # a timeline; without for, a fault lasts to the end
  - {at: 5s, for: 8s, partition: {isolate: 1/3 of edge}}
  - {at: 20s, for: 5s, crash: 10%% of edge}
  # - {at: 0s, churn: {nodes: edge, session: 5m, downtime: 30s}}
  # - {at: 10s, for: 5s, disk: {nodes: 10%% of core, sync: 20ms}}
  # - {at: 10s, for: 5s, byzantine: {nodes: 5%% of edge, behaviour: silent}}   # meshsim list behaviours

metrics:
  sample: 200ms                  # interval of the plots over time

expect:
%[4]s
`
