package scenarios

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meshsim/sim"
)

// The fingerprints of all scenarios of the library are pinned, so that every
// change of what happens in them is seen, on every architecture:
//
//	go test ./scenarios -run Fingerprint            compares
//	go test ./scenarios -run Fingerprint -update    pins what is found now
//
// Commit new fingerprints only if you understand why they changed. With
// MESHSIM_WORKERS=3 only that number of workers is tried, as on architectures
// that are emulated. The scenarios are shortened: one replication, and so few
// nodes that all ways to run them take no time; all else is as it ships.
var update = flag.Bool("update", false, "pin the fingerprints that are found")

const fingerprintsFile = "testdata/fingerprints.csv"

// A pin is a row of the file: a run, and what became of it.
type pin struct {
	scenario    string
	nodes       int    // the shortened scenario has fewer than the one that ships
	replication int    // whose seed is taken
	events      uint64 // calls of nodes
	fingerprint string
	payload     string // digest of all messages as they were delivered
}

func (p *pin) key() string { return fmt.Sprintf("%s/%d/%d", p.scenario, p.nodes, p.replication) }

var pinHeader = []string{"scenario", "nodes", "replication", "events", "fingerprint", "payload"}

func (p *pin) row() []string {
	return []string{p.scenario, strconv.Itoa(p.nodes), strconv.Itoa(p.replication), strconv.FormatUint(p.events, 10), p.fingerprint, p.payload}
}

// mostNodes is how many nodes a shortened scenario has, where that is not 100:
// enough events in a window for several workers to meet, or a long time.
var mostNodes = map[string]int{"million": 14000, "hundred-thousand": 1000, "swim-ten-thousand": 1000, "churn-desktops": 40, "mesh": 30, "mesh-region": 30, "mesh-failover": 40, "mesh-churn": 40, "pbft-100-replicas-19-regions": 25}

// lighter is what makes a scenario shorter, or gives it fewer clients, if its
// name begins so: elections and requests by the thousand are all alike, and so are
// the bytes that travel with tasks.
var lighter = map[string]string{
	"raft-figure16": "run.duration=30s", "raft-split-vote": "run.duration=20s", "raft-wide-area": "run.duration=40s",
	"raft-saturation": "nodes.users.count=1", "pbft-saturation": "nodes.client.count=1", "pbft-view-change-storm": "run.duration=12s",
	"raft-reconfigure": "nodes.clients.count=2", "raft-leader-crash": "nodes.users.count=2", "raft-slow-disk": "nodes.users.count=4",
	"pbft-equivocating-primary": "run.duration=13s", "chen": "run.duration=250s", "swim-first-ping": "run.duration=100s", "swim-load": "run.duration=30s",
	"swim-ten-thousand": "run.duration=100s", "slow-nodes": "run.duration=60s", "mesh-churn": "run.duration=200s",
	"raft-failover": "nodes.clients.count=1", "discovery-churn": "run.duration=120s", "hyparview": "workload[0].stop=80s",
	"chord-load": "run.duration=200ms", "chord-hundred-thousand": "run.duration=500ms", "chord-failures": "run.duration=110s", "chord-churn": "run.duration=150s",
	"stealing-mitzenmacher": "run.duration=200s", "auction": "run.duration=70s", "stealing-speeds": "run.duration=100s", "strategies": "run.duration=210s workload[0].submit.bytes=100B",
	"task-m": "run.duration=440s", "task-choices-1": "run.duration=1010s", "task-choices-2": "run.duration=65s", "task-choices-3": "run.duration=65s", "task-fork-join": "run.duration=60s",
	"task-facebook-day":  "run.duration=430s workload[0].submit.bytes=100B",
	"capability-routing": "run.duration=70s", "capability-liars": "run.duration=70s",
}

// shortened are the overrides that shorten a scenario: the groups keep their
// proportions.
func shortened(s *Scenario) []string {
	most := cmp.Or(mostNodes[string(s.Name)], 100)
	list := []string{"run.repeat=1"}
	for prefix, setting := range lighter {
		if strings.HasPrefix(string(s.Name), prefix) {
			list = append(list, strings.Fields(setting)...)
		}
	}
	for _, g := range s.Nodes {
		if s.plan.nodes > most {
			count := mulDiv(int64(most), int64(g.Value.Count), int64(s.plan.nodes)) // an int may have 32 bits
			list = append(list, fmt.Sprintf("nodes.%s.count=%d", g.Key, max(1, count)))
		}
	}
	return list
}

// A way is one of the ways to run a scenario.
type way struct {
	mode    sim.Mode
	workers int
	wire    bool
}

func (w way) String() string {
	names := [...]string{sim.Auto: "auto", sim.Windowed: "in windows", sim.Ordered: "in global order"}
	text := fmt.Sprintf("%s, %d workers", names[w.mode], w.workers)
	if w.wire {
		text += ", through the wire"
	}
	return text
}

// reference is the way that -update pins.
var reference = way{sim.Windowed, 1, true}

// ways is the full product of modes, wire mode (but for the mode that chooses one of
// the others) and numbers of workers, as far as
// MESHSIM_WORKERS and -short leave it. Of the numbers that are more than a run has
// work for, which all run alike, it has the smallest.
func ways(t testing.TB, most int) []way {
	numbers := []int{1, 2, 3, 8}
	if text := os.Getenv("MESHSIM_WORKERS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("MESHSIM_WORKERS=%s is no number of workers; write 1 or more", text)
		}
		numbers = []int{n}
	} else if testing.Short() {
		numbers = []int{3}
	}
	var list []way
	for i, n := range numbers {
		if i > 0 && numbers[i-1] >= most {
			break
		}
		if testing.Short() { // emulated, or with the race detector: each way in which threads or bytes differ, once
			list = append(list, way{sim.Windowed, n, true}, way{sim.Ordered, n, false})
			continue
		}
		list = append(list, way{sim.Auto, n, false})
		for _, mode := range []sim.Mode{sim.Windowed, sim.Ordered} {
			list = append(list, way{mode, n, false}, way{mode, n, true})
		}
	}
	return slices.DeleteFunc(list, func(w way) bool { return w == reference })
}

// workersFor is how many workers a run has nodes for (see sim.Config.Workers).
func (r *pinnedRun) workersFor() int { return (r.plan.nodes-1)/128 + 1 }

// A pinnedRun is a run whose fingerprint is pinned.
type pinnedRun struct {
	*Scenario
	replication int
	whole       bool // as it ships
}

// pinnedRuns are all scenarios of the library, shortened, and the quickstart as it
// ships: its first replication, and the last, whose seed derives from the first's.
func pinnedRuns(t testing.TB) []pinnedRun {
	load := func(name string, overrides ...string) *Scenario {
		s, err := Load(name, overrides)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var runs []pinnedRun
	for _, e := range Library() {
		s := load(e.Name)
		runs = append(runs, pinnedRun{load(e.Name, shortened(s)...), 0, false})
		if e.Name == "quickstart" {
			runs = append(runs, pinnedRun{s, 0, true}, pinnedRun{s, s.Run.Repeat - 1, true})
		}
	}
	return runs
}

func (r *pinnedRun) key() string {
	return (&pin{scenario: string(r.Name), nodes: r.plan.nodes, replication: r.replication}).key()
}

// run runs it in one way. Without wire mode there is no payload.
func (r *pinnedRun) run(t testing.TB, w way) pin {
	cfg, err := r.Config(r.replication)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Mode, cfg.Workers, cfg.Wire = w.mode, w.workers, w.wire
	res, err := sim.Run(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return pin{string(r.Name), res.Nodes, r.replication, res.Events, fmt.Sprintf("%016x", res.Fingerprint), fmt.Sprintf("%016x", res.Payload)}
}

func TestFingerprints(t *testing.T) {
	runs := pinnedRuns(t)
	if *update {
		writePins(t, runs)
	}
	pins := readPins(t)
	for _, r := range runs {
		want, ok := pins[r.key()]
		delete(pins, r.key())
		t.Run(r.key(), func(t *testing.T) {
			if !ok {
				t.Fatalf("it is not in %s; -update pins it", fingerprintsFile)
			}
			t.Parallel()
			r.compare(t, want)
		})
	}
	for key := range pins {
		t.Errorf("%s has %s, which is no run of the library; -update leaves it out", fingerprintsFile, key)
	}
}

// compare runs it in all ways and holds it against its pin; as it ships, in those
// that users take.
func (r *pinnedRun) compare(t *testing.T, want pin) {
	first := r.run(t, reference)
	if first != want {
		t.Errorf("other events than those pinned: %s gives\n\t%v, pinned is\n\t%v; if that is meant, -update pins it", reference, first, want)
	}
	for _, w := range ways(t, r.workersFor()) {
		if r.whole && (w.mode != sim.Auto || w.wire) {
			continue
		}
		got := r.run(t, w)
		if !w.wire {
			got.payload = first.payload
		}
		if got != first {
			t.Errorf("not deterministic: %s gives\n\t%v, but %s\n\t%v", w, got, reference, first)
		}
	}
}

func readPins(t testing.TB) map[string]pin {
	f, err := os.Open(fingerprintsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], pinHeader) {
		t.Fatalf("%s cannot be read: %v; -update writes it anew", fingerprintsFile, err)
	}
	pins := map[string]pin{}
	for _, row := range rows[1:] {
		p := pin{scenario: row[0], fingerprint: row[4], payload: row[5]}
		if _, err := fmt.Sscan(strings.Join(row[1:4], " "), &p.nodes, &p.replication, &p.events); err != nil {
			t.Fatalf("%s: %v: %v", fingerprintsFile, row, err)
		}
		pins[p.key()] = p
	}
	return pins
}

func writePins(t testing.TB, runs []pinnedRun) {
	f, err := os.Create(fingerprintsFile)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	w.Write(pinHeader)
	for _, r := range runs {
		p := r.run(t, reference)
		w.Write(p.row())
	}
	w.Flush()
	if err := cmp.Or(w.Error(), f.Close()); err != nil {
		t.Fatal(err)
	}
}
