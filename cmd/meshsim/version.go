package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Print the version, the compiler's and the platform",
		Example: "  meshsim version",
		Args:    a.none,
		GroupID: groupOther,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return a.printJSON(map[string]string{"version": version(), "go": runtime.Version(), "platform": platform()})
			}
			a.print("meshsim %s\n", versionText())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON in place of the text")
	return c
}

// versionText is "v1.2.3, go1.26.8, linux/amd64".
func versionText() string { return fmt.Sprintf("%s, %s, %s", version(), runtime.Version(), platform()) }

func platform() string { return runtime.GOOS + "/" + runtime.GOARCH }

// version is the module's, or of a build from a checkout its commit.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	return "devel" + commit(info.Settings)
}

func commit(settings []debug.BuildSetting) string {
	revision, modified := "", ""
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			revision = "-" + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			modified = "-modified"
		}
	}
	return revision + modified
}
