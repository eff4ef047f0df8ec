package main

import (
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"meshsim/report/table"
	"meshsim/report/unit"
	"meshsim/scenarios/sweep"
)

func (a *app) planCommand() *cobra.Command {
	var o sweepOptions
	c := &cobra.Command{
		Use:   "plan SCENARIO",
		Short: "List the points and runs of a sweep, and what they will cost",
		Long: `Lists what meshsim sweep would run: the points, how many runs each, how many of them
the store holds already, and about what a run will cost. Nothing is run. With --json
every run is listed, with the name that it has in the store.`,
		Example: `  meshsim plan gossip.yaml
  meshsim plan quickstart --set protocols.gossip.fanout=2,3,4 --repeat 10
  meshsim plan gossip.yaml --json | jq '.runs | length'`,
		GroupID:           groupRun,
		Args:              a.oneScenario,
		ValidArgsFunction: a.completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			w, err := a.planned(args[0], &o)
			if err != nil {
				return err
			}
			if o.json {
				return w.planJSON()
			}
			w.planText()
			return nil
		},
	}
	o.flags(c)
	c.Flags().MarkHidden("workers")
	c.Flags().Lookup("json").Usage = "print every run, as JSON"
	return c
}

// eventsPerSecond is what a core does of an ordinary protocol, for estimates.
const eventsPerSecond = 1e6

func (w *sweeping) planText() {
	store := &sweep.Store{Dir: w.storeDir()}
	rows := [][]string{{"point", "runs", "stored", "events a run", "memory a run"}}
	runs, stored, left := 0, 0, 0.0
	for i := range w.plan.Points {
		at := &w.plan.Points[i]
		have := 0
		for _, r := range at.Runs {
			if _, err := store.Get(r.ID); err == nil {
				have++
			}
		}
		runs, stored = runs+len(at.Runs), stored+have
		left += float64(at.Events) * float64(len(at.Runs)-have)
		rows = append(rows, []string{at.Name, fmt.Sprint(len(at.Runs)), fmt.Sprint(have),
			unit.Text("1", math.Round(float64(at.Events))), unit.Text("B", float64(at.Bytes))})
	}
	most := ""
	if w.plan.Sequential() {
		most = "at most "
	}
	w.print("%s: %s, %s%s, %d of them stored\n\n", w.plan.Scenario.Name, plural(len(w.plan.Points), "point"), most, plural(runs, "run"), stored)
	for _, line := range table.Align(rows) {
		w.print("  %s\n", line)
	}
	w.print("\nabout %s events are left: %s on one core at a million events a second\n", unit.Text("1", math.Round(left)), unit.Text("s", left/eventsPerSecond))
	w.print("next    %s\n", w.next("sweep"))
}

// planJSON lists every run.
func (w *sweeping) planJSON() error {
	type run struct {
		ID          string `json:"id"`
		Point       string `json:"point"`
		Replication int    `json:"replication"`
		Seed        uint64 `json:"seed"`
		Events      uint64 `json:"estimated_events"`
	}
	out := struct {
		Version int    `json:"meshsim_plan"`
		Name    string `json:"name"`
		Engine  string `json:"engine"`
		Runs    []run  `json:"runs"`
	}{1, string(w.plan.Scenario.Name), w.plan.Engine, nil}
	for _, at := range w.plan.Points {
		for _, r := range at.Runs {
			out.Runs = append(out.Runs, run{r.ID, at.Name, r.Replication, r.Seed, at.Events})
		}
	}
	return w.printJSON(out)
}
