package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"meshsim/scenarios"
)

// The gallery has of every scenario of the library a picture, <name>.svg, one of
// the plots of its report, and a record, <name>.txt, what a run of it printed.
// The README shows the pictures and takes its figures from the records.
//
//	REWRITE=1 go test ./cmd/meshsim -run Gallery        runs all and writes them anew
//	MESHSIM_LONG=1 go test ./cmd/meshsim -run Gallery   runs all and compares
//
// Without either, only three are run. That the pictures of the others are of this
// version of their scenarios is told by the digest of the scenario with its
// defaults.
const gallery = "../../scenarios/library/gallery"

// pictures are the plots that show what a scenario is about, where that is not
// the coverage over time.
var pictures = map[string]string{
	"aws-region-loss":       "heartbeat.detected",
	"chen-fixed-timeout":    "heartbeat.mistake_duration",
	"detection-overlay":     "discovery.dead_links",
	"chen-nfd-e":            "heartbeat.mistake_duration",
	"chen-nfd-s-lossy":      "heartbeat.mistake_duration",
	"chen-nfd-s-table":      "heartbeat.mistake_duration",
	"false-accusers":        "net.throughput",
	"false-accusers-beyond": "net.throughput",
	"flapping-links":        "heartbeat.wrong_suspicions",
	"heartbeat-ring":        "heartbeat.detection_time",
	"slow-nodes":            "heartbeat.wrong_suspicions",
	"slow-nodes-lifeguard":  "heartbeat.wrong_suspicions",
	"swim-dissemination":    "heartbeat.detected",
	"swim-first-ping-64":    "heartbeat.suspicion_time",
	"swim-first-ping-8":     "heartbeat.suspicion_time",
	"swim-load":             "net.throughput",
	"swim-ten-thousand":     "heartbeat.detected",

	"aggregation-churn":      "gossip.estimate_error",
	"averaging-complete":     "gossip.estimate_variance",
	"averaging-random-graph": "gossip.estimate_variance",
	"liars-average":          "gossip.estimate_error",
	"partition-heal":         "gossip.agreement",

	"discovery-churn":        "discovery.dead_links",
	"discovery-join-storm":   "discovery.joined",
	"discovery-liars":        "discovery.liar_links",
	"discovery-optimise-aws": "discovery.link_latency",
	"hyparview-30":           "discovery.dead_links",
	"hyparview-90":           "discovery.connectivity",
	"mesh":                   "net.throughput",
	"mesh-churn":             "discovery.dead_links",
	"mesh-failover":          "heartbeat.detected",
	"mesh-region":            "partition.read_only",
	"partition-minority":     "partition.read_only",
	"partition-even":         "partition.read_only",
	"partition-one-way":      "partition.read_only",
	"partition-bridge":       "partition.read_only",
	"partition-flapping":     "partition.read_only",
	"partition-three-ways":   "partition.read_only",
	"partition-two-faced":    "partition.read_only",
	"partition-raft":         "partition.read_only",

	"chord-churn":            "dht.replicated",
	"chord-failures":         "dht.consistent",
	"chord-hundred-thousand": "dht.path_length",
	"chord-load":             "dht.keys_load",
	"chord-load-virtual":     "dht.keys_load",
	"chord-partition":        "dht.consistent",
	"chord-path-1024":        "dht.path_length",
	"chord-path-256":         "dht.path_length",

	"dht-churn": "task.load_max",
	"dht-crash": "task.recovery_time",

	"decisions-12":                 "decision.decision_latency",
	"pbft-100-replicas-19-regions": "pbft.request_latency",
	"pbft-asynchrony":              "pbft.completed",
	"pbft-beyond-collude":          "pbft.executed",
	"pbft-beyond-silent":           "pbft.completed",
	"pbft-delays":                  "pbft.throughput",
	"pbft-delays-read-only":        "pbft.throughput",
	"pbft-delays-tentative":        "pbft.throughput",
	"pbft-equivocating-primary":    "pbft.throughput",
	"pbft-messages-10":             "pbft.executed",
	"pbft-messages-4":              "pbft.executed",
	"pbft-messages-7":              "pbft.executed",
	"pbft-normal-10":               "pbft.commit_time",
	"pbft-normal-4":                "pbft.commit_time",
	"pbft-saturation":              "pbft.goodput",
	"pbft-threshold-equivocate":    "pbft.executed",
	"pbft-threshold-lies":          "pbft.executed",
	"pbft-threshold-silent":        "pbft.executed",
	"pbft-twins":                   "pbft.executed",
	"pbft-view-change-storm":       "pbft.view",

	"raft-disk":               "raft.goodput",
	"raft-commit-latency":     "raft.commit_latency",
	"raft-figure16-100-200":   "raft.election_time",
	"raft-figure16-12-24":     "raft.election_time",
	"raft-figure16-150-150":   "raft.term",
	"raft-figure16-150-151":   "raft.election_time",
	"raft-figure16-150-155":   "raft.election_time",
	"raft-figure16-150-175":   "raft.election_time",
	"raft-figure16-150-200":   "raft.election_time",
	"raft-figure16-150-300":   "raft.election_time",
	"raft-figure16-25-50":     "raft.election_time",
	"raft-figure16-50-100":    "raft.election_time",
	"raft-split-vote-10":      "raft.election_time",
	"raft-split-vote-20":      "raft.election_time",
	"raft-wide-area":          "raft.election_time",
	"raft-wide-area-failed":   "raft.election_time",
	"raft-reconfigure":        "raft.goodput",
	"raft-failover":           "raft.goodput",
	"raft-disk-lost":          "raft.goodput",
	"raft-leader-crash":       "raft.goodput",
	"raft-minority-partition": "raft.goodput",
	"raft-saturation":         "raft.goodput",
	"raft-slow-disk":          "raft.goodput",

	"auction":       "task.time_in_system",
	"auction-liars": "task.liar_awards",

	"capability-liars":   "task.time_in_system",
	"capability-rare":    "task.open",
	"capability-routing": "task.time_in_system",

	"balance-hot-spot":         "task.load_max",
	"task-choices-1":           "task.time_in_system",
	"task-choices-2":           "task.time_in_system",
	"task-choices-3":           "task.time_in_system",
	"task-facebook-day":        "task.open",
	"task-fork-join":           "task.load_mean",
	"task-md1":                 "task.time_in_system",
	"task-mm1":                 "task.time_in_system",
	"stealing-crash":           "task.open",
	"stealing-fork-join":       "task.makespan",
	"stealing-hot-node":        "task.throughput",
	"stealing-mitzenmacher-50": "task.time_in_system",
	"stealing-mitzenmacher-80": "task.time_in_system",
	"stealing-mitzenmacher-90": "task.time_in_system",
	"stealing-speeds":          "task.utilisation_node",
	"strategies":               "task.open",
}

// quick are the scenarios that are always run.
var quick = []string{"quickstart", "aws-19-regions", "partition-heal"}

const largePicture = 60_000 // bytes

// A record is what is known of a run that made a picture.
type record struct {
	text    string // what the run printed
	picture string // metric that the picture shows
	digest  string // of the scenario with all defaults
}

func (r *record) String() string {
	return fmt.Sprintf("%s\npicture   %s\nscenario  %s\n", r.text, r.picture, r.digest)
}

func readRecord(name string) (*record, error) {
	b, err := os.ReadFile(filepath.Join(gallery, name+".txt"))
	if err != nil {
		return nil, err
	}
	var r record
	var rest string
	r.text, rest, _ = strings.Cut(string(b), "\npicture ")
	if _, err := fmt.Sscanf(rest, "%s\nscenario %s\n", &r.picture, &r.digest); err != nil {
		return nil, fmt.Errorf("%s.txt does not end with the picture's metric and the scenario's digest: %w", name, err)
	}
	return &r, nil
}

// Every scenario of the library has a picture and a record, which are those of
// this version. REWRITE=digests writes the digests of the scenarios alone: for a new
// field whose default changes no event, as the pinned fingerprints show.
func TestGallery(t *testing.T) {
	rewrite, long := os.Getenv("REWRITE") != "", os.Getenv("MESHSIM_LONG") != ""
	digests := os.Getenv("REWRITE") == "digests"
	for _, e := range scenarios.Library() {
		t.Run(e.Name, func(t *testing.T) {
			s, err := scenarios.Load(e.Name, nil)
			if err != nil {
				t.Fatal(err)
			}
			digest := digestOf(s)
			run := long || slices.Contains(quick, e.Name) && !testing.Short()
			switch {
			case digests:
				writeDigest(t, e.Name, digest)
			case rewrite:
				writeGallery(t, e.Name, digest)
			}
			if checkGallery(t, e.Name, digest); !rewrite && run && !t.Failed() {
				compareGallery(t, e.Name, digest)
			}
		})
	}
}

// digestOf is the digest of a scenario with all defaults but what is off: a protocol
// that it does not run is none of its business.
func digestOf(s *scenarios.Scenario) string {
	off := regexp.MustCompile(`(?m)^ *[a-z_]+: off\n`)
	return fmt.Sprintf("sha256:%x", sha256.Sum256(off.ReplaceAll(s.Resolved(), nil)))
}

// checkGallery looks at what is there.
func checkGallery(t *testing.T, name, digest string) {
	r, err := readRecord(name)
	if err != nil {
		t.Fatalf("%v; REWRITE=1 go test ./cmd/meshsim -run Gallery/%s makes the picture", err, name)
	}
	if r.digest != digest {
		t.Errorf("the picture is of another version of the scenario; REWRITE=1 go test ./cmd/meshsim -run Gallery/%s makes it anew", name)
	}
	switch info, err := os.Stat(filepath.Join(gallery, name+".svg")); {
	case err != nil:
		t.Error(err)
	case info.Size() > largePicture:
		t.Errorf("%s.svg has %d bytes, at most %d: choose another plot, or sample less often", name, info.Size(), largePicture)
	}
}

func writeDigest(t *testing.T, name, digest string) {
	r, err := readRecord(name)
	if err != nil {
		t.Fatal(err)
	}
	r.digest = digest
	if err := os.WriteFile(filepath.Join(gallery, name+".txt"), []byte(r.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func writeGallery(t *testing.T, name, digest string) {
	r, svg := runGallery(t, name, digest)
	for file, content := range map[string][]byte{name + ".txt": []byte(r.String()), name + ".svg": svg} {
		if err := os.WriteFile(filepath.Join(gallery, file), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// compareGallery runs the scenario again. Plots are the same bytes on one
// architecture only.
func compareGallery(t *testing.T, name, digest string) {
	want, err := os.ReadFile(filepath.Join(gallery, name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, svg := runGallery(t, name, digest)
	if r.String() != string(want) {
		t.Errorf("got\n%s\nwant\n%s", r, want)
	}
	picture, err := os.ReadFile(filepath.Join(gallery, name+".svg"))
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOARCH == "amd64" && !bytes.Equal(svg, picture) {
		t.Errorf("%s.svg differs; REWRITE=1 go test ./cmd/meshsim -run Gallery/%s makes it anew", name, name)
	}
}

// drawn is the line that names the drawing of a violation, in a directory of the moment.
var drawn = regexp.MustCompile(`(?m)^ *picture: .*\n`)

// runGallery runs a scenario as a user does, and returns what it printed and the
// picture.
func runGallery(t *testing.T, name, digest string) (*record, []byte) {
	out := t.TempDir()
	c := exec.CommandContext(t.Context(), "meshsim", "run", name, "--out", out)
	c.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "NO_COLOR=1")
	var trouble bytes.Buffer
	c.Stderr = &trouble
	printed, err := c.Output()
	if err != nil {
		t.Fatalf("%v\n%s%s", err, printed, trouble.Bytes())
	}
	text, _, found := strings.Cut(string(printed), "\nreport ")
	if !found {
		t.Fatalf("no report is named:\n%s", printed)
	}
	text = drawn.ReplaceAllString(text, "")
	r := &record{text: text, picture: cmp.Or(pictures[name], "gossip.coverage"), digest: digest}
	svg, err := os.ReadFile(filepath.Join(out, name, "latest", "plots", r.picture+".svg"))
	if err != nil {
		t.Fatal(err)
	}
	return r, svg
}

// The gallery holds nothing that is of no scenario.
func TestGalleryIsOfTheLibrary(t *testing.T) {
	files, err := fs.Glob(os.DirFS(gallery), "*")
	if err != nil {
		t.Fatal(err)
	}
	library := scenarios.Library()
	for _, f := range files {
		name := strings.TrimSuffix(f, filepath.Ext(f))
		if !slices.ContainsFunc(library, func(e scenarios.LibraryEntry) bool { return e.Name == name }) {
			t.Errorf("%s is of no scenario of the library", f)
		}
	}
}

var (
	scenarioLink = regexp.MustCompile(`\]\(scenarios/library/([\w-]+)\.yaml\)`)
	bold         = regexp.MustCompile(`\*\*(.*?)\*\*`)
	figure       = regexp.MustCompile(`\d(?:[\d.,]*\d)?`)
)

// The README shows every scenario of the library with its picture, and what it
// says in bold of one has its figures, rounded, from the record or the scenario.
func TestREADMEGallery(t *testing.T) {
	shown := map[string]bool{}
	for i, line := range readme(t) {
		m := scenarioLink.FindStringSubmatch(line)
		if m == nil || !strings.HasPrefix(line, "|") {
			continue
		}
		name := m[1]
		if strings.Contains(line, "scenarios/library/gallery/"+name+".svg") {
			shown[name] = true
		}
		for _, f := range unfounded(t, name, line) {
			t.Errorf("README.md:%d: %s is neither in the record nor in the scenario of %s", i+1, f, name)
		}
	}
	for _, e := range scenarios.Library() {
		if !shown[e.Name] {
			t.Errorf("the README's gallery has no row that links to scenarios/library/%s.yaml and shows its picture", e.Name)
		}
	}
}

// unfounded lists the figures in bold of a row that come from nowhere.
func unfounded(t *testing.T, name, row string) (list []string) {
	r, err := readRecord(name)
	if err != nil {
		t.Error(err)
		return nil
	}
	yaml, err := os.ReadFile(filepath.Join(filepath.Dir(gallery), name+".yaml"))
	if err != nil {
		t.Error(err)
		return nil
	}
	known := figure.FindAllString(r.text+"\n"+string(yaml), -1)
	for _, sentence := range bold.FindAllStringSubmatch(row, -1) {
		for _, f := range figure.FindAllString(sentence[1], -1) {
			if !slices.ContainsFunc(known, func(k string) bool { return rounds(k, f) }) {
				list = append(list, f)
			}
		}
	}
	return list
}

// rounds reports whether a number, written with as many digits behind the point
// as short, is short.
func rounds(number, short string) bool {
	short = strings.ReplaceAll(short, ",", "")
	v, err := strconv.ParseFloat(strings.ReplaceAll(number, ",", ""), 64)
	_, digits, _ := strings.Cut(short, ".")
	return err == nil && strconv.FormatFloat(v, 'f', len(digits), 64) == short
}

func TestRounds(t *testing.T) {
	for _, c := range []struct {
		number, short string
		want          bool
	}{
		{"12.697", "12.7", true}, {"12.697", "13", true}, {"12.697", "12.697", true}, {"1000", "1,000", true},
		{"12.697", "12.6", false}, {"12.697", "12.70", true}, {"12.697", "1", false}, {"1.2.3", "1.2", false},
	} {
		if rounds(c.number, c.short) != c.want {
			t.Errorf("rounds(%s, %s) is %t", c.number, c.short, !c.want)
		}
	}
}
