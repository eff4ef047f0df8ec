package scenarios

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meshsim/sim"
)

const small = `
meshsim: 1
name: small
run: {duration: 12s, seed: 9, repeat: 6}
nodes: {a: {count: 40}}
topology: {kind: small-world, degree: 4}
network: {default: {latency: 30ms, jitter: 5ms, loss: 5%}}
protocols: {gossip: {mode: push-pull, interval: 500ms, peers: neighbours}}
workload: [{publish: {from: a, rate: 1/s}, start: 1s, stop: 5s}]
faults: [{at: 2s, for: 3s, partition: {isolate: 1/3 of a}}]
expect:
  eventually: [gossip.coverage >= 100% within 7s]
  sometimes: [partitioned]
  thresholds: {gossip.convergence_time: ["p50 < 6s", mean < 6s], net.messages: [max < 100000]}
`

func mustParse(t testing.TB, text string, overrides ...string) *Scenario {
	t.Helper()
	s, err := Parse("test.yaml", []byte(text), overrides)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// timeless drops what differs from run to run, and what does not equal itself.
func timeless(results []*sim.Result) []*sim.Result {
	for _, r := range results {
		r.Cost = sim.Cost{}
		for i := range r.Samples {
			if math.IsNaN(r.Samples[i].Connected) {
				r.Samples[i].Connected = -1
			}
		}
	}
	return results
}

func TestStudyDoesNotDependOnWorkers(t *testing.T) {
	s := mustParse(t, small)
	var want *Study
	for _, workers := range []int{1, 2, 3, 8} {
		got, err := Run(context.Background(), s, Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		timeless(got.Results)
		if want == nil {
			want = got
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("the study of %d workers differs from that of 1", workers)
		}
	}
	if want.Outcome() != Holds || want.Finished() != 6 {
		t.Errorf("outcome %s of %d runs: %+v", want.Outcome(), want.Finished(), want.Verdicts)
	}
}

// The seed printed beside a replication repeats exactly that run.
func TestSeedOfAReplicationRepeatsIt(t *testing.T) {
	study, err := Run(context.Background(), mustParse(t, small), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if study.Results[0].Seed != 9 {
		t.Errorf("replication 0 has seed %d, want the scenario's", study.Results[0].Seed)
	}
	prints := map[uint64]bool{}
	for i, r := range study.Results {
		again, err := Run(context.Background(), mustParse(t, small, "run.repeat=1", fmt.Sprintf("run.seed=%d", r.Seed)), Options{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if got := again.Results[0].Fingerprint; got != r.Fingerprint {
			t.Errorf("replication %d with seed %d has fingerprint %x, then %x", i, r.Seed, r.Fingerprint, got)
		}
		prints[r.Fingerprint] = true
	}
	if len(prints) != len(study.Results) {
		t.Error("two replications are the same run")
	}
}

func TestCancelKeepsWhatFinished(t *testing.T) {
	s := mustParse(t, small)
	ctx, cancel := context.WithCancel(context.Background())
	var ran atomic.Int32
	study, err := Run(ctx, s, Options{Workers: 1, run: func(c sim.Config) (*sim.Result, error) {
		if ran.Add(1) == 3 {
			cancel()
		}
		return sim.Run(c)
	}})
	if err != nil {
		t.Fatal(err)
	}
	if study.Finished() != 2 || study.Results[2] == nil || study.Results[2].Ending != sim.EndCancelled || study.Results[3] != nil {
		t.Errorf("%d finished: %v", study.Finished(), study.Results)
	}
	if study.Outcome() != Undecided {
		t.Errorf("outcome %s, want undecided: %+v", study.Outcome(), study.Verdicts)
	}
	if text := study.Verdicts[0].Text; !strings.Contains(text, "only 2 of 6 runs finished") {
		t.Errorf("the verdict says %q", text)
	}
}

func TestFirstErrorIsTold(t *testing.T) {
	s := mustParse(t, small)
	for range 20 {
		_, err := Run(context.Background(), s, Options{Workers: 4, run: func(c sim.Config) (*sim.Result, error) {
			if c.Seed != s.Seed(0) {
				return nil, fmt.Errorf("seed %d", c.Seed)
			}
			return sim.Run(c)
		}})
		if want := fmt.Sprintf("seed %d", s.Seed(1)); err == nil || err.Error() != want {
			t.Fatalf("error %v, want %s", err, want)
		}
	}
}

// A panic costs its own replication and those that had not begun; the study tells
// the one with the lowest number, however many cores are at work.
func TestPanicKeepsWhatFinished(t *testing.T) {
	s := mustParse(t, small)
	for _, workers := range []int{1, 2, 4} {
		study, err := Run(context.Background(), s, Options{Workers: workers, run: func(c sim.Config) (*sim.Result, error) {
			if c.Seed != s.Seed(0) && c.Seed != s.Seed(1) {
				panic(errors.New("broken"))
			}
			return sim.Run(c)
		}})
		if err != nil {
			t.Fatal(err)
		}
		p := study.Panic
		if p == nil || p.Replication != 2 || p.Seed != s.Seed(2) || !strings.HasPrefix(p.Text, "broken, with seed ") {
			t.Errorf("%d workers: panic %+v", workers, p)
		}
		if study.Finished() != 2 || study.Results[1] == nil || study.Results[2] != nil || study.Outcome() != Undecided {
			t.Errorf("%d workers: %d finished, outcome %s", workers, study.Finished(), study.Outcome())
		}
	}
}

func TestProgressEndsComplete(t *testing.T) {
	var last Progress
	if _, err := Run(context.Background(), mustParse(t, small), Options{Workers: 3, Progress: func(p Progress) {
		if p.Share < last.Share-1e-9 || p.Events < last.Events {
			t.Errorf("progress went back from %+v to %+v", last, p)
		}
		last = p
	}}); err != nil {
		t.Fatal(err)
	}
	if last.Done != 6 || last.Runs != 6 || last.Share < 0.999 || last.Share > 1.001 || last.Events == 0 {
		t.Errorf("at the end: %+v", last)
	}
}

func TestRegularArrivalsAreExact(t *testing.T) {
	s := mustParse(t, small, "workload=[{publish: {from: a, rate: 3/s, count: 7}, start: 1s}]")
	cfg, err := s.Config(0)
	if err != nil {
		t.Fatal(err)
	}
	var got []time.Duration
	feed := cfg.Workload[0].Start()
	for in, ok := feed.Next(newRand()); ok; in, ok = feed.Next(newRand()) {
		got = append(got, in.At)
	}
	want := []time.Duration{1e9, 1333333333, 1666666666, 2e9, 2333333333, 2666666666, 3e9}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("arrivals %v, want %v", got, want)
	}
}
