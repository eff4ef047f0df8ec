package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/sim"
)

// testApp is an app that writes into buffers, without a terminal or signals.
func testApp(t *testing.T) (a *app, out, err *bytes.Buffer) {
	out, err = new(bytes.Buffer), new(bytes.Buffer)
	a = newApp()
	a.in, a.out, a.err = strings.NewReader(""), &results{Writer: out}, &console{Writer: err}
	a.getenv = func(string) string { return "" }
	a.notify = func(chan<- os.Signal) {}
	a.quit = func(code int) { t.Errorf("the process was ended with %d", code) }
	a.startLog()
	return a, out, err
}

func verifyPlant(t *testing.T, config func() sim.Config) (out string, code int) {
	a, stdout, stderr := testApp(t)
	v := &verification{config: func() (sim.Config, error) { return config(), nil },
		name: func(id protocols.NodeID) string { return fmt.Sprintf("node-%d", id) }}
	err := (&verifyText{app: a}).compareWays(context.Background(), v, waysToRun(3))
	a.tell(err)
	return stdout.String() + stderr.String(), codeOf(err)
}

func TestVerifyHonest(t *testing.T) {
	p := honest()
	out, code := verifyPlant(t, p.config)
	if code != exitHolds || !strings.Contains(out, "\nidentical: fingerprint ") || strings.Count(out, "\n") != len(waysToRun(3))+1 {
		t.Errorf("exit code %d and\n%s", code, out)
	}
}

// Each fault of determinism must be found, in the way of running that shows it.
func TestVerifyFindsPlanted(t *testing.T) {
	var counter atomic.Uint64
	for _, c := range []struct {
		name  string
		plant func(p *plant)
		want  []string // in the output
	}{
		{"a walk over a map chooses the receiver", func(p *plant) {
			peers := map[protocols.NodeID]bool{1: true, 2: true, 3: true, 4: true}
			p.target = func(*plantNode, *protocols.Env) protocols.NodeID {
				for id := range peers {
					return id
				}
				return 0
			}
		}, []string{`different: "in windows, 1 worker" and "the same again"; the fingerprints are`, "sent planted.note to node-"}},
		{"runs share a counter", func(p *plant) {
			p.target = func(p *plantNode, env *protocols.Env) protocols.NodeID {
				return protocols.NodeID(draw.Mix(counter.Add(1)) % uint64(p.nodes))
			}
		}, []string{`different: "in windows, 1 worker" and "the same again"`, "sent planted.note to node-"}},
		{"receivers change a shared message", func(p *plant) {
			p.on = func(n *note) { n.hops = n.hops / 2 }
		}, []string{`different: "in windows, 1 worker" and "`, "observed planted.got, key 0, value "}},
		{"the codec loses a field", func(p *plant) {
			p.append = func(n *note, b []byte) []byte { return append(b, 0, 0, 0, 2, 0, 0, 0, 0) }
		}, []string{`different: "in windows, 1 worker" and "through the wire, 1 worker"`, "observed planted.got, key 0, value 3", "observed planted.got, key 0, value 2"}},
		{"bytes that nobody reads", func(p *plant) {
			p.fill = func(n *note) { n.salt = uint32(counter.Add(1)) }
		}, []string{`"through the wire, 3 workers"; messages of the same kind and size have other bytes`, "the messages differ from byte "}},
		{"the size is a lie", func(p *plant) {
			p.append = func(n *note, b []byte) []byte { return append(b, 1) }
		}, []string{"through the wire, 1 worker: internal error: sim: planted: a note says that its size is 8 bytes, but it appends 1"}},
		{"a figure depends on a walk over a map", func(p *plant) {
			p.probe = func(protocols.ProbeConfig) protocols.Probe { return &lastHops{map[uint64]bool{}} }
		}, []string{"the same events gave other figures of the protocols"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := honest()
			c.plant(p)
			out, code := verifyPlant(t, p.config)
			if code != exitInternal || strings.Contains(out, "identical") {
				t.Errorf("exit code %d", code)
			}
			for _, w := range c.want {
				if !strings.Contains(out, w) {
					t.Errorf("it does not say %q", w)
				}
			}
			if t.Failed() {
				t.Log("\n" + out)
			}
		})
	}
}

// The event that is named is the first that differs: every second run sends one
// note elsewhere, and the place is known.
func TestDivergenceIsTheFirst(t *testing.T) {
	runs := 0
	config := func() sim.Config {
		odd := runs%2 == 1
		runs++
		p := honest()
		p.target = func(p *plantNode, env *protocols.Env) protocols.NodeID {
			to := protocols.NodeID(env.Rand.IntN(p.nodes))
			if odd && env.Self == 7 && p.turns == 6 {
				return 13
			}
			return to
		}
		return p.config()
	}
	out, code := verifyPlant(t, config)
	const at = "6 s  node-7  sent planted.note to node-"
	_, sides, _ := strings.Cut(out, "before it, in both:")
	before, sides, _ := strings.Cut(sides, "in windows, 1 worker:")
	if code != exitInternal || strings.Count(sides, at) != 2 || strings.Count(sides, at+"13,") != 1 ||
		!strings.Contains(before, "6 s  node-7  timer planted.turn came due") {
		t.Errorf("exit code %d and\n%s", code, out)
	}
}

// What does not show again is said to come and go, and until when runs agreed.
func TestDivergenceThatHides(t *testing.T) {
	runs := 0
	config := func() sim.Config {
		runs++
		p := honest()
		if runs == 2 {
			p.target = func(p *plantNode, env *protocols.Env) protocols.NodeID {
				to := protocols.NodeID(env.Rand.IntN(p.nodes))
				if env.Self == 7 && p.turns == 6 {
					return 13
				}
				return to
			}
		}
		return p.config()
	}
	out, code := verifyPlant(t, config)
	if code != exitInternal || !strings.Contains(out, "they were alike until 6s at least") {
		t.Errorf("exit code %d and\n%s", code, out)
	}
}

func TestVerifyIsInterrupted(t *testing.T) {
	a, _, _ := testApp(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errInterrupted)
	v := &verification{config: func() (sim.Config, error) { return honest().config(), nil }}
	if code := codeOf((&verifyText{app: a}).compareWays(ctx, v, waysToRun(2))); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
}

func TestTogether(t *testing.T) {
	points := func(fingerprints ...uint64) *sim.Result {
		r := new(sim.Result)
		for i, f := range fingerprints {
			r.Checkpoints = append(r.Checkpoints, sim.Checkpoint{At: time.Duration(i) * time.Second, Fingerprint: f})
		}
		return r
	}
	for _, c := range []struct {
		a, b *sim.Result
		want time.Duration
	}{
		{points(), points(), 0},
		{points(1, 2, 3), points(7, 8, 9), 0},
		{points(1, 2, 3, 4), points(1, 2, 7, 8), time.Second},
		{points(1, 2, 3), points(1, 2, 3), 2 * time.Second},
		{points(1, 2, 3), points(1, 2), time.Second},
	} {
		if got := together(c.a, c.b); got != c.want {
			t.Errorf("together(%v, %v) is %v, want %v", c.a.Checkpoints, c.b.Checkpoints, got, c.want)
		}
	}
}
