package protocoltest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A step of a script: comments and blank lines, a command, what it printed.
//
//	# The publisher pushes to its partners.
//	expire 0 round
//	----
//	0 -> 2 push 0/1
//
// The output ends at a blank line. The format is that of cockroachdb/datadriven.
type step struct {
	before  string // comments and blank lines, as they stand
	command string // lines of the command, joined
	line    int    // of the command
	output  string
}

// parseScript splits a script into steps; rest is what stands behind the last.
func parseScript(name, text string) (steps []step, rest string, err error) {
	lines := strings.SplitAfter(text, "\n")
	for i := 0; i < len(lines); {
		var s step
		for i < len(lines) && isBlank(lines[i]) {
			s.before += lines[i]
			i++
		}
		if i == len(lines) {
			return steps, s.before, nil
		}
		s.line = i + 1
		for i < len(lines) && strings.TrimSpace(lines[i]) != "----" {
			if isBlank(lines[i]) {
				return nil, "", fmt.Errorf("%s:%d: command without ----", name, s.line)
			}
			s.command += lines[i]
			i++
		}
		for i++; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
			s.output += lines[i]
		}
		steps = append(steps, s)
	}
	return steps, "", nil
}

func isBlank(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "#")
}

// runScripts runs each script that the pattern matches in a subtest: start makes
// what executes its commands. With REWRITE set in the environment, the outputs
// are written back instead of compared.
func runScripts(t *testing.T, pattern string, start func() func(command string) (string, error)) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts match %s (%v)", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
			runScript(t, file, start())
		})
	}
}

func runScript(t *testing.T, file string, execute func(command string) (string, error)) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	steps, rest, err := parseScript(file, string(text))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	rewrite := os.Getenv("REWRITE") != ""
	for _, s := range steps {
		got, err := execute(strings.TrimSpace(s.command))
		if err != nil {
			t.Fatalf("%s:%d: %s: %v", file, s.line, strings.TrimSpace(s.command), err)
		}
		if !rewrite && got != s.output {
			t.Fatalf("%s:%d: %s\ngot\n%swant\n%s(REWRITE=1 writes what is got)", file, s.line, s.command, got, s.output)
		}
		fmt.Fprintf(&out, "%s%s----\n%s", s.before, s.command, got)
	}
	out.WriteString(rest)
	if rewrite {
		if err := os.WriteFile(file, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
