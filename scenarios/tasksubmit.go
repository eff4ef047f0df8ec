package scenarios

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Submission is a stream of tasks.
type Submission struct {
	To       Selector          `key:"to" required:"true" example:"all" doc:"where tasks enter; of several nodes one is drawn for each"`
	Size     time.Duration     `key:"size" default:"1s" min:"1ns" max:"8760h" doc:"mean time for which a core of speed 1 is busy with a task"`
	Sizes    string            `key:"sizes" default:"constant" enum:"constant,exponential,uniform,lognormal,pareto" doc:"how sizes are distributed; uniform: from 0 to twice the mean; lognormal: with a standard deviation of the mean"`
	Tail     float64           `key:"tail" default:"2" min:"1.05" max:"100" doc:"of pareto: the exponent with which large sizes die out"`
	Bytes    strict.Size       `key:"bytes" default:"0B" max:"16MiB" doc:"what travels with a task that moves"`
	Memory   strict.Size       `key:"memory" default:"0B" max:"1024TiB" doc:"what a task needs while it runs"`
	Needs    []task.Capability `key:"needs" doc:"what a node must offer to run it, as in [gpu, ssd:2]"`
	Priority int               `key:"priority" default:"0" min:"0" max:"255" doc:"larger is more urgent, where queues look at it"`
	Deadline time.Duration     `key:"deadline" default:"0s" max:"8760h" doc:"a task is late so long after it was asked for; 0s: never"`
	DAG      *DAG              `key:"dag" off:"true" doc:"each task is a job of several parts, which depend on one another"`
	Burst    int               `key:"burst" default:"1" min:"1" max:"1000000" doc:"tasks that come at once, each time"`
	Diurnal  *Diurnal          `key:"diurnal" off:"true" doc:"the rate rises and falls; what is written as rate is the highest"`
	Trace    *JobTrace         `key:"trace" off:"true" doc:"times and sizes are those of recorded jobs, in place of a rate"`
	Flow     `key:",inline"`
}

// Diurnal is a rate that rises and falls evenly, as between night and day.
type Diurnal struct {
	Period time.Duration    `key:"period" default:"24h" min:"1ms" doc:"from low to high and back; begins low"`
	Low    draw.Probability `key:"low" default:"20%" doc:"the lowest rate, as a share of the highest"`
}

// JobTrace is a recorded day of a cluster.
type JobTrace struct {
	Jobs      string           `key:"jobs" default:"fb2009" enum:"fb2009" doc:"which: fb2009 is 5894 jobs of a day of a Facebook cluster (Chen et al. 2011)"`
	Time      task.Factor      `key:"time" default:"1" doc:"times are multiplied by it: 0.01 makes a day of a quarter of an hour"`
	Bandwidth strict.Bandwidth `key:"bandwidth" default:"800Mbit/s" min:"1bit/s" max:"1000Tbit/s" doc:"the size of a task is the bytes of its job, taken at that rate"`
	Longest   time.Duration    `key:"longest" default:"1h" min:"1ns" max:"8760h" doc:"no task is larger"`
}

// compileSubmit makes the tasks of an entry.
func (c *compiler) compileSubmit(l *Traffic, row int, path string) {
	s := l.Submit
	to, ok := c.members(s.To, path+".to", lacksTask)
	if !ok {
		return
	}
	c.checkSubmit(s, path)
	sizes, err := s.sizes()
	if err != nil {
		c.Report(path+".size", "%v", err)
		return
	}
	shape := c.compileDAG(s, path)
	jobs := c.jobsOf(l, path)
	needs, start, stop := task.NewVector(s.Needs), l.Start, min(l.Stop, c.Run.Duration)
	c.loads = append(c.loads, func() sim.Feed {
		f := &submissions{of: s, to: to, sizes: sizes, shape: shape, needs: needs, jobs: jobs, row: uint64(row+1) << task.RowBits}
		f.stream = stream{Flow: s.Flow, start: start, stop: stop}
		if s.Rate.Count == 0 {
			f.stream.Count = max(s.Count, 1)
		}
		return f
	})
}

// sizes is the distribution of sizes.
func (s *Submission) sizes() (*draw.Dist, error) {
	mean := int64(s.Size)
	switch s.Sizes {
	case "exponential":
		return draw.Exponential(0, mean)
	case "uniform":
		return draw.Uniform(1, 2*mean), nil
	case "lognormal":
		return draw.Lognormal(0, mean, mean)
	case "pareto":
		return lomax(mean, s.Tail)
	}
	return draw.Constant(mean), nil
}

// submissions yields the tasks of an entry.
type submissions struct {
	stream
	of    *Submission
	to    []protocols.NodeID
	sizes *draw.Dist
	needs task.Vector
	shape *shape
	jobs  []traced
	row   uint64
	tasks uint64
	burst int // tasks that are left of the burst
}

// traced is a task of a trace.
type traced struct{ at, size time.Duration }

// Next returns the next task, or job.
func (s *submissions) Next(r *draw.Rand) (sim.Injection, bool) {
	size := time.Duration(0)
	switch {
	case s.jobs != nil:
		if s.tasks == uint64(len(s.jobs)) {
			return sim.Injection{}, false
		}
		s.at, size = s.jobs[s.tasks].at, s.jobs[s.tasks].size
	case s.burst > 0:
		s.burst--
	case !s.arrive(r):
		return sim.Injection{}, false
	}
	s.tasks++
	to := s.to[r.IntN(len(s.to))]
	return sim.Injection{At: s.at, To: to, Protocol: "task", Message: s.submit(to, size, r)}, true
}

// arrive finds when the next tasks come.
func (s *submissions) arrive(r *draw.Rand) bool {
	for s.stream.Count == 0 || s.made < int64(s.stream.Count) {
		if s.Rate.Count > 0 || s.made == 0 {
			s.at = s.time(r)
		}
		if s.at >= s.stop || s.at < 0 {
			return false
		}
		s.made++
		if s.of.Diurnal == nil || r.Hit(s.of.Diurnal.share(s.at-s.start)) {
			s.burst = s.of.Burst - 1
			return true
		}
	}
	return false
}

// share is the rate at a time, as a share of the highest: a triangle.
func (d *Diurnal) share(at time.Duration) draw.Probability {
	half := max(d.Period/2, 1)
	phase := at % (2 * half)
	if phase > half {
		phase = 2*half - phase
	}
	rise := draw.Ratio(uint64(phase), uint64(half))
	return d.Low + draw.Probability(mulProbability(uint64(draw.Always-d.Low), uint64(rise)))
}

// submit makes a task for a node.
func (s *submissions) submit(to protocols.NodeID, size time.Duration, r *draw.Rand) protocols.Message {
	if size == 0 {
		size = s.size(r)
	}
	t := task.Task{ID: s.row + s.tasks, Size: size, Bytes: int(s.of.Bytes), Memory: int64(s.of.Memory), Needs: s.needs,
		Priority: uint8(s.of.Priority), Deadline: s.of.Deadline, Origin: to, At: protocols.Time(max(s.at, 1))}
	return s.shape.submit(&t, func() time.Duration { return s.size(r) })
}

func (s *submissions) size(r *draw.Rand) time.Duration {
	return time.Duration(min(max(s.sizes.Sample(r), 1), int64(task.MaxSize)))
}
