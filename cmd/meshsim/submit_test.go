package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

// The scripts, for reading.
func TestSlurmScripts(t *testing.T) {
	j := &slurmJobs{Name: "gossip", Shards: 64, Dir: shell("/shared/ada/my runs"), Restarts: slurmRestarts, Total: 1200,
		Sweep: shell("/shared/ada/bin/meshsim", "sweep", "gossip.yaml", "--set", "description=it's $1") + ` --shard "$SLURM_ARRAY_TASK_ID"/64`,
		Merge: shell("/shared/ada/bin/meshsim", "merge", "gossip.yaml", "--set", "description=it's $1"),
		Array: directives([]string{"--array=1-64", "--output=" + logPattern("/shared/ada/100% of my runs", "%A_%a.log")}), Merging: []string{"--time=1:00:00"}}
	golden(t, "slurm/array.sh", []byte(j.text(arrayScript)))
	golden(t, "slurm/merge.sh", []byte(j.text(mergeScript)))
}

func TestRanges(t *testing.T) {
	for _, c := range []struct {
		numbers []int
		want    string
	}{
		{[]int{1}, "1"}, {[]int{1, 2}, "1-2"}, {[]int{1, 3}, "1,3"}, {[]int{2, 3, 4, 7, 9, 10}, "2-4,7,9-10"},
	} {
		if got := ranges(c.numbers); got != c.want {
			t.Errorf("%v: %s, want %s", c.numbers, got, c.want)
		}
	}
}

func TestDirectives(t *testing.T) {
	got := directives([]string{"--mem=64M", "--comment=a b", `--comment=it's "x" \ y`, "--comment=a#b"})
	want := []string{"--mem=64M", `"--comment=a b"`, `"--comment=it's \"x\" \\ y"`, `"--comment=a#b"`}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, c := range []struct {
		d    time.Duration
		want string
	}{{time.Minute, "--time=0:01:00"}, {25*time.Hour + 90*time.Second, "--time=25:01:30"}, {time.Second + 1, "--time=0:00:02"}} {
		if got := timeOption(c.d); got != c.want {
			t.Errorf("%v: %s, want %s", c.d, got, c.want)
		}
	}
}

// A shard asks for what the plan says that its most expensive runs need.
func TestShardNeeds(t *testing.T) {
	a, _, _ := testApp(t)
	for _, c := range []struct {
		flags   []string
		mebi    int64
		minutes float64
	}{
		{nil, 0, 0},
		{[]string{"--shard-memory", "3GiB", "--shard-time", "90m"}, 3 << 10, 90},
		{[]string{"--workers", "4"}, 0, 0},
	} {
		w := sweepingOf(t, a, append([]string{"quickstart", "--repeat", "400", "--submit", "slurm", "--shards", "4"}, c.flags...)...)
		at := w.plan.Points[0]
		mebi, minutes := mebibytes(w.shardMemory()), w.shardTime().Minutes()
		if c.mebi > 0 {
			if mebi != c.mebi || minutes != c.minutes {
				t.Errorf("%v: %d MiB and %v minutes", c.flags, mebi, minutes)
			}
			continue
		}
		cores := float64(w.cores())
		least := 256 + 2*cores*float64(at.Bytes)/(1<<20)
		if m := float64(mebi); m < least || m >= least+64 {
			t.Errorf("%v: %v MiB for runs of %d bytes", c.flags, m, at.Bytes)
		}
		least = 10 + 4*100*float64(at.Events)/1e6/60/cores
		if minutes < least-1 || minutes >= least+5 {
			t.Errorf("%v: %v minutes for 100 runs of %d events", c.flags, minutes, at.Events)
		}
	}
}

// Shards of a sweep with precision have whole points.
func TestSequentialShards(t *testing.T) {
	a, _, _ := testApp(t)
	args := []string{"quickstart", "--set", "sweep={matrix: {protocols.gossip.fanout: [2, 3, 4]}, precision: {metric: gossip.convergence_time, half_width: 2%, cap: 50}}",
		"--submit", "slurm", "--dry-run", "--shards"}
	w := sweepingOf(t, a, append(args, "3")...)
	if got := w.pending(); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("the shards %v have something to do", got)
	}
	if code := a.main(append([]string{"sweep"}, append(args, "4")...)); code != exitUsage {
		t.Errorf("exit code %d for more shards than points", code)
	}
}

// sweepingOf reads a command line as sweep does.
func sweepingOf(t *testing.T, a *app, args ...string) *sweeping {
	t.Helper()
	var o sweepOptions
	c := &cobra.Command{}
	o.flags(c)
	o.submit.flags(c)
	if err := c.ParseFlags(args[1:]); err != nil {
		t.Fatal(err)
	}
	w, err := a.planned(args[0], &o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestJobName(t *testing.T) {
	for _, c := range []struct{ scenario, want string }{
		{"gossip", "meshsim-gossip"}, {"A.b_C", "meshsim-a-b-c"}, {"x" + strings.Repeat("-", 99), "meshsim-x"},
		{strings.Repeat("9", 100), "meshsim-" + strings.Repeat("9", 24)},
	} {
		if got := jobName(c.scenario); got != c.want {
			t.Errorf("%s: %s, want %s", c.scenario, got, c.want)
		}
	}
}

// A file is shown as it is where YAML can, and quoted where that would lose
// something. That the pods get it to the byte is tested with Kubernetes' own types.
func TestYAMLFile(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: 1\n", "|2\n    a: 1"},
		{"  a\n\n b\n", "|2\n      a\n\n     b"},
		{"a", `"a"`}, {"", `""`}, {"\n", `"\n"`}, {"a\n\n", `"a\n\n"`}, {"a\tb\n", `"a\tb\n"`}, {"a\r\n", `"a\r\n"`},
		{"<&>é\n", "|2\n    <&>é"},
	} {
		if got := yamlFile(c.text); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

// A shard that is told to end drops what it is at, says so with 3, and another one
// goes on where it was.
func TestInterruptedShard(t *testing.T) {
	store := t.TempDir()
	args := []string{"sweep", "testdata/scenarios/small.yaml", "--repeat", "60", "--workers", "1", "--shard", "1/2", "--store", store}
	a, out, stderr := testApp(t)
	var signals chan<- os.Signal
	a.notify = func(c chan<- os.Signal) { signals = c }
	told := false
	a.now = func() time.Time { // progress asks for it
		if stored, _ := filepath.Glob(filepath.Join(store, "??", "*.json")); len(stored) == 3 && !told {
			told = true
			signals <- syscall.SIGTERM
		}
		return time.Unix(0, 0)
	}
	code := a.main(args)
	first := made(out.String())
	if code != exitInterrupted || first < 3 || first == 30 {
		t.Fatalf("exit code %d, and %s\n%s", code, out, stderr)
	}
	a, out, stderr = testApp(t)
	if code := a.main(args); code != exitHolds || made(out.String()) != 30-first {
		t.Errorf("exit code %d after %d runs, and %s\n%s", code, first, out, stderr)
	}
}

// made is how many runs a shard says that it made.
func made(out string) int {
	m := regexp.MustCompile(`, (\d+) of them made now\n`).FindStringSubmatch(out)
	if m == nil {
		return -1
	}
	n, _ := strconv.Atoi(m[1])
	return n
}
