package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"meshsim/scenarios"
	"meshsim/sim"
)

// Options say how runs are made. They change nothing in what comes out.
type Options struct {
	Workers  int            // cores to use, 1 or more
	Progress func(Progress) // may be nil; told by one goroutine at a time
	Warn     func(error)    // of files of the store that are not what they should be; may be nil
}

// Progress is how far a sweep is.
type Progress struct {
	Done, Runs int     // Done of Runs are in the store
	Found      int     // … that were there before
	Share      float64 // of the work that was to do
}

// A Failure is a run that yields nothing, whatever it is tried.
type Failure struct {
	Run   Run
	Text  string
	Stack string // of a panic
}

// Outcome is what became of runs.
type Outcome struct {
	Made, Found int
	Failures    []Failure // in the order of the plan
	Differ      []error   // *DiffersError
}

// Execute makes those of some runs that the store does not hold. When ctx is
// done, runs that have not finished are dropped; those in the store stay. A run
// that fails does not keep the others from being made. The error is that of a
// store that cannot be written.
func (p *Plan) Execute(ctx context.Context, store *Store, runs []Run, o Options) (*Outcome, error) {
	e := &executor{plan: p, store: store, Options: o, loaded: map[*scenarios.Point]*loading{}, out: &Outcome{}, shares: map[int]float64{}}
	todo := e.missing(runs)
	e.progress = Progress{Done: e.out.Found, Runs: len(runs), Found: e.out.Found}
	for _, r := range todo {
		e.work += r.cost()
		if e.loaded[r.Point] == nil {
			e.loaded[r.Point] = &loading{}
		}
		e.loaded[r.Point].left++
	}
	e.failures = make([]*Failure, len(todo))
	side := max(min(o.Workers, len(todo)), 1)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	e.stop = stop
	var wait sync.WaitGroup
	for range side {
		wait.Go(func() {
			for i, ok := e.take(ctx, len(todo)); ok; i, ok = e.take(ctx, len(todo)) {
				e.make(ctx, i, todo[i], max(o.Workers/side, 1))
			}
		})
	}
	wait.Wait()
	for _, f := range e.failures {
		if f != nil {
			e.out.Failures = append(e.out.Failures, *f)
		}
	}
	return e.out, e.err
}

// An executor makes runs.
type executor struct {
	Options
	plan  *Plan
	store *Store
	stop  func()

	mu       sync.Mutex // guards what follows
	next     int
	loaded   map[*scenarios.Point]*loading
	out      *Outcome
	failures []*Failure // by run
	err      error
	progress Progress
	work     float64         // of all that is to be made
	finished float64         // … that is
	begun    float64         // … of runs that are being made
	shares   map[int]float64 // how far each of those is
}

// loading is a point's scenario while runs of it are made.
type loading struct {
	once sync.Once
	s    *scenarios.Scenario
	err  error
	left int // runs
}

// missing are the runs that the store does not hold whole.
func (e *executor) missing(runs []Run) (todo []Run) {
	for _, r := range runs {
		_, err := e.store.Get(r.ID)
		if err == nil {
			e.out.Found++
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) && e.Warn != nil {
			e.Warn(fmt.Errorf("%w; it is run again", err))
		}
		todo = append(todo, r)
	}
	return todo
}

// cost is that of the run, as far as the plan can tell.
func (r *Run) cost() float64 { return float64(r.Events) + 1 }

func (e *executor) take(ctx context.Context, n int) (int, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.next == n || ctx.Err() != nil {
		return 0, false
	}
	e.next++
	return e.next - 1, true
}

// make makes a run and stores it.
func (e *executor) make(ctx context.Context, i int, r Run, workers int) {
	rec, failure := e.record(ctx, i, r, workers)
	var err error
	if rec != nil {
		err = e.store.Put(rec)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.loaded[r.Point]
	if l.left--; l.left == 0 {
		delete(e.loaded, r.Point)
	}
	var differ *DiffersError
	switch {
	case failure != nil:
		e.failures[i] = failure
	case errors.As(err, &differ):
		e.out.Differ = append(e.out.Differ, err)
	case err != nil:
		if e.err == nil {
			e.err = fmt.Errorf("the store cannot be written: %w", err)
		}
		e.stop()
		return
	case rec == nil:
		return // was interrupted
	default:
		e.out.Made++
		e.progress.Done++
	}
	e.finished += r.cost()
	e.begun -= float64(e.shares[i] * r.cost())
	delete(e.shares, i)
	e.tell()
}

// advance notes how far a run is.
func (e *executor) advance(i int, r *Run, share float64) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.begun += float64((share - e.shares[i]) * r.cost())
	e.shares[i] = share
	e.tell()
}

// tell tells how far all runs are. It holds mu.
func (e *executor) tell() {
	if e.Progress == nil {
		return
	}
	e.progress.Share = (e.finished + e.begun) / e.work
	e.Progress(e.progress)
}

// record makes a run; both are nil if it was interrupted.
func (e *executor) record(ctx context.Context, i int, r Run, workers int) (*Record, *Failure) {
	e.mu.Lock()
	l := e.loaded[r.Point]
	e.mu.Unlock()
	l.once.Do(func() { l.s, l.err = r.Point.Load() })
	if l.err != nil {
		return nil, &Failure{Run: r, Text: l.err.Error()}
	}
	o := scenarios.Options{Workers: workers}
	if e.Progress != nil {
		o.Progress = func(p scenarios.Progress) { e.advance(i, &r, p.Share) }
	}
	result, panicked, err := scenarios.Replicate(ctx, l.s, r.Replication, o)
	switch {
	case panicked != nil:
		return nil, &Failure{r, firstLine(panicked.Text), panicked.Text}
	case err != nil:
		return nil, &Failure{Run: r, Text: err.Error()}
	case result == nil || result.Ending == sim.EndCancelled:
		return nil, nil
	}
	return newRecord(&r, l.s, result, e.plan.Engine), nil
}
