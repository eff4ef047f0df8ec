package main

import (
	"github.com/spf13/cobra"
)

// Groups of commands in the help.
const (
	groupRun   = "run"
	groupShow  = "show"
	groupWrite = "write"
	groupOther = "other"
)

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "meshsim",
		Short: "Simulate peer-to-peer and replicated systems",
		Long: `meshsim runs the real code of protocols on up to a million virtual nodes,
through the latency, loss, crashes and partitions that a YAML scenario declares.
A run ends in a verdict, in numbers and in plots, and is the same to the byte
wherever and however often it is run.`,
		Example: `  meshsim run quickstart                     # a scenario of the library, in a second
  meshsim init gossip > gossip.yaml          # a commented scenario to start from
  meshsim validate gossip.yaml               # all that is wrong with it, or what it will do
  meshsim run gossip.yaml --repeat 30        # 30 replications, intervals at 95%
  meshsim run gossip.yaml --set protocols.gossip.fanout=4
  meshsim explain network.default.loss       # what a field means`,
		SilenceErrors:      true,
		SilenceUsage:       true,
		DisableSuggestions: true, // unknown says more
		Args:               a.unknown,
		PersistentPreRunE:  a.readFlags,
		RunE:               func(c *cobra.Command, _ []string) error { return c.Help() },
		CompletionOptions:  cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.AddGroup(&cobra.Group{ID: groupRun, Title: "Run:"}, &cobra.Group{ID: groupShow, Title: "Compare, guard and show:"},
		&cobra.Group{ID: groupWrite, Title: "Write scenarios:"},
		&cobra.Group{ID: groupOther, Title: "Other:"})
	a.commonFlags(root)
	root.AddCommand(
		a.runCommand(),
		a.sweepCommand(),
		a.compareCommand(),
		a.plotCommand(),
		a.planCommand(),
		a.mergeCommand(),
		a.checkCommand(),
		a.verifyCommand(),
		a.benchCommand(),
		a.exportCommand(),
		a.initCommand(),
		a.validateCommand(),
		a.explainCommand(),
		a.schemaCommand(),
		a.listCommand(),
		a.versionCommand(),
		a.completionCommand(),
		a.manCommand(),
	)
	root.AddCommand(topicCommands()...)
	a.setHelp(root)
	return root
}

func (a *app) commonFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.Var(newWord(&a.color, "auto", "always", "never"), "color",
		"`WHEN` to use colours: auto (on a terminal, unless NO_COLOR is set), always or never, as in --color never")
	f.Var(newWord(&a.logFormat, "text", "json"), "log-format",
		"`FORMAT` of errors, logs and progress on standard error: text or json, as in --log-format json")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no progress and no warnings")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "also log the steps")
	completeWords(root, "color", "auto", "always", "never")
	completeWords(root, "log-format", "text", "json")
}

// readFlags applies the common flags, before a command runs.
func (a *app) readFlags(*cobra.Command, []string) error {
	a.startLog()
	if a.quiet && a.verbose {
		return usage("--quiet and --verbose contradict each other; leave one out")
	}
	return nil
}

func (a *app) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	c := &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print a script that completes commands, flags and scenarios",
		Long: `Prints a script that makes a shell complete commands, flags, fields of scenarios
and names of the library: bash, zsh, fish or powershell.`,
		Example: `  source <(meshsim completion bash)          # in this shell
  meshsim completion zsh > "${fpath[1]}/_meshsim"
  meshsim completion fish > ~/.config/fish/completions/meshsim.fish`,
		GroupID:   groupOther,
		ValidArgs: shells,
		Args:      a.oneOf("a shell", shells),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		root := c.Root()
		switch args[0] {
		case "bash":
			return root.GenBashCompletionV2(a.out, true)
		case "zsh":
			return root.GenZshCompletion(a.out)
		case "fish":
			return root.GenFishCompletion(a.out, true)
		}
		return root.GenPowerShellCompletionWithDesc(a.out)
	}
	return c
}
