package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// An interrupted study keeps the replications that had finished.
func TestInterruptedRun(t *testing.T) {
	a, out, stderr := testApp(t)
	var signals chan<- os.Signal
	a.notify = func(c chan<- os.Signal) { signals = c }
	calls := 0
	a.now = func() time.Time {
		if calls++; calls == 500 { // some replications of 51 samples later
			signals <- os.Interrupt
		}
		return time.Unix(0, 0)
	}
	dir := t.TempDir()
	code := a.main([]string{"run", "testdata/scenarios/small.yaml", "--repeat", "100000", "--workers", "1", "--out", dir})
	if code != exitInterrupted || !strings.Contains(stderr.String(), "meshsim: warning: interrupted; coming to an end") ||
		!strings.Contains(out.String(), " of 100,000 runs finished\n") {
		t.Fatalf("exit code %d, and\n%s\n%.2000s", code, stderr, out)
	}
	s := readSummary(t, filepath.Join(dir, "small", "latest", "summary.json"))
	if finished := s.finished(); s.Complete || s.Planned != 100_000 || finished < 5 || finished > 50_000 {
		t.Errorf("%d of %d runs finished, complete %v", finished, s.Planned, s.Complete)
	}
}

// The first signal asks, the second one ends the process.
func TestSecondSignalQuits(t *testing.T) {
	a, _, _ := testApp(t)
	var signals chan<- os.Signal
	codes := make(chan int)
	a.notify = func(c chan<- os.Signal) { signals = c }
	a.quit = func(code int) { codes <- code }
	ctx, stop := a.interruptible(context.Background())
	defer stop()
	if interrupted(ctx) {
		t.Error("interrupted before the first signal")
	}
	signals <- os.Interrupt
	<-ctx.Done()
	if !interrupted(ctx) {
		t.Error("not interrupted after the first signal")
	}
	signals <- os.Interrupt
	if code := <-codes; code != exitInterrupted {
		t.Errorf("the process ends with %d, want %d", code, exitInterrupted)
	}
}

// A process that gets SIGINT writes its results and ends with 3.
func TestSignalToProcess(t *testing.T) {
	dir := t.TempDir()
	c := exec.Command("meshsim", "run", "testdata/scenarios/small.yaml", "--repeat", "100000", "--out", dir, "--verbose")
	stderr, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	if line, err := lines.ReadString('\n'); !strings.HasPrefix(line, "meshsim: begin, ") {
		t.Errorf("the first line is %q, %v", line, err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, lines)
	if code := exitCode(c.Wait()); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if s := readSummary(t, filepath.Join(dir, "small", "latest", "summary.json")); s.Complete {
		t.Error("the summary says that the study is complete")
	}
}

// summary is what tests read of summary.json.
type summary struct {
	Complete     bool
	Planned      int
	Replications []struct {
		Seed   uint64
		Ending string
	}
}

func (s *summary) finished() int {
	n := 0
	for _, r := range s.Replications {
		if r.Ending != "cancelled" {
			n++
		}
	}
	return n
}

func readSummary(t *testing.T, path string) (s summary) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &s); err != nil {
		t.Fatal(err)
	}
	return s
}
