package main

import (
	"strings"

	"github.com/spf13/cobra"

	"meshsim/report"
	"meshsim/scenarios"
)

func (a *app) explainCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain [PATH]",
		Short: "Say what a field of a scenario means",
		Long: `Says what may be written at a place of a scenario: what it means, its unit, default
and bounds, and the fields below it. Without a path it tells of the whole file.
Names of groups and numbers of entries may be left out of the path.`,
		Example: `  meshsim explain
  meshsim explain network.default.loss
  meshsim explain protocols.gossip
  meshsim explain faults.partition`,
		GroupID: groupWrite,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("%s takes one path, with dots, as in network.default.loss; got %q", c.CommandPath(), strings.Join(args, " "))
			}
			return nil
		},
		ValidArgsFunction: completePath,
		RunE: func(_ *cobra.Command, args []string) error {
			path := strings.Join(args, "")
			if asJSON {
				d, err := scenarios.Describe(path)
				if err != nil {
					return err
				}
				return a.printJSON(d)
			}
			text, err := scenarios.Explain(path)
			if err != nil {
				return err
			}
			a.print("%s", text)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON in place of the text")
	return c
}

// completePath offers the fields below what was typed so far.
func completePath(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	above := ""
	if i := strings.LastIndexByte(typed, '.'); i >= 0 {
		above = typed[:i]
	}
	var paths []string
	for _, key := range scenarios.Fields(above) {
		if above != "" {
			key = above + "." + key
		}
		paths = append(paths, key)
	}
	return paths, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// completeSet offers the fields that --set can change.
func completeSet(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return completePath(c, nil, typed)
}

func (a *app) schemaCommand() *cobra.Command {
	var summary bool
	c := &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of scenarios, for editors",
		Long: `Prints the JSON Schema (2020-12) of scenario files. An editor that is given it
completes fields, shows what they mean, and marks mistakes. With the YAML language
server, this line at the top of a scenario does it:

  # yaml-language-server: $schema=meshsim.schema.json`,
		Example: `  meshsim schema > meshsim.schema.json
  meshsim schema --summary > summary.schema.json`,
		GroupID: groupWrite,
		Args:    a.none,
		RunE: func(*cobra.Command, []string) error {
			schema := scenarios.Schema()
			if summary {
				schema = report.SummarySchema
			}
			a.print("%s\n", strings.TrimSpace(string(schema)))
			return nil
		},
	}
	c.Flags().BoolVar(&summary, "summary", false, "the schema of summary.json, which run writes, instead")
	return c
}
