package sweep

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meshsim/scenarios"
)

const text = `meshsim: 1
name: swept
run: {duration: 3s, seed: 5, repeat: 3}
nodes: {core: {count: 8}}
protocols: {gossip: {fanout: 2, interval: 500ms}}
workload: [{publish: {from: core-0, count: 1}}]
expect:
  always: [validity]
  eventually: [gossip.coverage >= 99% within 3s]
  sometimes: [gossip.coverage > 50%]
  thresholds: {net.messages: mean < 1000, gossip.convergence_time: p95 < 3s}
sweep: {matrix: {protocols.gossip.fanout: [2, 4], nodes.core.count: [6, 12]}, exclude: [{protocols.gossip.fanout: 4, nodes.core.count: 12}]}
`

func planOf(t *testing.T, set ...string) *Plan {
	t.Helper()
	s, err := scenarios.Parse("swept.yaml", []byte(text), set)
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewPlan(s, "v1", 0)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func storeAt(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func execute(t *testing.T, p *Plan, s *Store, workers int, runs []Run) *Outcome {
	t.Helper()
	out, err := p.Execute(context.Background(), s, runs, Options{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// content is all files of a store but those being written.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	files, _ := filepath.Glob(filepath.Join(dir, "??", "*"))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		rel, _ := filepath.Rel(dir, f)
		out[rel] = string(b)
	}
	return out
}

func same(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d files, want %d", what, len(got), len(want))
	}
	for name, b := range want {
		if got[name] != b {
			t.Errorf("%s: %s differs", what, name)
		}
	}
}

// The store holds the same bytes for any number of workers, and the verdicts made
// of it are those of running the point itself.
func TestWorkersAndVerdicts(t *testing.T) {
	p := planOf(t)
	one := storeAt(t, t.TempDir())
	execute(t, p, one, 1, p.Runs())
	want := content(t, one.Dir)
	if len(want) != 9 {
		t.Fatalf("%d files, want 9", len(want))
	}
	for _, workers := range []int{2, 3, 16} {
		s := storeAt(t, t.TempDir())
		execute(t, p, s, workers, p.Runs())
		same(t, strconv.Itoa(workers)+" workers", content(t, s.Dir), want)
	}
	results, err := p.Collect(one)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		s, err := r.Load()
		if err != nil {
			t.Fatal(err)
		}
		study, err := scenarios.Run(context.Background(), s, scenarios.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Verdicts, study.Verdicts) || len(r.Verdicts) != 5 {
			t.Errorf("%s: verdicts %v, a run has %v", r.Name, r.Verdicts, study.Verdicts)
		}
		for k, result := range study.Results {
			if v, _ := result.Scalar("net.messages"); result.Seed != r.Runs[k].Seed || float64(r.Records[k].metricValue("net.messages")) != v {
				t.Errorf("%s: replication %d is another run", r.Name, k)
			}
		}
	}
}

func (rec *Record) metricValue(name string) float64 {
	v, _ := rec.Statistic(name, "value")
	return v
}

// Replication i has the same seed at every point, and no two runs are one.
func TestRunsOfThePlan(t *testing.T) {
	p := planOf(t)
	ids := map[string]bool{}
	for _, r := range p.Runs() {
		if ids[r.ID] || r.Seed != p.Points[0].Runs[r.Replication].Seed {
			t.Errorf("%s, replication %d: id %s, seed %d", r.Point.Name, r.Replication, r.ID, r.Seed)
		}
		ids[r.ID] = true
	}
	more := planOf(t, "sweep.repeat=5")
	for _, at := range p.Points {
		i := slices.IndexFunc(more.Points, func(o PlanPoint) bool { return o.Name == at.Name })
		for k, r := range at.Runs {
			if more.Points[i].Runs[k].ID != r.ID {
				t.Errorf("more replications make another run of %s, %d", at.Name, k)
			}
		}
	}
	s, _ := scenarios.Parse("swept.yaml", []byte(text), nil)
	if other, _ := NewPlan(s, "v2", 0); ids[other.Points[0].Runs[0].ID] {
		t.Error("another engine has the same run")
	}
}

// With precision each point has as many runs as it takes, in steps, and shards and
// interruptions change nothing of it.
func TestPrecision(t *testing.T) {
	p := planOf(t, "sweep.precision={metric: net.messages, half_width: 4%, cap: 28}")
	s := storeAt(t, t.TempDir())
	if _, err := p.Make(context.Background(), s, Shard{}, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	results, err := p.Collect(s)
	if err != nil {
		t.Fatal(err)
	}
	var counts []int
	for _, r := range results {
		n := r.Finished()
		counts = append(counts, n)
		in := cell(r.Records, p.target.column)
		if narrow := in.Hi-in.Value <= 0.04/1.04*in.Value; r.Stop == "" || n != len(r.Runs) || !slices.Contains([]int{10, 14, 20, 28}, n) || !narrow && n < 28 {
			t.Errorf("%s: stopped after %d of %d: %q, at %v", r.Name, n, len(r.Runs), r.Stop, in.Interval)
		}
	}
	if len(slices.Compact(slices.Sorted(slices.Values(counts)))) < 2 {
		t.Errorf("all points have as many runs: %v", counts)
	}
	parts := storeAt(t, t.TempDir())
	for i := range 2 {
		if _, err := p.Make(context.Background(), parts, Shard{i + 1, 2}, Options{Workers: 1}); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "two shards", content(t, parts.Dir), content(t, s.Dir))
}

// A file that changes under a scenario makes other runs of it.
func TestFilesCount(t *testing.T) {
	dir := t.TempDir()
	id := func(samples string) string {
		if err := os.WriteFile(filepath.Join(dir, "jitter.txt"), []byte(samples), 0o666); err != nil {
			t.Fatal(err)
		}
		s, err := scenarios.Parse(filepath.Join(dir, "s.yaml"), []byte(text), []string{"network.default={distribution: empirical, samples: jitter.txt}"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := NewPlan(s, "v1", 0)
		if err != nil {
			t.Fatal(err)
		}
		return p.Points[0].Runs[0].ID
	}
	if a, b, c := id("1ms\n2ms\n"), id("1ms\n3ms\n"), id("1ms\n2ms\n"); a == b || a != c {
		t.Error("the content of the file does not count")
	}
}

// Shards that are put together are the sweep of one machine.
func TestShards(t *testing.T) {
	p := planOf(t)
	whole := storeAt(t, t.TempDir())
	execute(t, p, whole, 2, p.Runs())
	for _, n := range []int{2, 3, 20} {
		into, dirs, runs := storeAt(t, t.TempDir()), []string(nil), 0
		for i := range n {
			s := storeAt(t, t.TempDir())
			dirs = append(dirs, s.Dir)
			runs += execute(t, p, s, 1, Shard{i + 1, n}.Of(p.Runs())).Made
		}
		if differ, err := p.Gather(into, dirs, nil); err != nil || differ != nil || runs != 9 {
			t.Fatalf("%v, %v, %d runs", differ, err, runs)
		}
		same(t, strconv.Itoa(n)+" shards", content(t, into.Dir), content(t, whole.Dir))
	}
}

// killed writes a file until the process is to die: after so many operations.
type killed struct {
	temporary
	left *int
}

func (k killed) step(b []byte) {
	if *k.left--; *k.left == 0 {
		k.temporary.Write(b[:len(b)/2])
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		select {}
	}
}

func (k killed) Write(b []byte) (int, error) { k.step(b); return k.temporary.Write(b) }
func (k killed) Sync() error                 { k.step(nil); return k.temporary.Sync() }
func (k killed) Close() error {
	err := k.temporary.Close()
	k.step(nil)
	return err
}

// TestKilledHelper is the process that TestKilledAnywhere kills.
func TestKilledHelper(t *testing.T) {
	dir := os.Getenv("MESHSIM_TEST_STORE")
	if dir == "" {
		t.Skip("a helper of TestKilledAnywhere")
	}
	left, err := strconv.Atoi(os.Getenv("MESHSIM_TEST_KILL"))
	if err != nil {
		t.Fatal(err)
	}
	s := storeAt(t, dir)
	s.create = func(dir string) (temporary, error) {
		f, err := createTemporary(dir)
		return killed{f, &left}, err
	}
	p := planOf(t, "sweep.repeat=1")
	execute(t, p, s, 1, p.Runs())
}

// A sweep that is killed at any operation on the store goes on to the same bytes,
// and makes only what is missing.
func TestKilledAnywhere(t *testing.T) {
	p := planOf(t, "sweep.repeat=1")
	whole := storeAt(t, t.TempDir())
	execute(t, p, whole, 1, p.Runs())
	want := content(t, whole.Dir)
	for at := 1; ; at++ {
		dir := t.TempDir()
		c := exec.Command(os.Args[0], "-test.run=^TestKilledHelper$")
		c.Env = append(os.Environ(), "MESHSIM_TEST_STORE="+dir, "MESHSIM_TEST_KILL="+strconv.Itoa(at))
		survived := c.Run() == nil
		before := content(t, dir)
		out := execute(t, p, storeAt(t, dir), 2, p.Runs())
		if out.Found != len(before) || out.Made != len(want)-len(before) {
			t.Errorf("killed at %d: %d files, and then %d found and %d made", at, len(before), out.Found, out.Made)
		}
		same(t, "killed at "+strconv.Itoa(at), content(t, dir), want)
		if survived {
			if at != 3*len(want)+1 {
				t.Errorf("killed at %d operations, want %d", at-1, 3*len(want))
			}
			return
		}
	}
}

// A sweep that is interrupted keeps what is done, drops the rest, and goes on.
func TestInterrupted(t *testing.T) {
	p := planOf(t)
	s := storeAt(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	out, err := p.Execute(ctx, s, p.Runs(), Options{Workers: 2, Progress: func(p Progress) {
		if p.Done == 4 {
			cancel()
		}
	}})
	if err != nil || out.Made < 4 || out.Made > 5 {
		t.Fatalf("%d made, %v", out.Made, err)
	}
	again := execute(t, p, s, 2, p.Runs())
	if again.Found != out.Made || again.Made != 9-out.Made {
		t.Errorf("found %d, made %d", again.Found, again.Made)
	}
}

// A file that was cut anywhere, changed in any byte, or is another's is told and
// made again.
func TestBadFiles(t *testing.T) {
	p := planOf(t, "sweep.repeat=1")
	s := storeAt(t, t.TempDir())
	execute(t, p, s, 1, p.Runs())
	want := content(t, s.Dir)
	run := p.Runs()[0]
	path := s.Path(run.ID)
	whole, _ := os.ReadFile(path)
	other, _ := os.ReadFile(s.Path(p.Runs()[1].ID))
	var bad [][]byte
	for i := 0; i < len(whole)-1; i += 97 {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		bad = append(bad, whole[:i], changed)
	}
	for _, b := range append(bad, other, []byte("{}"), []byte("null"), []byte("no run")) {
		os.WriteFile(path, b, 0o666)
		var bad *BadFileError
		if _, err := s.Get(run.ID); !errors.As(err, &bad) {
			t.Fatalf("%.60q: %v", b, err)
		}
	}
	told := 0
	out, err := p.Execute(context.Background(), s, p.Runs(), Options{Workers: 1, Warn: func(error) { told++ }})
	if err != nil || told != 1 || out.Made != 1 {
		t.Errorf("%d told, %d made, %v", told, out.Made, err)
	}
	same(t, "made again", content(t, s.Dir), want)
}

// Sweeps that use one store at a time do not harm one another.
func TestSideBySide(t *testing.T) {
	p := planOf(t)
	dir := t.TempDir()
	done := make(chan error)
	for range 3 {
		go func() {
			s, err := OpenStore(dir)
			if err == nil {
				_, err = p.Execute(context.Background(), s, p.Runs(), Options{Workers: 2})
			}
			done <- err
		}()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	alone := storeAt(t, t.TempDir())
	execute(t, p, alone, 1, p.Runs())
	same(t, "three at a time", content(t, dir), content(t, alone.Dir))
	if left, _ := filepath.Glob(filepath.Join(dir, "tmp", "*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// Two results of one run are an error, and both are kept.
func TestDiffering(t *testing.T) {
	p := planOf(t)
	a, b := storeAt(t, t.TempDir()), storeAt(t, t.TempDir())
	r := p.Runs()[0]
	execute(t, p, a, 1, []Run{r})
	rec, err := a.Get(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	rec.Events++
	if err := b.Put(rec); err != nil {
		t.Fatal(err)
	}
	var differ *DiffersError
	if err := a.Put(rec); !errors.As(err, &differ) {
		t.Fatalf("error %v", err)
	}
	for _, path := range []string{differ.One, differ.Other} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if found, err := p.Gather(a, nil, nil); len(found) != 1 || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	os.Remove(differ.Other)
	if found, err := p.Gather(a, []string{b.Dir}, nil); len(found) != 1 || err != nil || !strings.Contains(found[0].Error(), b.Path(r.ID)) {
		t.Errorf("found %v, %v", found, err)
	}
}

// full is a disk without room.
type full struct {
	temporary
	left *int
}

var errFull = errors.New("no space left on device")

func (f full) Write(b []byte) (int, error) {
	if *f.left--; *f.left < 0 {
		f.temporary.Write(b[:10])
		return 10, errFull
	}
	return f.temporary.Write(b)
}

// A full disk ends a sweep with an error; what was stored is whole, and it goes on
// once there is room.
func TestFullDisk(t *testing.T) {
	p := planOf(t)
	s := storeAt(t, t.TempDir())
	left := 4
	s.create = func(dir string) (temporary, error) {
		f, err := createTemporary(dir)
		return full{f, &left}, err
	}
	out, err := p.Execute(context.Background(), s, p.Runs(), Options{Workers: 1})
	if !errors.Is(err, errFull) || out.Made != 4 || len(content(t, s.Dir)) != 4 {
		t.Fatalf("%d made, %v", out.Made, err)
	}
	if tmp, _ := filepath.Glob(filepath.Join(s.Dir, "tmp", "*")); tmp != nil {
		t.Errorf("left behind: %v", tmp)
	}
	if again := execute(t, p, storeAt(t, s.Dir), 1, p.Runs()); again.Found != 4 || again.Made != 5 {
		t.Errorf("found %d, made %d", again.Found, again.Made)
	}
}

// A point that always fails is told, and the others are made.
func TestFailingPoint(t *testing.T) {
	p := planOf(t)
	s := storeAt(t, t.TempDir())
	runs := p.Runs()
	bad := runs[3].Point
	bad.Settings = slices.Clone(bad.Settings)
	bad.Settings[0].Path = "no.such.path"
	out := execute(t, p, s, 2, runs)
	if len(out.Failures) != 3 || out.Made != 6 || out.Failures[0].Run.Point != bad || !strings.Contains(out.Failures[0].Text, "no") {
		t.Errorf("%d made, failures %v", out.Made, out.Failures)
	}
	if _, err := s.Get(out.Failures[0].Run.ID); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the store holds a failure: %v", err)
	}
}

// Runs of other engines are counted, not mixed in.
func TestOtherEngines(t *testing.T) {
	p := planOf(t)
	s := storeAt(t, t.TempDir())
	scenario, _ := scenarios.Parse("swept.yaml", []byte(text), nil)
	old, err := NewPlan(scenario, "v0", 0)
	if err != nil {
		t.Fatal(err)
	}
	execute(t, old, s, 1, old.Runs()[:2])
	others, err := p.Others([]string{s.Dir})
	if err != nil || EnginesText(others) != "v0 (2 runs)" {
		t.Errorf("%v, %v", others, err)
	}
	if results, _ := p.Collect(s); len(Missing(results)) != 9 {
		t.Error("runs of another engine are taken for our own")
	}
}
