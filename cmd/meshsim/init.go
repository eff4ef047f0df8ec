package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"meshsim/scenarios"
)

func (a *app) initCommand() *cobra.Command {
	var output string
	templates := scenarios.Templates()
	c := &cobra.Command{
		Use:   "init [TEMPLATE]",
		Short: "Print a commented scenario to start from",
		Long: fmt.Sprintf(`Prints a scenario that runs as it is and says in comments what can be changed. A
template is a protocol or a stack of them (%s),
or a scenario of the library.`, orList(templates)),
		Example: `  meshsim init gossip > gossip.yaml
  meshsim init gossip --output gossip.yaml
  meshsim init quickstart > mine.yaml`,
		GroupID: groupWrite,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage("%s takes one template, got %d: %s", c.CommandPath(), len(args), shell(args...))
			}
			return nil
		},
		ValidArgsFunction: cobra.FixedCompletions(templateNames(), cobra.ShellCompDirectiveNoFileComp),
		RunE: func(_ *cobra.Command, args []string) error {
			name := templates[0]
			if len(args) > 0 {
				name = args[0]
			}
			text, err := template(name)
			if err != nil {
				return err
			}
			if output == "" {
				a.print("%s", text)
				return nil
			}
			return create(output, text)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "write to a new `FILE` instead, as in --output gossip.yaml")
	return c
}

// templateNames lists what init can print.
func templateNames() []string {
	names := scenarios.Templates()
	for _, e := range scenarios.Library() {
		if !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}

// template returns the text of a template.
func template(name string) ([]byte, error) {
	if slices.Contains(scenarios.Templates(), name) {
		return scenarios.Template(name)
	}
	for _, e := range scenarios.Library() {
		if e.Name == name {
			return e.Text, nil
		}
	}
	return nil, usage("there is no template %q; %s", name, meant(name, templateNames()))
}

// create writes a file that must not exist.
func create(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return usage("%s exists; choose another name, or remove it first", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}
