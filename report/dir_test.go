package report

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 24, 12, 0, 5, 0, time.UTC)

func newDir(t *testing.T, root string) *Dir {
	t.Helper()
	d, err := CreateDir(root, "gossip-partition", noon, 42)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestSave(t *testing.T) {
	root := t.TempDir()
	s := synthetic{nodes: 10, runs: 2, detail: true, faults: true}.study()
	d := newDir(t, root)
	if err := s.Save(d); err != nil {
		t.Fatal(err)
	}
	latest := filepath.Join(root, "gossip-partition", "latest")
	var got []string
	for _, pattern := range []string{"*", "plots/*", ".*"} {
		files, _ := filepath.Glob(filepath.Join(latest, pattern))
		for _, f := range files {
			rel, _ := filepath.Rel(latest, f)
			got = append(got, rel)
		}
	}
	slices.Sort(got)
	want := []string{"command.txt", "metrics.csv", "plots", "plots/gossip.coverage.png", "plots/gossip.coverage.svg",
		"plots/gossip.estimate.png", "plots/gossip.estimate.svg", "plots/gossip.variance.png", "plots/gossip.variance.svg",
		"plots/net.connectivity.png", "plots/net.connectivity.svg", "plots/net.latency.png", "plots/net.latency.svg",
		"plots/net.messages_per_node.png", "plots/net.messages_per_node.svg", "plots/net.throughput.png", "plots/net.throughput.svg",
		"provenance.json", "report.html", "scenario.yaml", "summary.json"}
	if !slices.Equal(got, want) {
		t.Errorf("files %q, want %q", got, want)
	}
	b, err := os.ReadFile(filepath.Join(latest, "summary.json"))
	if err != nil || !bytes.Equal(b, summaryOf(t, s)) {
		t.Errorf("summary.json differs from Summary, %v", err)
	}
	if id := filepath.Base(d.Path); id != "2026-11-24_12-00-05_seed-42" {
		t.Errorf("run id %s", id)
	}
}

// Studies that begin at the same time get directories of their own, and latest
// is one of them.
func TestManyDirsAtOnce(t *testing.T) {
	root := t.TempDir()
	var all sync.WaitGroup
	var lock sync.Mutex
	seen := map[string]bool{}
	for range 16 {
		all.Go(func() {
			d, err := CreateDir(root, "x", noon, 1)
			if err != nil {
				t.Error(err)
				return
			}
			if err := errors.Join(d.Write("a", bytesTo([]byte(d.Path))), d.Link()); err != nil {
				t.Error(err)
			}
			lock.Lock()
			defer lock.Unlock()
			if seen[d.Path] {
				t.Errorf("%s is given twice", d.Path)
			}
			seen[d.Path] = true
		})
	}
	all.Wait()
	b, err := os.ReadFile(filepath.Join(root, "x", "latest", "a"))
	if err != nil || !seen[string(b)] {
		t.Errorf("latest holds %q, %v", b, err)
	}
}

func TestUnwritableDir(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateDir(file, "x", noon, 1); err == nil || !strings.Contains(err.Error(), "choose another place") {
		t.Errorf("a root that is a file: %v", err)
	}
}

func TestSafeName(t *testing.T) {
	for name, want := range map[string]string{"gossip-partition": "gossip-partition", "../../etc/passwd": "etc-passwd", "": "study",
		"..": "study", "latest": "study", "a b/ä": "a-b--", strings.Repeat("x", 300): strings.Repeat("x", 80), "C:\\x": "C--x"} {
		if got := safeName(name); got != want {
			t.Errorf("safeName(%q) = %q, want %q", name, got, want)
		}
	}
}

// limited is a disk with so many bytes left.
type limited struct {
	io.WriteCloser
	left *int
}

func (l limited) Write(b []byte) (int, error) {
	if len(b) > *l.left {
		return 0, errFull
	}
	*l.left -= len(b)
	return l.WriteCloser.Write(b)
}

// A disk that fills up costs no file that was whole, leaves none that is not,
// and what did not fit is found elsewhere.
func TestFullDisk(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	s := synthetic{nodes: 10, runs: 2, detail: true}.study()
	d := newDir(t, t.TempDir())
	left := len(summaryOf(t, s)) + 2000
	d.create = func(path string) (io.WriteCloser, error) {
		f, err := createFile(path)
		return limited{f, &left}, err
	}
	err := s.Save(d)
	if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "metrics.csv") {
		t.Fatalf("error %v", err)
	}
	if b, err := os.ReadFile(filepath.Join(d.Path, "summary.json")); err != nil || !bytes.Equal(b, summaryOf(t, s)) {
		t.Errorf("summary.json: %v", err)
	}
	if _, err := os.Stat(filepath.Join(d.Path, "metrics.csv")); err == nil {
		t.Error("half a metrics.csv is there")
	}
	rest, _ := filepath.Glob(filepath.Join(d.Path, "*", ".*.tmp"))
	if more, _ := filepath.Glob(filepath.Join(d.Path, ".*.tmp")); len(rest)+len(more) > 0 {
		t.Errorf("left over: %q %q", rest, more)
	}
	_, where, _ := strings.Cut(err.Error(), "they are in ")
	var want bytes.Buffer
	s.CSV(&want)
	if b, err := os.ReadFile(filepath.Join(where, "metrics.csv")); err != nil || !bytes.Equal(b, want.Bytes()) {
		t.Errorf("rescued metrics.csv: %v", err)
	}
}

// A file that is begun has no name until it is whole.
func TestFileAppearsWhole(t *testing.T) {
	d := newDir(t, t.TempDir())
	f, err := d.Open("trace.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	f.WriteString("{}\n")
	path := filepath.Join(d.Path, "trace.jsonl")
	if _, err := os.Stat(path); err == nil {
		t.Error("there is a file before it is whole")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "{}\n" {
		t.Errorf("%q, %v", b, err)
	}
}
