package report

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

func textOf(t *testing.T, s *Study, o TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.Text(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	report := TextOptions{Report: "meshsim-out/gossip-partition/latest/report.html"}
	plain := TextOptions{ASCII: true}
	t.Run("one", func(t *testing.T) {
		golden(t, "one.txt", []byte(textOf(t, synthetic{nodes: 1000, runs: 1, faults: true, detail: true, rumors: 40}.study(), report)))
	})
	t.Run("thirty", func(t *testing.T) {
		golden(t, "thirty.txt", []byte(textOf(t, synthetic{nodes: 1000, runs: 30, faults: true, detail: true}.study(), report)))
	})
	t.Run("violated", func(t *testing.T) { golden(t, "violated.txt", []byte(textOf(t, violated(), report))) })
	t.Run("ascii", func(t *testing.T) { golden(t, "ascii.txt", []byte(textOf(t, violated(), plain))) })
	t.Run("color", func(t *testing.T) { golden(t, "color.txt", []byte(textOf(t, violated(), TextOptions{Color: true}))) })
	t.Run("interrupted", func(t *testing.T) {
		s := synthetic{nodes: 10, runs: 5}.study()
		s.Results[1], s.Results[4] = nil, nil
		golden(t, "interrupted.txt", []byte(textOf(t, s, plain)))
	})
	t.Run("nothing", func(t *testing.T) {
		golden(t, "nothing.txt", []byte(textOf(t, &Study{Name: "empty", Planned: 3}, plain)))
	})
}

// violated is a study with a broken property and hostile names.
func violated() *Study {
	s := synthetic{nodes: 1000, runs: 2, faults: true}.study()
	s.NodeName = func(id protocols.NodeID) string { return "µ-edge\x1b[31m-" + string('0'+rune(id)) }
	s.Results[1].Violations = []sim.Violation{{Protocol: "gossip", Check: "validity", At: 12345678900, Node: 7, Text: "rumor 3 arrived, but nobody published it"}}
	s.Results[1].Spans[1].Nodes = 0
	s.Violations = []Violation{{Replication: 1, Seed: 43, Violation: s.Results[1].Violations[0],
		Events:  []string{"12.3401 s  deliver  push from node 3, 96 B", "12.345678 s  observe  delivered"},
		Command: "meshsim run gossip-partition.yaml --seed 43 --trace"}}
	s.Verdicts[0] = Verdict{"always", "gossip.validity", Violated, "in 1 of 2 runs", ""}
	return s
}

// A workload that found its nodes down has tested nothing: the text and the page
// say how much of it.
func TestMissedWorkload(t *testing.T) {
	s := synthetic{nodes: 10, runs: 2}.study()
	const want = "27 of 1,030 messages of the workload reached no node"
	if strings.Contains(textOf(t, s, TextOptions{})+htmlOf(t, s), "of the workload") {
		t.Error("a workload was missed where none was")
	}
	s.Results[0].Injected, s.Results[0].Missed, s.Results[1].Injected, s.Results[1].Missed = 503, 7, 500, 20
	for _, got := range []string{textOf(t, s, TextOptions{}), htmlOf(t, s)} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

// Nothing that comes from a scenario may command the terminal.
func TestTextDropsControlCharacters(t *testing.T) {
	s := violated()
	s.Name, s.Next = "evil\x1b]0;title\a", "rm\r\x1b[2J"
	s.Verdicts[0].Property, s.Verdicts[1].Detail = "a\x1b[1m", "b\x9b1m\nc"
	s.Verdicts[1].Outcome = Undecided
	if got := textOf(t, s, TextOptions{}); strings.ContainsAny(got, "\x1b\a\r\u009b") {
		t.Errorf("control characters in %q", got)
	}
}

func TestASCIIMeansASCII(t *testing.T) {
	for i, c := range textOf(t, violated(), TextOptions{ASCII: true}) {
		if c > '~' {
			t.Fatalf("character %q at %d", c, i)
		}
	}
}

func TestTextReportsAFullDisk(t *testing.T) {
	if err := violated().Text(failing{}, TextOptions{}); !errors.Is(err, errFull) {
		t.Errorf("error %v", err)
	}
}

func TestCostText(t *testing.T) {
	s := synthetic{nodes: 1000, runs: 2}.study()
	if got, want := s.CostText(), "359,791 events in 2.600 s: 138.4k/s, 210.0 B a node"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := new(Study).CostText(); got != "" {
		t.Errorf("%q of nothing", got)
	}
}

func TestDecimalSeconds(t *testing.T) {
	for _, c := range []struct {
		ns   int64
		want string
	}{{0, "0"}, {1, "0.000000001"}, {1500000000, "1.5"}, {-20000000, "-0.02"}, {60e9, "60"}, {-1 << 63, "-9223372036.854775808"}} {
		if got := decimalSeconds(c.ns); got != c.want {
			t.Errorf("decimalSeconds(%d) = %s, want %s", c.ns, got, c.want)
		}
	}
	for d, want := range map[time.Duration]string{24 * time.Hour: "24 h", 3 * time.Hour: "3 h", 2 * time.Hour: "120 min", 10 * time.Minute: "10 min",
		5 * time.Minute: "300 s", 24*time.Hour + time.Second: "86401 s", 1234 * time.Millisecond: "1.234 s", 0: "0 s"} {
		if got := exactTime(d); got != want {
			t.Errorf("%v is written %q, want %q", d, got, want)
		}
	}
	if got := exactSeconds(1234 * time.Millisecond); got != "1.234 s" {
		t.Error(got)
	}
}

// failing is a disk that is full.
type failing struct{}

var errFull = errors.New("no space left on device")

func (failing) Write([]byte) (int, error) { return 0, errFull }
