package worksteal_test

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/protocols/task/tasktest"
	"meshsim/protocols/worksteal"
	"meshsim/sim"
)

// fixedPoint is the mean time in system, in mean task sizes, of Mitzenmacher's
// simple stealing model (SPAA 1998, section 2): a processor that empties asks one
// random victim, once, and takes a task if it has at least two. With pi2 the
// share of processors that have at least two, the shares of those that have at
// least i more fall by a constant ratio.
func fixedPoint(load float64) float64 {
	pi2 := (1 + load - math.Sqrt(1+2*load-3*load*load)) / 2
	ratio := load / (1 + load - pi2)
	tasks := load + pi2/(1-ratio)
	return tasks / load
}

func TestFixedPoint(t *testing.T) {
	const n, warm, until = 128, 100 * time.Second, 600 * time.Second
	s := worksteal.Default()
	s.Tries, s.Retry = 1, 0
	for _, c := range []struct {
		percent   uint64
		published float64 // table 1, n to infinity
	}{{50, 1.6180}, {80, 2.5616}, {90, 3.5414}} {
		want := fixedPoint(float64(c.percent) / 100)
		if math.Abs(want-c.published) > 0.0001 {
			t.Errorf("load %d%%: the formula gives %.4f, published is %.4f", c.percent, want, c.published)
		}
		k := mesh(worksteal.New(tasktest.Plain(), s), n, 1, until+100*time.Second, poisson(t, n, draw.Ratio(c.percent, 100), time.Second, until, c.percent))
		a := keep(&k, warm)
		a.good(t, run(t, k))
		got := a.mean().Seconds()
		t.Logf("load %d%%: %d tasks, time in system %.4f, want %.4f", c.percent, a.n, got, want)
		if math.Abs(got/want-1) > 0.02 {
			t.Errorf("load %d%%: time in system is %.4f, want %.4f within 2%%", c.percent, got, want)
		}
	}
}

// T_P <= T_1/P + O(T_inf) (Blumofe and Leiserson, section 4), for a tree of tasks
// that enters at one node of P.
func TestMakespan(t *testing.T) {
	const depth, size = 11, 100 * time.Millisecond
	c := tasktest.Plain()
	c.Queue.Discipline = "lifo"
	s := worksteal.Default()
	s.Tries, s.Retry, s.RetryMax = 2, time.Millisecond, 4*time.Millisecond
	work, span := (1<<(depth+1)-1)*size, (depth+1)*size
	for _, p := range []int{1, 4, 16, 64} {
		tree := &task.Task{ID: 9, Size: size, Depth: depth, Width: 2}
		k := mesh(worksteal.New(c, s), p, 3, work/time.Duration(p)+2*span, sim.Injections{submit(0, 0, tree)})
		a := keep(&k, 0)
		a.good(t, run(t, k))
		least := max(work/time.Duration(p), span)
		t.Logf("P = %d: makespan %v, T1/P %v, Tinf %v, %d hand-overs", p, a.last, work/time.Duration(p), span, a.stolen)
		if got := time.Duration(a.last); a.n != 1 || got < least || got > work/time.Duration(p)+2*span {
			t.Errorf("P = %d: makespan is %v, want at least %v and at most T1/P + 2 Tinf = %v", p, got, least, work/time.Duration(p)+2*span)
		}
	}
}
