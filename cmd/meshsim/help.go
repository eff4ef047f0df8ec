package main

import (
	"embed"
	"strings"

	"github.com/spf13/cobra"
)

// Examples come first: they are what people look for.
const helpTemplate = `{{with or .Long .Short}}{{. | trimTrailingWhitespaces}}
{{end}}{{if or .Runnable .HasSubCommands}}
{{.UsageString}}{{end}}`

const usageTemplate = `{{if .HasExample}}Examples:
{{.Example}}

{{end}}Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND{{else}}{{.UseLine}}{{end}}
{{$c := .}}{{if .HasAvailableSubCommands}}{{range .Groups}}
{{.Title}}{{$id := .ID}}{{range $c.Commands}}{{if and (eq .GroupID $id) .IsAvailableCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}
{{end}}{{if not .AllChildCommandsHaveGroup}}
Commands:{{range .Commands}}{{if and (eq .GroupID "") .IsAvailableCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}
{{end}}{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{.LocalFlags.FlagUsagesWrapped 100 | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableInheritedFlags}}
Flags of every command:
{{.InheritedFlags.FlagUsagesWrapped 100 | trimTrailingWhitespaces}}
{{end}}{{if .HasHelpSubCommands}}
Topics (meshsim help TOPIC):{{range .Commands}}{{if .IsAdditionalHelpTopicCommand}}
  {{rpad .Name .NamePadding}}  {{.Short}}{{end}}{{end}}
{{end}}{{if .HasAvailableSubCommands}}
{{.CommandPath}} COMMAND --help tells more of a command.
{{end}}`

func (a *app) setHelp(root *cobra.Command) {
	root.SetHelpTemplate(helpTemplate)
	root.SetUsageTemplate(usageTemplate)
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(a.helpCommand())
	root.InitDefaultHelpCmd()
	visit(root, func(c *cobra.Command) {
		c.DisableFlagsInUseLine = true
		c.Flags().SortFlags = false
		c.Flags().BoolP("help", "h", false, "show this help")
	})
}

// visit calls f for a command and all below it.
func visit(c *cobra.Command, f func(*cobra.Command)) {
	f(c)
	for _, sub := range c.Commands() {
		visit(sub, f)
	}
}

func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND|TOPIC]",
		Short:   "Help about a command or a topic",
		Example: "  meshsim help run\n  meshsim help exit-codes",
		GroupID: groupOther,
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			at, _, err := c.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return commandNames(at), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			at, rest, err := c.Root().Find(args)
			if err != nil || len(rest) > 0 {
				names := commandNames(c.Root())
				return usage("there is no help on %q; %s", strings.Join(args, " "), meant(args[len(args)-1], names))
			}
			return at.Help()
		},
	}
}

// The topics of the help, each a text whose first line says what it is about.
//
//go:embed topics/*.txt
var topicFiles embed.FS

var topics = []string{"exit-codes", "units", "selectors", "metrics", "expressions"}

// topicCommands make the topics known to the help and to completion. A command
// that cannot be run is a topic.
func topicCommands() []*cobra.Command {
	var list []*cobra.Command
	for _, name := range topics {
		title, text := topic(name)
		list = append(list, &cobra.Command{Use: name, Short: title, Long: title + "\n" + text})
	}
	return list
}

func topic(name string) (title, text string) {
	b, err := topicFiles.ReadFile("topics/" + name + ".txt")
	if err != nil {
		panic("meshsim: no text for the topic " + name) // it is built in
	}
	title, text, _ = strings.Cut(string(b), "\n")
	return title, text
}
