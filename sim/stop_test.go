package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
)

// ticker is a mesh of nodes that each observe x with their number of ticks, one
// a millisecond, not at the same time.
func ticker(n int) Config {
	c := meshOf(n, &script{
		start: func(env *protocols.Env) { env.SetTimer(protocols.Timer(0, 1), ms+time.Duration(env.Self)*1000) },
		expire: func(env *protocols.Env, t protocols.TimerID) {
			env.Observe(0, uint64(env.Self), t.Argument())
			env.SetTimer(protocols.Timer(0, t.Argument()+1), ms)
		}}, ms)
	c.Duration, c.Sample = 100*ms, 10*ms
	return c
}

// checkOf is a check that finds what broken finds, and notes what it sees.
func checkOf(broken func(o protocols.Observed) string) Check {
	return Check{"script", protocols.CheckerSpec{Name: "c", New: func(protocols.ProbeConfig) protocols.Checker { return checkFunc(broken) }}}
}

type checkFunc func(o protocols.Observed) string

func (checkFunc) Wants() []protocols.ObservationKind    { return []protocols.ObservationKind{0} }
func (f checkFunc) Observe(o protocols.Observed) string { return f(o) }

// Checkers see the observations of all nodes in one order of time, a violation
// has its place and is told once, and with Stop.Violation the run ends at the
// control instant after it; what lies behind it is not seen.
func TestViolationStops(t *testing.T) {
	for _, stop := range []bool{false, true} {
		var seen []protocols.Observed
		c := ticker(5)
		c.Checks = []Check{checkOf(func(o protocols.Observed) string {
			seen = append(seen, o)
			if o.Value >= 42 {
				return fmt.Sprintf("node %d ticks %d times", o.Node, o.Value)
			}
			return ""
		})}
		c.Stop.Violation = stop
		r := mustRun(t, c)
		want := Violation{Protocol: "script", Check: "c", At: 42 * ms, Text: "node 0 ticks 42 times"}
		if len(r.Violations) > 0 {
			want.Cause = r.Violations[0].Cause
		}
		if !slices.Equal(r.Violations, []Violation{want}) || want.Cause == 0 {
			t.Errorf("violations are %+v, want %+v", r.Violations, want)
		}
		if !slices.IsSortedFunc(seen, func(a, b protocols.Observed) int { return int(a.At - b.At) }) || len(seen) != 41*5+1 {
			t.Errorf("a check saw %d observations, want %d in order of time", len(seen), 41*5+1)
		}
		ending, end := EndDuration, 100*ms
		if stop {
			ending, end = EndViolation, 50*ms
		}
		if r.Ending != ending || r.End != end || r.Samples[len(r.Samples)-1].At != end {
			t.Errorf("the run ended at %v by %s, want %v by %s; samples are %+v", r.End, r.Ending, end, ending, r.Samples)
		}
	}
}

// settling is a probe that is settled from some number of ticks on.
type settling struct {
	blind
	n, ticks int
}

func (s *settling) Observe(protocols.Observed) { s.ticks++ }
func (s *settling) Sample(at protocols.Time, out *protocols.Figures) {
	out.Point("ticks", at, float64(s.ticks))
}
func (s *settling) Finish(t protocols.RunTotals, o *protocols.Figures) {
	o.Scalar("all", t.At, float64(t.Observations[0].Count))
}
func (s *settling) Settled() bool { return s.ticks >= s.n }

// With Stop.Reached a run ends at the first sample at which all probes with goals
// are settled and no workload nor fault is left.
func TestReachedStops(t *testing.T) {
	for _, x := range []struct {
		name   string
		change func(c *Config)
		want   time.Duration
	}{
		{"goals", func(c *Config) {}, 30 * ms},
		{"workload", func(c *Config) { c.Workload = []Workload{&arrivals{at: []time.Duration{55 * ms}}} }, 60 * ms},
		{"fault to come", func(c *Config) { c.Faults = []Fault{{Name: "f", At: 41 * ms, Pause: &Pause{nodes(0)}}} }, 50 * ms},
		{"fault in force", func(c *Config) {
			c.Faults = []Fault{{Name: "f", At: ms, For: 70 * ms, Partition: &Partition{Sides: []Selector{nodes(0)}}}}
		}, 80 * ms},
		{"crash in force", func(c *Config) { c.Faults = []Fault{{Name: "f", At: ms, For: 60 * ms, Crash: &Crash{Nodes: nodes(3)}}} }, 70 * ms},
		{"no goals", func(c *Config) { c.Goals = nil }, 100 * ms},
		{"not asked", func(c *Config) { c.Stop.Reached = false }, 100 * ms},
	} {
		c := ticker(5)
		p := *c.Groups[0].Stack[0]
		p.Probe = func(protocols.ProbeConfig) protocols.Probe { return &settling{n: 25 * 4} }
		c.Groups[0].Stack = []*protocols.Protocol{&p}
		p.Metrics = []protocols.MetricSpec{{Name: "climb", Goal: true}}
		c.Probes, c.Stop.Reached, c.Goals = true, true, map[string][]float64{"script.climb": {1}}
		x.change(&c)
		r := mustRun(t, c)
		if r.End != x.want || (r.Ending == EndReached) != (x.want < 100*ms) {
			t.Errorf("%s: the run ended at %v by %s, want %v", x.name, r.End, r.Ending, x.want)
		}
		points := r.Series("script.ticks")
		if len(points) != len(r.Samples) || time.Duration(points[len(points)-1].At) != r.End {
			t.Errorf("%s: %d points for %d samples, the last at %v", x.name, len(points), len(r.Samples), points[len(points)-1].At)
		}
	}
}

// A cancelled run ends early with what it has: its figures fit together.
func TestCancel(t *testing.T) {
	cancel := make(chan struct{})
	c := ticker(5)
	seen := uint64(0)
	c.Checks = []Check{checkOf(func(protocols.Observed) string { seen++; return "" })}
	c.Progress = func(at time.Duration, _ uint64) {
		if at == 50*ms {
			close(cancel)
		}
	}
	c.Cancel = cancel
	r := mustRun(t, c)
	if r.Ending != EndCancelled || r.End < 50*ms || r.End >= 60*ms {
		t.Errorf("the run ended at %v by %s", r.End, r.Ending)
	}
	if want := r.Events - 5; seen != want { // five nodes booted
		t.Errorf("of %d observations %d were seen", want, seen)
	}
}

// The same, if the signal comes between two control instants.
func TestCancelBetweenControlInstants(t *testing.T) {
	cancel := make(chan struct{})
	c := ticker(5)
	seen := uint64(0)
	c.Checks = []Check{checkOf(func(o protocols.Observed) string {
		seen++
		return ""
	})}
	c.Sample, c.Cancel = 0, cancel
	c.Duration = time.Second
	c.Groups = append(c.Groups, Group{Name: "stopper", Count: 1, Stack: []*protocols.Protocol{(&script{name: "stopper",
		start:  func(env *protocols.Env) { env.SetTimer(0, 25*ms) },
		expire: func(*protocols.Env, protocols.TimerID) { close(cancel) }}).protocol()}})
	r := mustRun(t, c)
	if r.Ending != EndCancelled || r.End < 25*ms || r.End == c.Duration {
		t.Errorf("the run ended at %v by %s", r.End, r.Ending)
	}
	if want := r.Events - 7; seen != want { // six nodes booted, and one timer cancelled
		t.Errorf("of %d observations %d were seen", want, seen)
	}
}

// Samples and checkpoints lie at their instants, count what was before, and the
// last of each is the end.
func TestSamplesAndCheckpoints(t *testing.T) {
	c := ticker(4)
	c.Sample = 30 * ms
	r := mustRun(t, c)
	for i, at := range []time.Duration{0, 30 * ms, 60 * ms, 90 * ms, 100 * ms} {
		events := uint64(0)
		if at > 0 {
			events = 4 + 4*uint64(at/ms-1) // a tick at that very instant is not counted, others come later in it
		}
		if s := r.Samples[i]; s.At != at || s.Events != events || s.Live != 4 {
			t.Errorf("sample %d is %+v, want %d events at %v", i, s, events, at)
		}
		if p := r.Checkpoints[i]; p.At != at || p.Events != events {
			t.Errorf("checkpoint %d is %+v, want %d events at %v", i, p, events, at)
		}
	}
	if last := r.Checkpoints[4]; len(r.Samples) != 5 || len(r.Checkpoints) != 5 || last.Fingerprint != r.Fingerprint {
		t.Errorf("the last of %d checkpoints is %x, but the fingerprint is %x", len(r.Checkpoints), last.Fingerprint, r.Fingerprint)
	}
	c.Sample = 0
	if r := mustRun(t, c); len(r.Samples) != 1 || r.Samples[0].At != 100*ms {
		t.Errorf("without an interval there are samples %+v", r.Samples)
	}
}

// Every message that comes was sent once, by that sender to that receiver, and
// comes to one end: it is delivered or dropped, once, or is on its way when the
// run is over. Only a link that duplicates makes a second one.
func TestEveryMessageHasOneEnd(t *testing.T) {
	for seed := range uint64(20) {
		sent, ended := map[uint64]TraceEvent{}, map[uint64]bool{}
		for _, e := range runBy(t, quietWorld(seed, edit{}), oneWorker, nil).trace {
			if e.What == TraceSend {
				if _, ok := sent[e.Key]; ok {
					t.Fatalf("seed %d: sent twice: %+v", seed, e)
				}
				sent[e.Key], sent[child(e.Key, domainCopy, 1)] = e, e
			}
			if e.Peer == protocols.External || e.What != TraceDeliver && e.What != TraceDrop || strings.HasSuffix(e.Name, "crash of the sender") {
				continue
			}
			s, ok := sent[e.Key]
			from, to := s.Node, s.Peer
			if e.Node == from && e.What == TraceDrop && to == e.Peer { // at the sender
				from, to = to, from
			}
			if !ok || from != e.Peer || to != e.Node || e.At < s.At || e.Protocol != s.Protocol {
				t.Fatalf("seed %d: what was sent as\n\t%+v\nends as\n\t%+v", seed, s, e)
			}
			if ended[e.Key] {
				t.Fatalf("seed %d: ends twice: %+v", seed, e)
			}
			ended[e.Key] = true
		}
	}
}

// A node that never lets time pass cannot keep the user waiting.
func TestCancelWithinInstant(t *testing.T) {
	for _, mode := range []Mode{Windowed, Ordered} {
		for _, workers := range []int{1, 2} {
			cancel := make(chan struct{})
			c := meshOf(300, &script{
				start: func(env *protocols.Env) { env.SetTimer(0, ms) },
				expire: func(env *protocols.Env, tm protocols.TimerID) {
					if env.Self != 7 {
						return
					}
					if tm.Argument() == 2*patience {
						close(cancel)
					}
					env.SetTimer(protocols.Timer(0, tm.Argument()+1), 0)
				}}, ms)
			c.Mode, c.Workers, c.Cancel = mode, workers, cancel
			if r := mustRun(t, c); r.Ending != EndCancelled {
				t.Errorf("mode %d, %d workers: the run ended by %q", mode, workers, r.Ending)
			}
		}
	}
}
