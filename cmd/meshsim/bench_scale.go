package main

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"meshsim/report/chart"
)

func (a *app) scaleCommand() *cobra.Command {
	var b benchmark
	var events int
	var plot string
	c := &cobra.Command{
		Use:   "scale",
		Short: "PHOLD from a thousand nodes to a million, and a plot of the cost of an event",
		Long: `Runs PHOLD with the same number of events among 1000 nodes, 3000, 10000 and so on up
to a million, and prints a line for each. The cost of an event should grow only
where the nodes' states leave a cache. Memory in a line is the most so far.`,
		Example: `  meshsim bench scale --plot cost.svg
  meshsim bench scale --events 20000000 --workers 2`,
		Args: a.none,
		RunE: func(c *cobra.Command, _ []string) error { return a.scale(c.Context(), &b, events, plot) },
	}
	b.flags(c)
	f := c.Flags().Lookup("nodes")
	f.Usage, f.DefValue = "up to `N` nodes, as in --nodes 100000", "1000000"
	b.nodes, events = 1_000_000, 4_000_000
	c.Flags().Var(&count{&events, 1, 2_000_000_000}, "events", "end each after about `N` events, as in --events 20000000")
	c.Flags().StringVar(&plot, "plot", "", "write the cost of an event over the number of nodes to `FILE`, as in --plot cost.svg")
	return c
}

// scale measures PHOLD at growing sizes.
func (a *app) scale(ctx context.Context, b *benchmark, events int, plot string) error {
	var nodes, cost []float64
	for size, n := 1000, 0; size <= b.nodes; n++ {
		one := *b
		one.nodes = size
		cfg, err := pholdConfig(&one, events)
		if err != nil {
			return err
		}
		m, err := a.take(ctx, "phold", cfg)
		if err != nil {
			return err
		}
		nodes, cost = append(nodes, float64(size)), append(cost, m.Seconds/float64(m.Events))
		size = [2]int{3, 10}[n%2] * size / [2]int{1, 3}[n%2]
	}
	if plot == "" {
		return nil
	}
	return a.plotCost(plot, b.workers, nodes, cost)
}

func (a *app) plotCost(path string, workers int, nodes, cost []float64) error {
	c := chart.Chart{
		Title:    "Cost of an event",
		Subtitle: "PHOLD: as many events on their way as there are nodes",
		X:        chart.Axis{Label: "nodes", Unit: "1", Log: true},
		Y:        chart.Axis{Label: "time an event", Unit: "s", Zero: true},
		Curves:   []chart.Curve{{Name: fmt.Sprintf("%d workers", workers), X: nodes, Y: cost}},
	}
	if workers == 1 {
		c.Curves[0].Name = "1 worker"
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := c.SVG(f); err != nil {
		return err
	}
	return f.Close()
}
