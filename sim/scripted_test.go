package sim

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// packet is the message of scripted nodes: a number, padded to a size.
type packet struct {
	n    uint64
	size int // at least 8
}

func (*packet) Kind() protocols.Kind { return 0 }
func (p *packet) Size() int          { return max(p.size, 8) }
func (p *packet) AppendTo(b []byte) []byte {
	b = binary.BigEndian.AppendUint64(b, p.n)
	return append(b, make([]byte, p.Size()-8)...)
}

func decodePacket(b []byte) (protocols.Message, error) {
	if len(b) < 8 {
		return nil, errors.New("too short for a packet")
	}
	return &packet{binary.BigEndian.Uint64(b), len(b)}, nil
}

// script is a protocol made of functions; those that are nil do nothing. What
// they share is for one worker only.
type script struct {
	name    string // "script" if empty
	start   func(env *protocols.Env)
	receive func(env *protocols.Env, from protocols.NodeID, n uint64)
	expire  func(env *protocols.Env, t protocols.TimerID)
	hear    func(env *protocols.Env, e protocols.Event)
}

type scriptNode struct {
	s *script
	_ [8]byte // so that nodes do not share an address
}

func (n *scriptNode) Start(env *protocols.Env) {
	if n.s.start != nil {
		n.s.start(env)
	}
}

func (n *scriptNode) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	if n.s.receive != nil {
		n.s.receive(env, from, m.(*packet).n)
	}
}

func (n *scriptNode) Expire(env *protocols.Env, t protocols.TimerID) {
	if n.s.expire != nil {
		n.s.expire(env, t)
	}
}

func (n *scriptNode) Hear(env *protocols.Env, e protocols.Event) {
	if n.s.hear != nil {
		n.s.hear(env, e)
	}
}

func (s *script) protocol() *protocols.Protocol {
	name := s.name
	if name == "" {
		name = "script"
	}
	return &protocols.Protocol{Name: name, Kinds: []string{"packet"}, Timers: []string{"a", "b", "c"}, Observations: []string{"x", "y", "lead"},
		New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes := make(protocols.NodeList, len(ids))
			for i := range nodes {
				nodes[i] = &scriptNode{s: s}
			}
			return nodes
		},
		Decode: decodePacket}
}

// meshOf is a Config in which n nodes run s over links of constant latency.
func meshOf(n int, s *script, latency time.Duration) Config {
	return Config{Seed: 1, Duration: time.Second,
		Groups:  []Group{{Name: "all", Count: n, Stack: []*protocols.Protocol{s.protocol()}}},
		Network: Network{Default: Link{Latency: Latency{Base: latency}}}}
}

func mustRun(t testing.TB, c Config) *Result {
	t.Helper()
	r, err := Run(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// arrivals is a workload of packets to node 0 at the given times, numbered.
type arrivals struct {
	at   []time.Duration
	size int
	next int
}

func (a arrivals) Start() Feed { return &a }

func (a *arrivals) Next(*draw.Rand) (Injection, bool) {
	if a.next == len(a.at) {
		return Injection{}, false
	}
	a.next++
	return Injection{At: a.at[a.next-1], Protocol: "script", Message: &packet{uint64(a.next - 1), a.size}}, true
}

// poisson is n instants with exponential gaps of that mean.
func poisson(seed uint64, n int, mean time.Duration) []time.Duration {
	d, err := draw.Exponential(0, int64(mean))
	if err != nil {
		panic(err)
	}
	r := draw.New(draw.Mix(seed))
	at := make([]time.Duration, n)
	sum := time.Duration(0)
	for i := range at {
		sum += time.Duration(d.Sample(&r))
		at[i] = sum
	}
	return at
}

// batchMean is the mean of a stationary series and its standard error, from 20
// batches long enough to be nearly independent.
func batchMean(xs []float64) (mean, se float64) {
	const batches = 20
	n := len(xs) / batches
	var means []float64
	for b := range batches {
		sum := 0.0
		for _, x := range xs[b*n : (b+1)*n] {
			sum += x
		}
		means = append(means, sum/float64(n))
	}
	for _, m := range means {
		mean += m / batches
	}
	for _, m := range means {
		se += (m - mean) * (m - mean)
	}
	return mean, math.Sqrt(se / (batches - 1) / batches)
}

// near complains unless a mean is within 4.5 standard errors of what is wanted,
// and the error small enough for that to say something.
func near(t *testing.T, what string, xs []float64, want float64) {
	t.Helper()
	mean, se := batchMean(xs)
	if math.Abs(mean-want) > 4.5*se || se > want/10 {
		t.Errorf("%s: %.6g ± %.2g, want %.6g", what, mean, se, want)
	}
}

// nearShare complains unless hits of n is within 4 standard errors of p.
func nearShare(t *testing.T, what string, hits, n uint64, p float64) {
	t.Helper()
	limit := 4 * math.Sqrt(p*(1-p)/float64(n))
	if got := float64(hits) / float64(n); math.Abs(got-p) > limit {
		t.Errorf("%s: %.5f of %d, want %.5f ± %.5f", what, got, n, p, limit)
	}
}

// kolmogorov is the largest distance between the empirical distribution of xs
// and cdf, times the root of their number; above 1.95 has probability 0.001.
func kolmogorov(xs []float64, cdf func(float64) float64) float64 {
	slices.Sort(xs)
	n, d := float64(len(xs)), 0.0
	for i, x := range xs {
		f := cdf(x)
		d = max(d, f-float64(i)/n, float64(i+1)/n-f)
	}
	return d * math.Sqrt(n)
}
