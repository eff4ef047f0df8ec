package scenarios

import (
	"testing"
	"time"

	"meshsim/sim"
)

const everything = `
meshsim: 1
name: everything
run: {duration: 2m, seed: 3}
nodes:
  core: {count: 4, zone: eu-west-1, cpu: {cores: 2, per_message: 10us, per_kib: 1us, queue: 100}, disk: {sync: 2ms, per_kib: 100us, capacity: 1GiB}}
  edge: {count: 16, zones: [us-east-1, ap-east-1], clock: {drift_spread: 50ppm, offset: -3ms}, bandwidth: {up: 10Mbit/s, queue: 64KiB}}
  lone: {count: 2, protocols: {gossip: {fanout: 1}}, bandwidth: 1Gbit/s}
topology: {kind: random-regular, degree: 4}
network:
  zones: aws19
  default: {jitter: 3ms, distribution: normal, loss: 1/3, duplicate: 0.5%, reorder: 1%, corrupt: 0.01%, bandwidth: 100Mbit/s, queue: 1MiB}
  links:
    - {between: [core, edge], loss: {model: gilbert-elliott, p: 1%, r: 30%}, bandwidth: unlimited, queue: unlimited}
    - {from: edge, to: [core-0, core-2..core-3], latency: 3ms, transport: stream, jitter: 1ms, distribution: pareto, tail: 2.5}
    - {to: lone, floor: 1ms, latency: 2ms, loss: 0%, jitter: 0s}
protocols: {gossip: {mode: push-pull, peers: neighbours}}
workload:
  - {publish: {from: [core, edge-3], rate: 0.5/s, arrivals: poisson, count: 20}, start: 1s, stop: 60s}
  - {publish: {from: zone:ap-east-1}, start: 30s}
faults:
  - {at: 5s, for: 1s, every: 10s, crash: [random 1 of core, 25% of edge]}
  - {at: 6s, for: 1s, pause: edge-0..edge-3}
  - {at: 7s, for: 9s, partition: {groups: [core, zone:us-east-1], others: connected, bridge: edge-0, flapping: {up: 2s, down: 1s}}}
  - {at: 8s, for: 9s, partition: {one_way: {from: core}}}
  - {at: 9s, for: 9s, partition: {one_way: {from: edge, to: core}}}
  - {name: slow, at: 10s, for: 9s, degrade: {between: [core, 50% of edge], latency: 50ms, jitter: 20ms, loss: 5%, bandwidth: 10%}}
  - {at: 11s, for: 9s, clock: {nodes: all, drift: 300ppm, step: -2s}}
  - {at: 60s, churn: {nodes: edge, session: {distribution: weibull, mean: 20s, shape: 0.6}, downtime: {distribution: lognormal, median: 2s, sigma: 1.2}, disk: lose}}
  - {at: 20s, for: 5s, disk: {nodes: core, sync: 20ms, per_kib: 1ms, read_errors: 10%, torn_writes: true}}
  - {at: 21s, disk: {nodes: [core-0, random 2 of edge], full: true, lying_sync: true, bit_rot: 8}}
  - {at: 60s, churn: {nodes: core-3, session: {distribution: pareto, minimum: 5s, shape: 1.5}, downtime: 3s, disk: torn}}
  - {at: 30s, for: 9s, byzantine: {nodes: random 2 of edge, behaviour: equivocate, lie: poison, sides: 3, protocol: gossip, messages: [exchange]}}
  - {at: 40s, every: 5s, byzantine: {nodes: gossip.delivered, most: 2, behaviour: twins, to: 1/2 of all}}
  - {at: 41s, for: 5s, byzantine: {nodes: [core-1, edge-2], behaviour: flood, rate: 5000/s}}
  - {at: 42s, for: 5s, byzantine: {nodes: core-2, behaviour: delay, by: 100ms, to: edge}}
metrics: {sample: 250ms, record: [latency, per-node, connectivity]}
expect:
  eventually: [gossip.coverage >= 50% within 90s, run.live < 22]
  sometimes: [partitioned and (degraded or not churning), net.connectivity < 100%]
  thresholds: {gossip.residue: [mean <= 100%, p90 <= 100%], net.throughput: [max > 0.1/s], net.latency: p99 < 20s}
`

func TestEverythingIsPlanned(t *testing.T) {
	golden(t, "testdata/everything.txt", mustParse(t, everything).Plan().String())
}

func TestResolvedIsAFixpoint(t *testing.T) {
	texts := map[string]string{"everything": everything, "small": small}
	for _, e := range Library() {
		texts[e.Name] = string(e.Text)
	}
	for name, text := range texts {
		s := mustParse(t, text)
		s = mustParse(t, text, shortened(s)...)
		first := s.Resolved()
		again, err := Parse("test.yaml", first, nil)
		if err != nil {
			t.Errorf("%s does not read back: %v\n%s", name, err, first)
			continue
		}
		if second := again.Resolved(); string(second) != string(first) {
			t.Errorf("%s is no fixpoint: %s\nthen\n%s", name, first, second)
		}
		if a, b := shortRun(t, s), shortRun(t, again); a != b {
			t.Errorf("%s and its resolved form run differently: %x, %x", name, a, b)
		}
	}
}

// shortRun is the fingerprint of the first seconds of replication 1.
func shortRun(t *testing.T, s *Scenario) uint64 {
	t.Helper()
	cfg, err := s.Config(1)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Duration = min(cfg.Duration, 20*time.Second)
	r, err := sim.Run(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if r.Events == 0 {
		t.Error("nothing happened")
	}
	return r.Fingerprint
}
