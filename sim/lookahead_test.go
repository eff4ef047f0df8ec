package sim

import (
	"testing"
	"time"

	"meshsim/protocols/draw"
)

// The lookahead is the smallest latency that two nodes can have, no more, or
// messages would come too soon, and no less, or windows would hold too little.
func TestLookahead(t *testing.T) {
	matrix := &Zones{Names: []string{"a", "b", "c"}, OneWay: []time.Duration{5 * ms, 70 * ms, 1, 71 * ms, 6 * ms, 1, 1, 1, 1}}
	normal, _ := draw.Normal(int64(ms), int64(ms))
	for _, x := range []struct {
		name   string
		change func(c *Config)
		want   time.Duration
	}{
		{"constant", func(c *Config) {}, 10 * ms},
		{"default floor", func(c *Config) { c.Network.Default.Latency.Base = 1 }, 20 * time.Microsecond},
		{"floor", func(c *Config) { c.Network.Default.Latency = Latency{Base: 1, Floor: 3 * ms} }, 3 * ms},
		{"jitter", func(c *Config) { c.Network.Default.Latency.Jitter = draw.Uniform(-2e6, 5e6) }, 8 * ms},
		{"jitter to the floor", func(c *Config) { c.Network.Default.Latency = Latency{Base: 10 * ms, Jitter: normal, Floor: 2 * ms} }, 2 * ms},
		{"rules", func(c *Config) {
			c.Network.Links = []LinkRule{{From: Set{All: true}, To: Set{IDs: nodes(1).From}, Link: Link{Latency: Latency{Base: 4 * ms}}}}
		}, 4 * ms},
		{"zones", func(c *Config) {
			c.Network.Zones, c.Groups[0].Zones, c.Network.Default.Latency = matrix, []int{0, 1}, Latency{Zoned: true}
		}, 5 * ms},
		{"one zone", func(c *Config) {
			c.Network.Zones, c.Groups[0].Zones, c.Network.Default.Latency = matrix, []int{1}, Latency{Zoned: true}
		}, 6 * ms},
		{"some without a zone", func(c *Config) {
			c.Network.Zones, c.Network.Default.Latency = matrix, Latency{Zoned: true, Base: 2 * ms}
			c.Groups = append(c.Groups, Group{Name: "in", Count: 1, Zones: []int{1}})
		}, 2 * ms},
		{"zones not asked", func(c *Config) { c.Network.Zones, c.Groups[0].Zones = matrix, []int{0, 1, 2} }, 10 * ms},
	} {
		c := meshOf(4, &script{}, 10*ms)
		x.change(&c)
		k, err := newKernel(&c)
		if err != nil {
			t.Fatal(err)
		}
		if got := time.Duration(k.net.lookahead()); got != x.want {
			t.Errorf("%s: the lookahead is %v, want %v", x.name, got, x.want)
		}
		if window := time.Duration(1) << k.shift; window > x.want || 2*window <= x.want {
			t.Errorf("%s: a window is %v wide, want the power of two up to %v", x.name, window, x.want)
		}
	}
}
