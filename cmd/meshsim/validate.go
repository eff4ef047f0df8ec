package main

import (
	"github.com/spf13/cobra"

	"meshsim/scenarios"
	"meshsim/scenarios/sweep"
)

func (a *app) validateCommand() *cobra.Command {
	var set []string
	var resolved, asJSON bool
	c := &cobra.Command{
		Use:   "validate SCENARIO...",
		Short: "Check scenarios, and say what they will do",
		Long: `Tells all that is wrong with scenarios, each mistake with its place and what to
write instead. Of a scenario that is right it prints the plan: nodes, links, the
timeline, how many runs there will be, and about what they will cost. Nothing is run.`,
		Example: `  meshsim validate gossip.yaml
  meshsim validate scenarios/*.yaml
  meshsim validate gossip.yaml --set run.duration=5m
  meshsim validate gossip.yaml --resolved > complete.yaml
  meshsim validate scenarios/*.yaml --json | jq '.[] | select(.right | not)'`,
		GroupID: groupWrite,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage("%s needs a scenario, as in: %s gossip.yaml", c.CommandPath(), c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: func(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
			return a.completeScenario(c, nil, typed)
		},
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case resolved && asJSON:
				return usage("--resolved prints YAML; leave out --json")
			case resolved:
				return a.validate(args, set, a.printResolved)
			case asJSON:
				return a.validateJSON(args, set)
			}
			return a.validate(args, set, a.printPlan)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&set, "set", nil, "change a field, as often as wanted: `PATH=VALUE`, as in --set network.default.loss=5%")
	f.BoolVar(&resolved, "resolved", false, "print the scenario with all defaults in place of the plan")
	f.BoolVar(&asJSON, "json", false, "print the mistakes, or the plan, as JSON")
	c.RegisterFlagCompletionFunc("set", completeSet)
	return c
}

// checked loads a scenario, with the values of its sweep.
func (a *app) checked(name string, set []string) (*scenarios.Scenario, error) {
	s, err := a.load(name, set)
	if err == nil && s.Sweep != nil {
		_, err = sweep.NewPlan(s, "", 1)
	}
	return s, err
}

// validate looks at each scenario; those that are wrong do not hide the others.
func (a *app) validate(names, set []string, show func(string, *scenarios.Scenario)) error {
	code := exitHolds
	for i, name := range names {
		s, err := a.checked(name, set)
		if err != nil {
			a.tell(err)
			code = exitUsage
			continue
		}
		if i > 0 {
			a.print("\n")
		}
		show(name, s)
	}
	return withCode(code)
}

func (a *app) printPlan(name string, s *scenarios.Scenario) {
	a.print("%s is right\n\n%s", name, s.Plan())
}

func (a *app) printResolved(_ string, s *scenarios.Scenario) { a.print("%s", s.Resolved()) }
