package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "man DIR",
		Short: "Write the manual pages into a directory",
		Long: `Writes a manual page for each command and topic into a directory: meshsim.1,
meshsim-run.1 and so on. They bear the date in SOURCE_DATE_EPOCH, so that packages
can be built again to the same bytes; without it, none.`,
		Example: `  meshsim man ~/.local/share/man/man1
  man meshsim-run`,
		GroupID: groupOther,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage("%s needs one directory, as in: %s ~/.local/share/man/man1", c.CommandPath(), c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(c *cobra.Command, args []string) error { return a.man(c.Root(), args[0]) },
	}
}

func (a *app) man(root *cobra.Command, dir string) error {
	var date *time.Time
	if epoch := a.getenv("SOURCE_DATE_EPOCH"); epoch != "" {
		seconds, err := strconv.ParseInt(epoch, 10, 64)
		if err != nil {
			return usage("SOURCE_DATE_EPOCH is %q; write seconds since 1970, as date +%%s prints them", epoch)
		}
		at := time.Unix(seconds, 0).UTC()
		date = &at
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("cannot make the directory: %w; name another", err)
	}
	n := 0
	var failed error
	visit(root, func(c *cobra.Command) {
		if failed != nil || c.Name() == "help" {
			return
		}
		page, err := manPage(c, date)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, manName(c)+".1"), page, 0o666)
		}
		failed, n = err, n+1
	})
	if failed != nil {
		return internal(failed)
	}
	a.print("%d pages in %s\n", n, dir)
	return nil
}

func manName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manPage is the page of a command, or of a topic, which cobra takes for none.
func manPage(c *cobra.Command, date *time.Time) ([]byte, error) {
	header := &doc.GenManHeader{Section: "1", Source: "meshsim", Manual: "meshsim", Date: date}
	if date == nil {
		header.Date = &time.Time{}
	}
	if !c.Runnable() {
		c = &cobra.Command{Use: manName(c), DisableFlagsInUseLine: true, Short: c.Short, Long: "```\n" + c.Long + "\n```", Run: func(*cobra.Command, []string) {}}
	}
	c.DisableAutoGenTag = true
	var b bytes.Buffer
	if err := doc.GenMan(c, header, &b); err != nil {
		return nil, err
	}
	page := b.Bytes()
	if date == nil { // the zero time is no date
		page = bytes.Replace(page, []byte(`"Jan 0001"`), []byte(`""`), 1)
	}
	return page, nil
}
