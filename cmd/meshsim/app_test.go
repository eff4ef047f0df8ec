package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// A panic ends with 4 and a message that names the protocol, never with Go's 2.
func TestPanicIsReported(t *testing.T) {
	for _, c := range []struct {
		what string
		run  func()
		want string
	}{
		{"a protocol's own", func() { honest().config().Groups[0].Stack[0].Decode(nil); panic("gossip: no such rumor") },
			`internal error: gossip: no such rumor, in cmd/meshsim\.\S+ \(app_test\.go:\d+\)`},
		{"of the language", func() { var p *plantNode; p.turns++ },
			`internal error: runtime error: invalid memory address or nil pointer dereference, in cmd/meshsim\.\S+ \(app_test\.go:\d+\)`},
		{"of another goroutine", func() {
			panic("boom, with seed 3\ngoroutine 7 [running]:\nruntime/debug.Stack()\n\t/go/stack.go:26 +0x5e\nmeshsim/scenarios.(*team).rescue(0xc0)\n" +
				"\t/x/scenarios/run.go:125 +0x45\npanic({0x1?, 0x2?})\n\t/go/panic.go:860 +0x13a\nmeshsim/protocols/gossip.(*node).Receive(0x1, {0x2, 0x3})\n" +
				"\t/x/protocols/gossip/node.go:88 +0x1b\nmeshsim/sim.Run(0x1)\n\t/x/sim/run.go:1 +0x1")
		}, `internal error: boom, with seed 3, in gossip\.\(\*node\)\.Receive \(node\.go:88\)`},
	} {
		a, out, stderr := testApp(t)
		t.Setenv("TMPDIR", t.TempDir())
		root := a.root()
		root.AddCommand(&cobra.Command{Use: "break", Run: func(*cobra.Command, []string) { c.run() }})
		code := a.execute(root, []string{"break", "--quiet"})
		if code != exitInternal || out.Len() > 0 || !regexp.MustCompile(`^meshsim: `+c.want+`\n`).Match(stderr.Bytes()) {
			t.Errorf("%s: exit code %d, and %s", c.what, code, stderr)
		}
		_, file, _ := strings.Cut(stderr.String(), "the file ")
		file, _, _ = strings.Cut(file, ": meshsim break --quiet\n")
		if b, err := os.ReadFile(file); err != nil || !strings.Contains(string(b), "command: meshsim break --quiet\n") || !strings.Contains(string(b), "panic(") {
			t.Errorf("%s: the stack is %q, %v", c.what, b, err)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, exitHolds}, {errors.New("x"), exitUsage}, {usage("x"), exitUsage}, {internal(errors.New("x")), exitInternal},
		{fmt.Errorf("more: %w", internal(errors.New("x"))), exitInternal}, {withCode(exitViolated), exitViolated},
		{withCode(exitHolds), exitHolds}, {internal(nil), exitHolds}, {errInterrupted, exitInterrupted},
	} {
		if got := codeOf(c.err); got != c.want {
			t.Errorf("codeOf(%v) is %d, want %d", c.err, got, c.want)
		}
	}
}

// The topic lists every exit code, and no other.
func TestExitCodesAreDocumented(t *testing.T) {
	_, text := topic("exit-codes")
	listed := regexp.MustCompile(`(?m)^  (\d)  `).FindAllStringSubmatch(text, -1)
	for i, m := range listed {
		if m[1] != fmt.Sprint(i) {
			t.Errorf("line %d tells of code %s", i, m[1])
		}
	}
	if len(listed) != exitInconclusive+1 {
		t.Errorf("%d codes are listed, want %d", len(listed), exitInconclusive+1)
	}
}

func TestColors(t *testing.T) {
	for _, c := range []struct {
		flag     string
		env      map[string]string
		terminal bool
		want     bool
	}{
		{"auto", nil, true, true},
		{"auto", nil, false, false},
		{"auto", map[string]string{"NO_COLOR": "1"}, true, false},
		{"auto", map[string]string{"TERM": "dumb"}, true, false},
		{"always", map[string]string{"NO_COLOR": "1"}, false, true},
		{"never", nil, true, false},
	} {
		a, _, _ := testApp(t)
		a.color, a.getenv, a.terminal = c.flag, func(k string) string { return c.env[k] }, func(any) bool { return c.terminal }
		if got := a.colored(); got != c.want {
			t.Errorf("--color %s with %v, terminal %v: %v, want %v", c.flag, c.env, c.terminal, got, c.want)
		}
	}
}

func TestASCII(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		want bool
	}{
		{nil, false}, {map[string]string{"LANG": "C"}, true}, {map[string]string{"LANG": "de_DE.UTF-8"}, false},
		{map[string]string{"LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, true}, {map[string]string{"LC_ALL": "C.UTF-8", "LANG": "C"}, false},
	} {
		a, _, _ := testApp(t)
		a.getenv = func(k string) string { return c.env[k] }
		if got := a.ascii(); got != c.want {
			t.Errorf("%v: %v, want %v", c.env, got, c.want)
		}
	}
}

// Elsewhere than on a terminal there is one line every ten seconds, and nothing
// of what is shorter.
func TestProgressLines(t *testing.T) {
	for _, c := range []struct {
		flags []string
		want  string
	}{
		{nil, "meshsim: progress, done=25%, at=run 1, left=30s\nmeshsim: progress, done=50%, at=run 2, left=20s\n"},
		{[]string{"json"}, `{"level":"INFO","msg":"progress","done":"25%","at":"run 1","left":"30s"}` + "\n" +
			`{"level":"INFO","msg":"progress","done":"50%","at":"run 2","left":"20s"}` + "\n"},
		{[]string{"quiet"}, ""},
	} {
		a, _, stderr := testApp(t)
		for _, f := range c.flags {
			a.quiet = f == "quiet"
			if f == "json" {
				a.logFormat = f
			}
		}
		a.startLog()
		now := time.Unix(0, 0)
		a.now = func() time.Time { return now }
		m := a.startMeter()
		for i, share := range []float64{0.1, 0.25, 0.3, 0.5, 0.7} {
			now = time.Unix([]int64{9, 10, 11, 20, 29}[i], 0)
			m.update(share, fmt.Sprintf("run %d", 1+i/2))
		}
		m.end()
		m.update(1, "after the end")
		if stderr.String() != c.want {
			t.Errorf("%v: got\n%s", c.flags, stderr)
		}
	}
}
