package sweep

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
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

// Values that are written differently and mean the same are no two points.
func TestSamePoints(t *testing.T) {
	s, err := scenarios.Parse("swept.yaml", []byte(text), []string{"sweep={matrix: {protocols.gossip.interval: [2s, 1s, 2000ms]}}"})
	if err != nil {
		t.Fatal(err)
	}
	const want = "the points interval=2s and interval=2000ms are the same; leave one out"
	if _, err := NewPlan(s, "v1", 0); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
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
	bundle := filepath.Join(t.TempDir(), "old.jsonl")
	bundleOf(t, bundle, s, old.Runs()[:2])
	if others, err := p.Others([]string{bundle}); err != nil || EnginesText(others) != "v0 (2 runs)" {
		t.Errorf("of a bundle: %v, %v", others, err)
	}
}

// bundleOf appends runs of a store to a file.
func bundleOf(t *testing.T, path string, s *Store, runs []Run) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, r := range runs {
		rec, err := s.Get(r.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := WriteBundle(f, []*Record{rec}); err != nil {
			t.Fatal(err)
		}
	}
}

// A bundle yields its runs; of one that is cut, those before. Two results of one
// run in it are an error.
func TestGatherBundle(t *testing.T) {
	p := planOf(t)
	s := storeAt(t, t.TempDir())
	runs := p.Runs()[:3]
	execute(t, p, s, 1, runs)
	bundle := filepath.Join(t.TempDir(), "shard.jsonl")
	bundleOf(t, bundle, s, append(runs, runs[0])) // the same again is no harm
	into := storeAt(t, t.TempDir())
	if differ, err := p.Gather(into, []string{bundle}, nil); len(differ) > 0 || err != nil {
		t.Fatal(differ, err)
	}
	same(t, "gathered", content(t, into.Dir), content(t, s.Dir))

	whole, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(whole, []byte("\n"))
	cut := slices.Concat(lines[0], lines[1], lines[2][:100])
	if err := os.WriteFile(bundle, cut, 0o666); err != nil {
		t.Fatal(err)
	}
	var warned []string
	into = storeAt(t, t.TempDir())
	if _, err := p.Gather(into, []string{bundle}, func(err error) { warned = append(warned, err.Error()) }); err != nil || len(warned) != 1 ||
		!strings.HasSuffix(warned[0], "shard.jsonl:3: is truncated, or no run") {
		t.Errorf("of a file that is cut: %v, warned %v", err, warned)
	}
	if got := len(content(t, into.Dir)); got != 2 {
		t.Errorf("%d runs are taken from a file with two whole ones", got)
	}

	rec, _ := s.Get(runs[0].ID)
	rec.Events++
	f, _ := os.OpenFile(bundle, os.O_WRONLY|os.O_TRUNC, 0)
	f.Write(lines[0])
	if err := WriteBundle(f, []*Record{rec}); err != nil {
		t.Fatal(err)
	}
	f.Close()
	into = storeAt(t, t.TempDir())
	if differ, err := p.Gather(into, []string{bundle}, nil); len(differ) != 1 || err != nil || !strings.Contains(differ[0].Error(), "shard.jsonl:2;") {
		t.Errorf("two results of one run: %v, %v", differ, err)
	}
	var differ *DiffersError
	if _, err := ReadBundle(bundle); !errors.As(err, &differ) {
		t.Errorf("two results of one run are read: %v", err)
	}
}
