package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"meshsim/sim"
)

// benchmark is what a benchmark's flags ask for.
type benchmark struct {
	nodes, workers int
	seed           uint64
	mode           string
}

func (a *app) benchCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "bench WORKLOAD",
		Short: "Measure events a second and memory on a fixed workload",
		Long: `Runs a fixed workload and prints one line of JSON: how many events the kernel
handled, in how many seconds, and the most memory the process ever held. The clock
runs over the events alone, not over making the nodes. The environment variable
GOGC trades memory for speed; the line states it.

The workloads are those on which other simulators are measured, too. For what
signatures cost there is crypto.`,
		Example: `  meshsim bench phold --nodes 1000 --events 10000000
  meshsim bench phold --nodes 1000000 --events 5000000 --workers 2
  meshsim bench gossip --nodes 1000000
  meshsim bench gossip --nodes 100000 --network aws19
  meshsim bench lookups --nodes 100000
  meshsim bench task --nodes 10000 --tasks 1000000
  meshsim bench crypto`,
		GroupID: groupRun,
		Args:    a.unknownWorkload,
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.pholdCommand(), a.gossipCommand(), a.lookupsCommand(), a.taskBenchCommand(), a.scaleCommand(), a.cryptoCommand())
	return c
}

func (a *app) unknownWorkload(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usage("no workload is called %q; %s", args[0], meant(args[0], commandNames(c)))
}

func (b *benchmark) flags(c *cobra.Command) {
	f := c.Flags()
	b.nodes, b.workers = 1000, 1
	f.Var(&count{&b.nodes, 2, 100_000_000}, "nodes", "`N` nodes, as in --nodes 100000")
	f.Var(&count{&b.workers, 1, 64}, "workers", "`N` threads, as in --workers 2")
	f.Uint64Var(&b.seed, "seed", 1, "seed `N` of all randomness, as in --seed 7")
	f.Var(newWord(&b.mode, "auto", "windowed", "ordered"), "mode", "`WAY` to put events in order: auto, windowed or ordered, as in --mode ordered; they are the same")
}

// config is what the flags say of a run.
func (b *benchmark) config() sim.Config {
	modes := map[string]sim.Mode{"auto": sim.Auto, "windowed": sim.Windowed, "ordered": sim.Ordered}
	return sim.Config{Seed: b.seed, Workers: b.workers, Mode: modes[b.mode]}
}

// measurement is the line that a benchmark prints.
type measurement struct {
	Simulator         string  `json:"simulator"`
	Workload          string  `json:"workload"`
	Nodes             int     `json:"nodes"`
	Workers           int     `json:"workers"`
	Events            uint64  `json:"events"`
	Seconds           float64 `json:"seconds"`
	EventsPerSecond   float64 `json:"events_per_second"`
	PeakResidentBytes uint64  `json:"peak_resident_bytes"`
	GOGC              string  `json:"gogc"`
	SimulatedSeconds  float64 `json:"simulated_seconds"`
	Fingerprint       string  `json:"fingerprint"`
}

// measure runs a workload and prints what it took.
func (a *app) measure(ctx context.Context, workload string, cfg sim.Config) error {
	_, err := a.take(ctx, workload, cfg)
	return err
}

// take is measure for those who need the figures.
func (a *app) take(ctx context.Context, workload string, cfg sim.Config) (measurement, error) {
	watch := stopwatch{now: a.now}
	cfg.Progress, cfg.Cancel = watch.progress, ctx.Done()
	r, err := sim.Run(cfg)
	switch {
	case err != nil:
		return measurement{}, err
	case r.Ending == sim.EndCancelled:
		return measurement{}, errInterrupted
	}
	events, seconds := watch.events(), watch.seconds()
	m := measurement{
		Simulator: "meshsim", Workload: workload, Nodes: r.Nodes, Workers: cfg.Workers, Events: events,
		Seconds: thousandths(seconds), EventsPerSecond: math.Round(float64(events) / seconds),
		PeakResidentBytes: peakResident(), GOGC: a.gogc(), SimulatedSeconds: r.End.Seconds(),
		Fingerprint: fmt.Sprintf("%016x", r.Fingerprint),
	}
	line, err := json.Marshal(m)
	if err != nil {
		return measurement{}, internal(err)
	}
	a.print("%s\n", line)
	return m, nil
}

func thousandths(v float64) float64 { return math.Round(v*1000) / 1000 }

// gogc is the garbage collector's setting, 100 by default.
func (a *app) gogc() string {
	if v := a.getenv("GOGC"); v != "" {
		return v
	}
	return "100"
}

// stopwatch measures from the first control instant, at which all nodes have
// booted, to the last one. What booting took and counted is left out.
type stopwatch struct {
	now         func() time.Time
	begin, end  time.Time
	first, last uint64
}

func (s *stopwatch) progress(_ time.Duration, events uint64) {
	s.end, s.last = s.now(), events
	if s.begin.IsZero() {
		s.begin, s.first = s.end, events
	}
}

func (s *stopwatch) events() uint64 { return s.last - s.first }

// seconds is at least a nanosecond, so that one can divide by it.
func (s *stopwatch) seconds() float64 { return max(s.end.Sub(s.begin), 1).Seconds() }

// peakResident is the most memory the process ever held, in bytes: VmHWM where
// the kernel tells it, else what Go took from the system.
func peakResident() uint64 {
	status, _ := os.ReadFile("/proc/self/status")
	for lines := bufio.NewScanner(bytes.NewReader(status)); lines.Scan(); {
		f := bytes.Fields(lines.Bytes())
		if len(f) == 3 && string(f[0]) == "VmHWM:" {
			if kib, err := strconv.ParseUint(string(f[1]), 10, 64); err == nil {
				return kib << 10
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}
