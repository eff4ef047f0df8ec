package sim

import (
	"fmt"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// token is the one message of PHOLD (Fujimoto 1990), shared by all.
type token struct{}

func (*token) Kind() protocols.Kind     { return 0 }
func (*token) Size() int                { return 16 }
func (*token) AppendTo(b []byte) []byte { return append(b, make([]byte, 16)...) }

var theToken = new(token)

type pholdNode struct {
	count uint64
	n     int
	_     [48]byte
}

func (p *pholdNode) Start(env *protocols.Env) { env.Send(env.Self, theToken) }
func (p *pholdNode) Receive(env *protocols.Env, _ protocols.NodeID, m protocols.Message) {
	p.count++
	env.Send(protocols.NodeID(env.Rand.IntN(p.n)), m)
}
func (p *pholdNode) Expire(*protocols.Env, protocols.TimerID) {}

func phold() *protocols.Protocol {
	return &protocols.Protocol{
		Name:  "phold",
		Kinds: []string{"token"},
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			states := make([]pholdNode, len(ids))
			for i := range states {
				states[i].n = w.Nodes
			}
			return protocols.NodesOf(states)
		},
		Decode: func([]byte) (protocols.Message, error) { return theToken, nil },
	}
}

func pholdConfig(n, events int) Config {
	return Config{
		Seed:     1,
		Duration: time.Duration(float64(events) * 1.1e9 / float64(n)),
		Groups:   []Group{{Name: "all", Count: n, Stack: []*protocols.Protocol{phold()}}},
		Network: Network{Default: Link{Latency: Latency{Base: 100 * time.Millisecond, Jitter: draw.Uniform(0, 2_000_000_000),
			Floor: 100 * time.Millisecond}}},
	}
}

func TestPholdAllWays(t *testing.T) {
	var want uint64
	for _, mode := range []Mode{Windowed, Ordered, Auto} {
		for _, workers := range []int{1, 2, 3, 8} {
			c := pholdConfig(3000, 60_000)
			c.Mode, c.Workers, c.Sample = mode, workers, 777*time.Millisecond
			r, err := Run(c)
			if err != nil {
				t.Fatal(err)
			}
			if want == 0 {
				want = r.Fingerprint
			}
			t.Log(mode, workers, r.Events, r.Fingerprint)
			if r.Fingerprint != want {
				t.Errorf("mode %d, %d workers: fingerprint %x, want %x", mode, workers, r.Fingerprint, want)
			}
		}
	}
}

func BenchmarkPhold(b *testing.B) {
	names := [...]string{Auto: "auto", Windowed: "windowed", Ordered: "ordered"}
	for _, n := range []int{1e3, 1e5, 1e6} {
		for mode, name := range names {
			for _, workers := range []int{1, 2} {
				b.Run(fmt.Sprintf("nodes=%d/%s/workers=%d", n, name, workers), func(b *testing.B) {
					c := pholdConfig(n, 5_000_000)
					c.Workers, c.Mode = workers, Mode(mode)
					benchmarkRun(b, c)
				})
			}
		}
	}
}

// benchmarkRun measures the loop of a run, without setting up.
func benchmarkRun(b *testing.B, c Config) {
	for range b.N {
		k, err := newKernel(&c)
		if err != nil {
			b.Fatal(err)
		}
		k.boot()
		start := time.Now()
		k.runUntil(k.end)
		d := time.Since(start)
		b.ReportMetric(float64(k.events())/d.Seconds()/1e6, "Mev/s")
		b.ReportMetric(float64(d.Nanoseconds())/float64(k.events()), "ns/event")
	}
}

// BenchmarkLookahead shows from which density of events on a window pays.
func BenchmarkLookahead(b *testing.B) {
	names := [...]string{Auto: "auto", Windowed: "windowed", Ordered: "ordered"}
	for _, n := range []int{1e3, 1e4, 1e5, 1e6} {
		for _, lookahead := range []time.Duration{100 * time.Millisecond, 10 * time.Millisecond, time.Millisecond, 100 * time.Microsecond} {
			for mode, name := range names {
				b.Run(fmt.Sprintf("nodes=%d/%v/%s", n, lookahead, name), func(b *testing.B) {
					c := pholdConfig(n, 2_000_000)
					c.Mode = Mode(mode)
					c.Network.Default.Latency.Base, c.Network.Default.Latency.Floor = lookahead, lookahead
					benchmarkRun(b, c)
				})
			}
		}
	}
}
