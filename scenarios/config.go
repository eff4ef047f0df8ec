package scenarios

import (
	"math/bits"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// Seed is the seed of a replication: the scenario's own for replication 0, so
// that whoever sets run.seed to a replication's seed repeats exactly that run,
// and derived from it for the others. Those are below 2^53, so that a reader of
// JSON who takes numbers for floats keeps them whole.
func (s *Scenario) Seed(replication int) uint64 {
	if replication == 0 {
		return s.Run.Seed
	}
	return draw.Derive(s.Run.Seed, uint64(replication)) >> (64 - 53)
}

// Config declares one replication for the kernel. It can be made as often as
// one likes; runs of the same replication give the same bytes. Random
// topologies are drawn from the replication's seed. The error is that of a
// topology that cannot be made, which Load finds for replication 0.
func (s *Scenario) Config(replication int) (sim.Config, error) {
	cfg := s.base
	cfg.Seed = s.Seed(replication)
	if replication > 0 && cfg.Topology != nil && s.Topology.random() {
		g, err := s.Topology.graph(s.plan.nodes, graphKey(cfg.Seed), s.edges)
		if err != nil {
			return sim.Config{}, err
		}
		cfg.Topology = g
	}
	for _, load := range s.loads {
		cfg.Workload = append(cfg.Workload, load)
	}
	return cfg, nil
}

// MetricSpecs lists the figures that a run can yield, in the order of reports.
func (s *Scenario) MetricSpecs() []protocols.MetricSpec { return sim.Metrics(s.base.Groups) }

// mulDiv is a·b/c rounded down, for 0 <= a < c and b >= 0.
func mulDiv(a, b, c int64) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	q, _ := bits.Div64(hi, lo, uint64(c))
	return int64(q)
}
