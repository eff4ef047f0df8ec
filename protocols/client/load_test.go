package client_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
	"meshsim/protocols/linear"
	"meshsim/protocols/protocoltest"
)

// seen is what the clients of a run observed.
type seen struct {
	list   []protocols.Observed
	checks []protocols.Checker
	text   string
}

func (s *seen) observe(o protocols.Observed) {
	s.list = append(s.list, o)
	for _, c := range s.checks {
		if text := c.Observe(o); text != "" && s.text == "" {
			s.text = text
		}
	}
}

// of lists what was observed of a kind.
func (s *seen) of(kind string) (list []protocols.Observed) {
	for _, o := range s.list {
		if o.Protocol == "store" && client.Observations[o.Kind-base.Observation] == kind {
			list = append(list, o)
		}
	}
	return list
}

// run lets clients load the store.
func run(c *client.Config, f *faults, clients int, d time.Duration, o protocoltest.Options) (*seen, *protocoltest.Cluster) {
	s := &seen{}
	for _, spec := range client.Checkers(base) {
		s.checks = append(s.checks, spec.New(protocols.ProbeConfig{}))
	}
	o.Observe = s.observe
	k := protocoltest.NewCluster(store(c, f), 2+clients, o)
	k.Run(d)
	for _, x := range s.checks {
		violation, undecided := x.(protocols.Finisher).Finish(k.Now())
		if s.text == "" {
			s.text = violation + undecided
		}
	}
	return s, k
}

// instants are when operations were asked for by each client.
func (s *seen) instants() map[protocols.NodeID][]protocols.Time {
	m := map[protocols.NodeID][]protocols.Time{}
	for _, o := range s.of("asked") {
		m[o.Node] = append(m[o.Node], o.At)
	}
	return m
}

const ms = protocols.Time(time.Millisecond)

// A constant rate has equal distances, and each client its own phase.
func TestConstant(t *testing.T) {
	c := loads()["constant"]
	c.Start, c.Stop, c.Constant.Rate = time.Second, 6*time.Second, client.Rate{Count: 20, Per: time.Second}
	s, _ := run(c, &faults{}, 8, 10*time.Second, protocoltest.Options{})
	phases := map[protocols.Time]bool{}
	for id, list := range s.instants() {
		if len(list) != 100 || list[0] < 1000*ms || list[0] >= 1050*ms {
			t.Errorf("client %d asks %d times, first at %v", id, len(list), time.Duration(list[0]))
		}
		for i := 1; i < len(list); i++ {
			if list[i]-list[i-1] != 50*ms {
				t.Errorf("client %d waits %v", id, list[i]-list[i-1])
			}
		}
		phases[list[0]] = true
	}
	if len(phases) != 8 {
		t.Errorf("8 clients have %d phases", len(phases))
	}
}

// Poisson arrivals in windows have mean and variance of a Poisson distribution.
func TestPoisson(t *testing.T) {
	c := loads()["poisson"]
	c.Ramp, c.Poisson.Rate = nil, client.Rate{Count: 50, Per: time.Second}
	s, _ := run(c, &faults{}, 4, 100*time.Second, protocoltest.Options{})
	windows := make([]float64, 4*1000) // of 100 ms
	for id, list := range s.instants() {
		for _, at := range list {
			windows[int(id-2)*1000+min(int(at/(100*ms)), 999)]++
		}
	}
	mean, variance := moments(windows)
	// Standard errors: sqrt(5/4000) and about sqrt((5+2·25)/4000).
	if math.Abs(mean-5) > 4*0.0354 || math.Abs(variance-5) > 4*0.117 {
		t.Errorf("mean %v and variance %v, want 5 and 5", mean, variance)
	}
}

func moments(x []float64) (mean, variance float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		variance += (v - mean) * (v - mean) / float64(len(x)-1)
	}
	return mean, variance
}

// The rate of an open loop and the users of a closed one rise by steps.
func TestRamp(t *testing.T) {
	c := loads()["constant"]
	c.Constant.Rate = client.Rate{Count: 40, Per: time.Second}
	c.Ramp, c.Stop = &client.Ramp{Steps: 4, Every: 5 * time.Second}, 25*time.Second
	s, _ := run(c, &faults{}, 1, 25*time.Second, protocoltest.Options{})
	counts := make([]int, 5)
	for _, at := range s.instants()[2] {
		counts[at/(5000*ms)]++
	}
	for i, want := range []int{50, 100, 150, 200, 200} {
		if counts[i] < want-1 || counts[i] > want {
			t.Errorf("step %d: %d operations, want %d", i, counts[i], want)
		}
	}

	c = loads()["closed"]
	c.Closed.Concurrency, c.Closed.Think = 10, 0
	c.Ramp, c.Stop = &client.Ramp{Steps: 3, Every: time.Second}, 4*time.Second
	s, _ = run(c, &faults{}, 1, 4*time.Second, protocoltest.Options{Latency: 10 * time.Millisecond})
	slots := make([]int, 4)
	for _, at := range s.instants()[2] {
		slots[at/(1000*ms)]++
	}
	for i, users := range []int{4, 7, 10, 10} {
		if want := 50 * users; slots[i] < want-15 || slots[i] > want+15 { // 20 ms an operation; what is redirected takes longer
			t.Errorf("second %d: %d operations, want about %d", i, slots[i], want)
		}
	}
}

// In a closed loop, operations a second are users over latency and think time
// (the response time law).
func TestClosed(t *testing.T) {
	for _, thinking := range []string{"constant", "exponential"} {
		c := loads()["closed"]
		*c.Closed = client.Closed{Concurrency: 6, Think: 80 * time.Millisecond, Thinking: thinking}
		s, _ := run(c, &faults{}, 5, 100*time.Second, protocoltest.Options{Latency: 10 * time.Millisecond})
		if got, want := len(s.of("returned"))+len(s.of("refused")), 5*6*100*10; math.Abs(float64(got-want)) > 0.015*float64(want) {
			t.Errorf("%s: %d operations, want about %d", thinking, got, want)
		}
		if s.text != "" {
			t.Error(s.text)
		}
	}
}

// Bursts and traces come when they should.
func TestInstants(t *testing.T) {
	for _, c := range []struct {
		load string
		want []protocols.Time
	}{
		{"bursts", []protocols.Time{500 * ms, 500 * ms, 500 * ms, 1500 * ms, 1500 * ms, 1500 * ms, 2500 * ms}},
		{"trace", []protocols.Time{500 * ms, 500 * ms, 1500 * ms, 7500 * ms, 25500 * ms}},
	} {
		k := loads()[c.load]
		k.Start = 500 * time.Millisecond
		if k.Bursts != nil {
			k.Bursts.Size, k.Operations = 3, 7
		}
		s, _ := run(k, &faults{}, 1, 40*time.Second, protocoltest.Options{})
		got := s.instants()[2]
		if k.Bursts != nil { // a burst is begun or not
			got = got[:len(c.want)]
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.load, got, c.want)
		}
	}
}

// Shares of operations are as configured, and swaps expect what the client knows.
func TestShares(t *testing.T) {
	c := loads()["constant"]
	c.Constant.Rate = client.Rate{Count: 500, Per: time.Second}
	s, _ := run(c, &faults{}, 4, 20*time.Second, protocoltest.Options{})
	counts := map[kv.Op]float64{}
	for _, o := range s.of("asked") {
		op, key := linear.Unpack(o.Value)
		counts[op]++
		if key >= 40 {
			t.Fatalf("key %d of 40", key)
		}
	}
	n := float64(len(s.of("asked")))
	for op, share := range map[kv.Op]float64{kv.Get: 0.4, kv.Put: 0.3, kv.CompareAndSwap: 0.2, kv.Delete: 0.1} {
		if got := counts[op] / n; math.Abs(got-share) > 4*math.Sqrt(share*(1-share)/n) {
			t.Errorf("%v: a share of %v, want %v", op, got, share)
		}
	}
	refused, all := float64(len(s.of("refused"))), counts[kv.CompareAndSwap]
	if refused/all < 0.3 || refused/all > 0.9 {
		t.Errorf("%v of %v swaps are refused", refused, all)
	}
	values := map[uint64]bool{}
	for _, o := range s.of("writes") {
		if values[o.Value] || o.Value == 0 {
			t.Fatalf("value %d is written twice, or none", o.Value)
		}
		values[o.Value] = true
	}
}

// Lost, repeated and rejected messages: every operation is answered in the end,
// takes effect once, and the history is linearizable. A store without sessions
// executes some twice, which the checker finds.
func TestExactlyOnce(t *testing.T) {
	for _, twice := range []bool{false, true} {
		found := false
		for seed := range uint64(6) {
			c := loads()["closed"]
			c.Closed.Concurrency, c.Closed.Think, c.Stop = 2, 0, 20*time.Second
			c.Keys.Count = 6
			s, _ := run(c, &faults{reject: 2, twice: twice}, 4, 60*time.Second, protocoltest.Options{Seed: seed, Loss: draw.Ratio(1, 10)})
			found = found || s.text != ""
			if s.text != "" && !twice {
				t.Errorf("seed %d: %s", seed, s.text)
			}
			if asked, done := len(s.of("asked")), len(s.of("returned"))+len(s.of("refused")); asked != done || asked < 150 {
				t.Errorf("seed %d: %d of %d operations are answered", seed, done, asked)
			}
		}
		if found != twice {
			t.Errorf("executed twice: %v, but found: %v", twice, found)
		}
	}
}

// The waits between attempts double, up to their limit.
func TestBackOff(t *testing.T) {
	c := loads()["closed"]
	c.Closed.Concurrency, c.Timeout, c.BackOff, c.BackOffMax = 1, 100*time.Millisecond, 80*time.Millisecond, 400*time.Millisecond
	least, most := [6]protocols.Time{}, [6]protocols.Time{}
	for seed := range uint64(300) {
		s, _ := run(c, &faults{deaf: func(protocols.Time) bool { return true }}, 1, 5*time.Second, protocoltest.Options{Seed: seed})
		list := s.of("submitted")[1:] // the first one is redirected
		for i := range least {
			d := list[i+1].At - list[i].At - 100*ms
			if least[i] == 0 || d < least[i] {
				least[i] = d
			}
			most[i] = max(most[i], d)
		}
	}
	for i, period := range []protocols.Time{80 * ms, 160 * ms, 320 * ms, 400 * ms, 400 * ms, 400 * ms} {
		low, high := period/2, period*3/2
		if least[i] < low || least[i] > low+period/20 || most[i] > high || most[i] < high-period/20 {
			t.Errorf("wait %d is %v to %v, want %v to %v", i, least[i], most[i], low, high)
		}
	}
}

// A client says what it waits for, and a history of it costs little.
func TestWaits(t *testing.T) {
	c := loads()["closed"]
	c.Closed.Concurrency, c.Closed.Think = 3, 0
	_, k := run(c, &faults{deaf: func(now protocols.Time) bool { return now > 2000*ms }}, 1, 4*time.Second, protocoltest.Options{})
	if got := k.Nodes[2].(*node).client.Waits(); !strings.HasPrefix(got, "the answer to 3 operations, first to ") || strings.HasSuffix(got, " 1 attempts") {
		t.Errorf("waits for %q", got)
	}
	c.Stop = time.Second
	_, k = run(c, &faults{}, 1, 4*time.Second, protocoltest.Options{})
	if got := k.Nodes[2].(*node).client.Waits(); got != "" {
		t.Errorf("waits for %q, but nothing is under way", got)
	}
}

// A client that is sent to and fro follows five times in a row, then backs off.
func TestRedirects(t *testing.T) {
	c := loads()["closed"]
	c.Closed.Concurrency, c.Closed.Think, c.Timeout = 1, 0, time.Second
	s, _ := run(c, &faults{lost: true}, 1, 500*time.Millisecond, protocoltest.Options{})
	list := s.of("submitted")
	for i := 1; i < len(list); i++ {
		d := list[i].At - list[i-1].At
		if atOnce := d == 2*ms; atOnce == (i%6 == 0) {
			t.Errorf("attempt %d comes %v after the one before", i+1, time.Duration(d))
		}
	}
	if len(list) < 20 {
		t.Errorf("%d attempts", len(list))
	}
}

// A client whose clock was set back before it restarted finds its numbers used
// up: it learns so from the store, gives that operation up, and goes on.
func TestStale(t *testing.T) {
	s := &sink{}
	x := client.New(client.NewPlan(*client.Default(), base), s)
	env := &protocols.Env{}
	env.Reset(5, 100, 1, &protocols.Disk{})
	x.Start(env)
	x.Expire(env, env.Timers[0].Timer)
	first := s.sequence
	stale := kv.Result{Status: kv.Stale, Value: 7000}
	env.Reset(5, 200, 2, &protocols.Disk{})
	if !x.Reply(env, first, stale.AppendTo(nil)) || s.sequence != 7001 {
		t.Errorf("operation %d follows %d, want 7001", s.sequence, first)
	}
	if o := env.Observations[0]; client.Observations[o.Kind-base.Observation] != "failed" || o.Key != first {
		t.Errorf("observes %+v first, want that the operation failed", o)
	}
	for _, b := range [][]byte{nil, {9}, stale.AppendTo(nil)[1:]} {
		if x.Reply(env, s.sequence, b) {
			t.Errorf("%x is taken for a result", b)
		}
	}
	if x.Reply(env, first, stale.AppendTo(nil)) {
		t.Error("an old answer is taken")
	}
}

// Zipf keys are asked for in proportion.
func TestZipfKeys(t *testing.T) {
	c := loads()["constant"]
	c.Constant.Rate, c.Keys = client.Rate{Count: 500, Per: time.Second}, client.Keys{Count: 10, Distribution: "zipf", Exponent: 1}
	s, _ := run(c, &faults{}, 4, 10*time.Second, protocoltest.Options{})
	counts := make([]float64, 10)
	for _, o := range s.of("asked") {
		_, key := linear.Unpack(o.Value)
		counts[key]++
	}
	n, harmonic := float64(len(s.of("asked"))), 2.9289682539682538
	for k, got := range counts {
		p := 1 / float64(k+1) / harmonic
		if math.Abs(got/n-p) > 4*math.Sqrt(p*(1-p)/n) {
			t.Errorf("key %d has a share of %v, want %v", k, got/n, p)
		}
	}
}

// sink answers every attempt as soon as the benchmark says so.
type sink struct{ sequence uint64 }

func (s *sink) Submit(_ *protocols.Env, r *client.Request) { s.sequence = r.Sequence }

// An operation of a client: asked for, submitted, answered.
func BenchmarkOperation(b *testing.B) {
	b.ReportAllocs()
	c, s := client.Default(), &sink{}
	x := client.New(client.NewPlan(*c, base), s)
	env, disk := &protocols.Env{}, &protocols.Disk{}
	env.Reset(5, 0, 1, disk)
	x.Start(env)
	x.Expire(env, env.Timers[0].Timer)
	result := kv.Result{Status: kv.Done, Value: 7}
	done := result.AppendTo(nil)
	for i := range b.N {
		env.Reset(5, protocols.Time(i), uint64(i), disk)
		if !x.Reply(env, s.sequence, done) {
			b.Fatal("nothing waits for the answer")
		}
	}
}
