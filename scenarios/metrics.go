package scenarios

import (
	"slices"
	"time"

	"meshsim/sim"
)

// Metrics says what is recorded.
type Metrics struct {
	Sample time.Duration `key:"sample" min:"1us" doc:"interval of the series; without it, about 200 samples a run"`
	Record []string      `key:"record" default:"[latency, per-node]" enum:"latency,per-node,connectivity" doc:"what costs extra: quantiles of message latency, messages of each node, the share of live nodes in the largest connected part"`
	Trace  string        `key:"trace" default:"off" enum:"off,messages,all" doc:"what is written to the trace: nothing, messages, or all events; --trace asks for it, too"`
}

// maxSamples bounds the samples of a run.
const maxSamples = 1_000_000

func (c *compiler) compileMetrics() {
	m := &c.Metrics
	if m.Sample == 0 {
		m.Sample = sampling(c.Run.Duration)
	}
	if c.Run.Duration/m.Sample > maxSamples {
		c.Report("metrics.sample", "takes more than %d samples in %v; write a longer interval", maxSamples, c.Run.Duration)
	}
	c.base.Sample = m.Sample
	c.base.Detail = sim.Detail{
		Latency:      slices.Contains(m.Record, "latency"),
		PerNode:      slices.Contains(m.Record, "per-node"),
		Connectivity: slices.Contains(m.Record, "connectivity"),
	}
}

// sampling is the round interval (1, 2 or 5 times a power of ten nanoseconds)
// that takes 100 to 200 samples, or a little fewer.
func sampling(d time.Duration) time.Duration {
	for step := time.Duration(1); ; step *= 10 {
		for _, k := range [...]time.Duration{1, 2, 5} {
			if d/(k*step) <= 200 {
				return max(k*step, time.Microsecond)
			}
		}
	}
}
