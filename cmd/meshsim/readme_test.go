package main

import (
	"bytes"
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// An example is a command that the README shows, with what it prints if the
// README shows that, too.
type example struct {
	line    int // in the README
	command string
	output  string // with … for what differs from run to run, or is left out
	shown   int    // the output's first line
	got     string // what it printed, if that is not the output
}

// long reports whether the README marks a command as one that takes its time.
// MESHSIM_LONG=1 runs those, too.
func (e *example) long() bool {
	_, comment, _ := strings.Cut(e.command, " # ")
	return slices.Contains(strings.FieldsFunc(comment, func(r rune) bool { return r < 'a' || r > 'z' }), "long")
}

// checkout is the repository's root, as an absolute path.
func checkout(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// readme returns the README by lines.
func readme(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(checkout(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// examples are the lines of fenced blocks marked sh. A block marked text that
// follows with nothing between shows what the last of them prints.
func examples(lines []string) (list []example) {
	fence, shown := "", -1
	for i, line := range lines {
		mark, fenced := strings.CutPrefix(line, "```")
		switch {
		case fenced && fence != "":
			fence = ""
		case fenced:
			if fence = mark; mark != "text" {
				shown = -1
			}
		case fence == "sh" && strings.TrimSpace(line) != "":
			list = append(list, example{line: i + 1, command: line})
			shown = len(list) - 1
		case fence == "text" && shown >= 0:
			if e := &list[shown]; e.shown == 0 {
				e.shown = i + 1
			}
			list[shown].output += line + "\n"
		case fence == "" && strings.TrimSpace(line) != "":
			shown = -1
		}
	}
	return list
}

// Every command of the README runs, and prints what the README shows. REWRITE=1
// writes the outputs anew that leave nothing out.
func TestREADMECommands(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" || testing.Short() {
		t.Skip("takes time, and a shell")
	}
	dir := t.TempDir() // results go there
	if err := os.Symlink(filepath.Join(checkout(t), "scenarios"), filepath.Join(dir, "scenarios")); err != nil {
		t.Fatal(err)
	}
	lines := readme(t)
	list := examples(lines)
	if len(list) < 10 {
		t.Fatalf("the README shows %d commands", len(list))
	}
	rewrite, long := os.Getenv("REWRITE") != "", os.Getenv("MESHSIM_LONG") != ""
	var stale []example
	for _, e := range list {
		if e.long() && !long || e.tests(t) {
			continue
		}
		got, ok := e.run(t, sh, dir)
		switch {
		case !ok || e.output == "" || shows(e.output, got):
		case rewrite && !elided.MatchString(e.output):
			e.got = got
			stale = append(stale, e)
		default:
			t.Errorf("README.md:%d: %s prints\n%s\nand the README shows\n%s", e.line, e.command, got, e.output)
		}
	}
	for _, e := range slices.Backward(stale) { // what follows moves
		lines = slices.Replace(lines, e.shown-1, e.shown-1+strings.Count(e.output, "\n"), e.anew()...)
	}
	if len(stale) > 0 {
		if err := os.WriteFile(filepath.Join(checkout(t), "README.md"), []byte(strings.Join(lines, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// anew is an output by lines, abbreviated where the README's was.
func (e *example) anew() []string {
	short := strings.Split(e.output, "\n")
	lines := strings.Split(strings.TrimRight(e.got, "\n"), "\n")
	for i, line := range lines {
		if k := slices.IndexFunc(short, func(s string) bool { return shows(s, line) }); k >= 0 {
			lines[i] = short[k]
		}
	}
	return lines
}

// tests reports whether the command is go test, which runs packages that are
// being tested now, too. They must be there.
func (e *example) tests(t *testing.T) bool {
	words := strings.Fields(e.command)
	if len(words) < 3 || words[1] != "test" {
		return false
	}
	if _, err := os.Stat(filepath.Join(checkout(t), strings.TrimSuffix(words[2], "..."))); err != nil {
		t.Errorf("README.md:%d: %v", e.line, err)
	}
	return true
}

// shellGo makes go run ./cmd/meshsim the command that the test binary is, and
// runs every other command of go at the repository's root.
const shellGo = `go() {
	if [ "$1 $2" = "run ./cmd/meshsim" ]; then
		shift 2
		meshsim "$@"
	else
		(cd "$MESHSIM_ROOT" && command go "$@")
	fi
}
`

// run runs the command and returns what it printed: its results, or else its
// complaints.
func (e *example) run(t *testing.T, sh, dir string) (got string, ok bool) {
	if !strings.HasPrefix(e.command, "go ") && !strings.HasPrefix(e.command, "sim/") {
		t.Errorf("README.md:%d: %s: a command begins with go or sim/, so that it runs at the root of a checkout", e.line, e.command)
		return "", false
	}
	c := exec.CommandContext(t.Context(), sh, "-ec", shellGo+e.command)
	c.Dir = dir
	if strings.HasPrefix(e.command, "sim/") {
		c.Dir = checkout(t)
	}
	c.Env = append(os.Environ(), "MESHSIM_ROOT="+checkout(t), "LC_ALL=C.UTF-8", "NO_COLOR=1")
	var out, trouble bytes.Buffer
	c.Stdout, c.Stderr = &out, &trouble
	start := time.Now()
	err := c.Run()
	t.Logf("%5.1fs %s", time.Since(start).Seconds(), e.command)
	if err != nil {
		t.Errorf("README.md:%d: %s: %v\n%s", e.line, e.command, err, trouble.Bytes())
		return "", false
	}
	return cmp.Or(out.String(), trouble.String()), true
}

// elided are lines that stand for lines left out.
var elided = regexp.MustCompile(`(?m)^ *…\n`)

// shows reports whether text that may be abbreviated is that of an output: … in
// a line is any text, … alone any lines.
func shows(short, output string) bool {
	quoted := regexp.QuoteMeta(strings.TrimRight(short, "\n"))
	pattern := elided.ReplaceAllString(quoted+"\n", `(?:.*\n)*?`)
	pattern = strings.ReplaceAll(pattern, "…", `[^\n]*`)
	return regexp.MustCompile(`^` + pattern + `\n*$`).MatchString(strings.TrimRight(output, "\n") + "\n")
}

func TestShows(t *testing.T) {
	const output = "one\ntwo 2\n\nthree … 3\n\n"
	for _, c := range []struct {
		short string
		want  bool
	}{
		{"one\ntwo 2\n\nthree … 3\n", true},
		{"one\n…\n", true},
		{"…\nthree…3", true},
		{"one\n  …\nthree … 3\n", true},
		{"one\n…\ntwo 2\n…\n", true},
		{"one\ntwo…\n\n…\n", true},
		{"one\n", false},
		{"one\n…\ntwo\n…\n", false},
		{"two 2\n…\n", false},
		{"one\n…\nthree", false},
		{"o.e\n…\n", false},
	} {
		if shows(c.short, output) != c.want {
			t.Errorf("shows(%q) is %t", c.short, !c.want)
		}
	}
}

// block returns the first fenced block of a language.
func block(t *testing.T, language string) string {
	_, text, _ := strings.Cut(strings.Join(readme(t), "\n"), "\n```"+language+"\n")
	text, _, found := strings.Cut(text, "\n```\n")
	if !found {
		t.Fatalf("the README shows no %s", language)
	}
	return text
}

// The scenario that the README shows runs as it is, and holds.
func TestREADMEScenario(t *testing.T) {
	c := exec.CommandContext(t.Context(), "meshsim", "run", "-", "--no-report")
	c.Stdin = strings.NewReader(block(t, "yaml"))
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// The contract that the README shows is that of the code.
func TestREADMEContract(t *testing.T) {
	code, err := os.ReadFile(filepath.Join(checkout(t), "protocols", "protocols.go"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(block(t, "go")) {
		if line = strings.TrimRight(line, "\n"); !strings.Contains(string(code), line+"\n") {
			t.Errorf("protocols.go has no line %q", line)
		}
	}
}

// The README names the commands that run and test everything, and shows each
// subcommand and exit code.
func TestREADMEIsWhole(t *testing.T) {
	lines := readme(t)
	list := examples(lines)
	commands := func(prefix string) bool {
		return slices.ContainsFunc(list, func(e example) bool {
			rest, ok := strings.CutPrefix(e.command, prefix)
			return ok && (rest == "" || rest[0] == ' ')
		})
	}
	for _, want := range []string{"go run ./cmd/meshsim run scenarios/library/quickstart.yaml", "go test ./..."} {
		if !commands(want) {
			t.Errorf("the README does not show %s", want)
		}
	}
	a, _, _ := testApp(t)
	visit(a.root(), func(c *cobra.Command) {
		words := strings.Fields(c.CommandPath())
		if c.Runnable() && c.Name() != "help" && len(words) == 2 && !commands("go run ./cmd/meshsim "+words[1]) {
			t.Errorf("the README does not show %s", c.CommandPath())
		}
	})
	text := strings.Join(lines, "\n")
	for code := exitHolds; code <= exitInconclusive; code++ {
		if !strings.Contains(text, "\n| "+decimal(uint64(code))+" | ") {
			t.Errorf("the README does not say what exit code %d means", code)
		}
	}
}

// link is a link or picture of Markdown, or a picture of HTML.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)|src="([^"]+)"`)

// What the README links to within the repository exists.
func TestREADMELinks(t *testing.T) {
	lines := readme(t)
	anchors := map[string]bool{}
	for _, line := range lines {
		if title, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			anchors["#"+anchor(title)] = true
		}
	}
	for i, line := range lines {
		for _, m := range link.FindAllStringSubmatch(line, -1) {
			to := m[1] + m[2]
			switch {
			case strings.HasPrefix(to, "https://"):
			case strings.HasPrefix(to, "#"):
				if !anchors[to] {
					t.Errorf("README.md:%d: there is no heading for %s", i+1, to)
				}
			default:
				if _, err := os.Stat(filepath.Join(checkout(t), filepath.FromSlash(to))); err != nil {
					t.Errorf("README.md:%d: %v", i+1, err)
				}
			}
		}
	}
}

// anchor is the name that a heading's title can be linked to by.
func anchor(title string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-':
			return r
		case r == ' ':
			return '-'
		}
		return -1
	}, strings.ToLower(title))
}
