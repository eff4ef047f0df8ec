package main

import (
	"time"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	jobs "meshsim/protocols/task"
	"meshsim/sim"
)

func (a *app) taskBenchCommand() *cobra.Command {
	b := taskBenchmark{}
	c := &cobra.Command{
		Use:   "task",
		Short: "Tasks that nodes place and run",
		Long: `Tasks enter at random nodes, on average 0.8 a second for each node, and take a core
an exponential time of a second on average. Under local they run where they enter;
under choices the less loaded of two random nodes runs each, 1ms away. The run ends
a minute after the mean time by which all have entered; nearly all are done then.`,
		Example: `  meshsim bench task --nodes 10000 --tasks 10000000
  meshsim bench task --nodes 10000 --tasks 10000000 --strategy choices --workers 2`,
		Args: a.none,
		RunE: func(c *cobra.Command, _ []string) error {
			cfg, err := b.config()
			if err != nil {
				return err
			}
			return a.measure(c.Context(), "task-"+b.strategy, cfg)
		},
	}
	b.flags(c)
	b.tasks = 100_000
	c.Flags().Var(&count{&b.tasks, 1, 1_000_000_000}, "tasks", "`N` tasks enter, as in --tasks 10000000")
	c.Flags().Var(newWord(&b.strategy, "local", "choices"), "strategy", "`NAME` of who places tasks: local or choices, as in --strategy choices")
	return c
}

// taskBenchmark is what the flags ask for.
type taskBenchmark struct {
	benchmark
	tasks    int
	strategy string
}

// The load of a core, as tasks of a second for every so much time.
const (
	meanSize = time.Second
	meanGap  = meanSize * 10 / 8
)

// config is the mesh and its tasks.
func (b *taskBenchmark) config() (sim.Config, error) {
	cfg := b.benchmark.config()
	gaps, err := draw.Exponential(0, max(int64(meanGap)/int64(b.nodes), 1))
	if err != nil {
		return cfg, internal(err)
	}
	sizes, err := draw.Exponential(1, int64(meanSize))
	if err != nil {
		return cfg, internal(err)
	}
	c := jobs.Default()
	c.Lease, c.Spare = 0, true
	p := jobs.NewLocal(c)
	if b.strategy == "choices" {
		p = jobs.NewChoices(c, jobs.DefaultChoices())
	}
	cfg.Groups = []sim.Group{{Name: "all", Count: b.nodes, CPU: sim.CPU{Cores: 2}, Stack: []*protocols.Protocol{p}}}
	cfg.Network.Default = sim.Link{Latency: sim.Latency{Base: time.Millisecond, Floor: time.Millisecond}}
	cfg.Workload = []sim.Workload{manyTasks{b.nodes, b.tasks, gaps, sizes}}
	cfg.Duration = time.Duration(float64(b.tasks)*meanGap.Seconds()/float64(b.nodes)*1e9) + time.Minute
	cfg.Sample = time.Second // what enters is made a second ahead
	cfg.Probes = true
	return cfg, nil
}

// manyTasks are Poisson arrivals of tasks at random nodes.
type manyTasks struct {
	nodes, tasks int
	gaps, sizes  *draw.Dist
}

func (m manyTasks) Start() sim.Feed { return &taskFeed{manyTasks: m} }

type taskFeed struct {
	manyTasks
	at   time.Duration
	made int
}

// Next is the next task.
func (f *taskFeed) Next(r *draw.Rand) (in sim.Injection, ok bool) {
	if f.made == f.tasks {
		return in, false
	}
	f.made++
	f.at += time.Duration(f.gaps.Sample(r))
	to := protocols.NodeID(r.IntN(f.nodes))
	t := &jobs.Task{ID: uint64(f.made), Size: time.Duration(f.sizes.Sample(r)), Origin: to, At: protocols.Time(max(f.at, 1))}
	return sim.Injection{At: f.at, To: to, Protocol: "task", Message: jobs.NewSubmit(t)}, true
}
