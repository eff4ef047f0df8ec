package scenarios

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"meshsim/sim"
)

// Options say how a scenario is run. They change nothing in what comes out.
type Options struct {
	// Workers is how many cores are used: for the replications side by side or,
	// where there is one, within it. 0 takes all.
	Workers int
	Mode    sim.Mode
	Wire    bool // encode and decode each message at delivery

	// Trace gives the tracer of a replication, or nil; it may be nil itself.
	Trace func(replication int) sim.Tracer
	// Progress is told how far it is, by one goroutine at a time, at each control
	// instant of each replication; it may be nil.
	Progress func(Progress)

	run func(sim.Config) (*sim.Result, error) // in place of the kernel, for tests
}

// Progress is how far a study is.
type Progress struct {
	Done, Runs int     // replications
	Share      float64 // of the simulated time of all of them
	Events     uint64  // of all of them
}

// Study is a scenario with its results.
type Study struct {
	Scenario *Scenario
	Results  []*sim.Result // in the order of replications; nil where one did not finish
	Verdicts []Verdict
	Panic    *Panic // of the replication with the lowest number that had one, nil if none had
}

// Panic is what a protocol's code, or the kernel's, panicked with.
type Panic struct {
	Replication int
	Seed        uint64
	Text        string // what, in the first line; below it the stack
}

// Outcome is that of all verdicts together.
func (s *Study) Outcome() Outcome { return Worst(s.Verdicts) }

// Finished is how many replications ran to their end.
func (s *Study) Finished() int {
	n := 0
	for _, r := range s.Results {
		if r != nil && r.Ending != sim.EndCancelled {
			n++
		}
	}
	return n
}

// Run runs all replications of a scenario and holds its expectations against
// them. Results are the same bytes for any number of workers. When ctx is done,
// the replications that are running end at once, and the study holds what was
// finished and, of those cut short, what there is. After a panic no further one
// begins, and the study holds those that finished. An error is one of the
// scenario, and of the replication with the lowest number that has one.
func Run(ctx context.Context, s *Scenario, o Options) (*Study, error) {
	if o.run == nil {
		o.run = sim.Run
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	n := s.Run.Repeat
	t := &team{ctx: ctx, s: s, Options: o, results: make([]*sim.Result, n), errs: make([]error, n),
		at: make([]time.Duration, n), events: make([]uint64, n)}
	if o.Progress != nil {
		t.tell = t.report
	}
	t.work()
	for _, err := range t.errs {
		if err != nil {
			return nil, err
		}
	}
	return &Study{s, t.results, Evaluate(s, t.results), t.panicked}, nil
}

// A team of goroutines takes replications by turns. Each writes only what
// belongs to the replication that it has.
type team struct {
	Options
	ctx     context.Context
	s       *Scenario
	results []*sim.Result
	errs    []error
	tell    func(i int, at time.Duration, events uint64) // how far a replication is; may be nil

	mu     sync.Mutex // guards what follows
	next   int
	failed bool
	at     []time.Duration // by replication
	events []uint64
	total  Progress

	panicked *Panic // of the lowest replication so far
}

func (t *team) work() {
	side := min(t.Workers, len(t.results))
	var wait sync.WaitGroup
	for range side {
		wait.Go(func() {
			for i, ok := t.take(); ok; i, ok = t.take() {
				t.results[i], t.errs[i] = t.replicate(i, t.Workers/side)
				t.finish(i)
			}
		})
	}
	wait.Wait()
}

// take gives out the next replication. Numbers are given in order, so before
// one that fails all lower ones were run.
func (t *team) take() (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed || t.next == len(t.results) || t.ctx.Err() != nil {
		return 0, false
	}
	t.next++
	return t.next - 1, true
}

func (t *team) replicate(i, workers int) (*sim.Result, error) {
	defer t.rescue(i)
	cfg, err := t.s.Config(i)
	if err != nil {
		return nil, err
	}
	cfg.Workers, cfg.Mode, cfg.Wire = min(max(workers, 1), maxWorkers), t.Mode, t.Wire
	cfg.Cancel = t.ctx.Done()
	if t.Trace != nil {
		cfg.Trace = t.Trace(i)
	}
	if t.tell != nil {
		cfg.Progress = func(at time.Duration, events uint64) { t.tell(i, at, events) }
	}
	start := time.Now()
	r, err := t.run(cfg)
	if err == nil {
		t.cost(&r.Cost, time.Since(start), r.Events)
	}
	return r, err
}

// cost notes what a replication took. Memory is told only of one that ran alone.
func (t *team) cost(c *sim.Cost, wall time.Duration, events uint64) {
	c.Wall = wall
	c.EventsPerSec = float64(events) / max(wall.Seconds(), 1e-9)
	if t.s.Run.Repeat == 1 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		c.HeapBytes = m.HeapAlloc
	}
}

// rescue keeps a panic of a replication, so that the others are not lost.
func (t *team) rescue(i int) {
	p := recover()
	if p == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed = true
	if t.panicked == nil || i < t.panicked.Replication {
		t.panicked = &Panic{i, t.s.Seed(i), fmt.Sprintf("%v, with seed %d\n%s", p, t.s.Seed(i), debug.Stack())}
	}
}

// maxWorkers is the kernel's limit.
const maxWorkers = 64

func (t *team) finish(i int) {
	t.mu.Lock()
	t.total.Done++
	t.failed = t.failed || t.errs[i] != nil
	t.mu.Unlock()
	if r := t.results[i]; r != nil && t.tell != nil {
		t.tell(i, t.s.Run.Duration, r.Events)
	}
}

// report tells of all replications together.
func (t *team) report(i int, at time.Duration, events uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.total.Runs = len(t.results)
	t.total.Share += float64(at-t.at[i]) / float64(t.s.Run.Duration) / float64(len(t.results))
	t.total.Events += events - t.events[i]
	t.at[i], t.events[i] = at, events
	t.Progress(t.total)
}

// Replicate runs one replication alone; its results are the same bytes as those
// of [Run]. Progress is of that replication. The panic is nil unless the protocol's code, or the kernel's, had one.
func Replicate(ctx context.Context, s *Scenario, replication int, o Options) (*sim.Result, *Panic, error) {
	if o.run == nil {
		o.run = sim.Run
	}
	t := &team{ctx: ctx, s: s, Options: o}
	if o.Progress != nil {
		t.tell = func(_ int, at time.Duration, events uint64) {
			o.Progress(Progress{Runs: 1, Share: at.Seconds() / s.Run.Duration.Seconds(), Events: events})
		}
	}
	r, err := t.replicate(replication, o.Workers)
	return r, t.panicked, err
}
