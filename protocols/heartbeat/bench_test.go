package heartbeat_test

import (
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/heartbeat"
	"meshsim/sim"
)

// Ten thousand members of SWIM for ten minutes, ten of which crash.
func BenchmarkTenThousand(b *testing.B) {
	for range b.N {
		c := heartbeat.Default()
		c.Detector = "swim"
		r, err := sim.Run(sim.Config{Seed: 1, Duration: 10 * time.Minute, Workers: 1,
			Groups: []sim.Group{{Name: "member", Count: 10_000, Stack: []*protocols.Protocol{heartbeat.New(c)}}},
			Network: sim.Network{Default: sim.Link{Loss: sim.Loss{P: draw.Ratio(1, 100)},
				Latency: sim.Latency{Base: 30 * time.Millisecond, Jitter: draw.Uniform(0, int64(20*time.Millisecond)), Floor: time.Millisecond}}},
			Faults: []sim.Fault{{Name: "crash", At: time.Minute, Crash: &sim.Crash{Nodes: sim.Selector{Count: 10}}}}})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(r.Events)/b.Elapsed().Seconds()*float64(b.N), "events/s")
	}
}
