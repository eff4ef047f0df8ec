package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"time"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/sim"
)

// SummaryVersion is the version of summary.json. Fields may be added without a
// new version; it grows when one changes its meaning or goes.
const SummaryVersion = 1

// SummarySchema is the JSON Schema (2020-12) of summary.json.
//
//go:embed summary.schema.json
var SummarySchema []byte

// summary is the content of summary.json. What each field means stands in
// summary.schema.json.
type summary struct {
	Version      int              `json:"meshsim_summary"`
	Name         string           `json:"name"`
	Description  string           `json:"description"`
	Scenario     string           `json:"scenario_sha256"`
	Command      string           `json:"command"`
	Outcome      Outcome          `json:"outcome"`
	Complete     bool             `json:"complete"`
	Planned      int              `json:"planned"`
	Replications []replication    `json:"replications"`
	Verdicts     []verdictEntry   `json:"verdicts"`
	Violations   []violationEntry `json:"violations"`
	Metrics      []metricEntry    `json:"metrics"`
	Kinds        []kindEntry      `json:"kinds"`
	Drops        dropsEntry       `json:"drops"`
	Faults       []faultEntry     `json:"faults"`
}

type replication struct {
	Index       int        `json:"index"`
	Seed        uint64     `json:"seed"`
	Nodes       int        `json:"nodes"`
	Ending      sim.Ending `json:"ending"`
	End         simSeconds `json:"end_s"`
	Events      uint64     `json:"events"`
	Fingerprint string     `json:"fingerprint"`
	Violations  int        `json:"violations"`
}

type verdictEntry struct {
	Part     string  `json:"part"`
	Property string  `json:"property"`
	Outcome  Outcome `json:"outcome"`
	Text     string  `json:"text"`
	Detail   string  `json:"detail,omitempty"`
}

type violationEntry struct {
	Replication int              `json:"replication"`
	Seed        uint64           `json:"seed"`
	Protocol    string           `json:"protocol"`
	Check       string           `json:"check"`
	At          simSeconds       `json:"at_s"`
	Node        protocols.NodeID `json:"node"`
	NodeName    string           `json:"node_name"`
	Text        string           `json:"text"`
	Events      []string         `json:"events,omitempty"`
}

type metricEntry struct {
	Name     string      `json:"name"`
	Form     string      `json:"form"`
	Unit     string      `json:"unit"`
	Doc      string      `json:"doc"`
	Items    int         `json:"items,omitempty"`
	Censored int         `json:"items_censored,omitempty"`
	Parts    []partEntry `json:"parts"`
}

type partEntry struct {
	Of       string   `json:"of"`
	N        int      `json:"n"`
	Censored int      `json:"censored"`
	Method   string   `json:"method"`
	Mean     estimate `json:"mean"`
	SD       number   `json:"sd"`
	Min      number   `json:"min"`
	Median   estimate `json:"p50"`
	P95      estimate `json:"p95"`
	Max      number   `json:"max"`
}

type estimate struct {
	Value number `json:"value"`
	Lo    number `json:"lo"`
	Hi    number `json:"hi"`
}

type kindEntry struct {
	Protocol   string `json:"protocol"`
	Kind       string `json:"kind"`
	Sent       uint64 `json:"sent"`
	Bytes      uint64 `json:"bytes"`
	Delivered  uint64 `json:"delivered"`
	Lost       uint64 `json:"lost"`
	Duplicated uint64 `json:"duplicated"`
}

type dropsEntry struct {
	Loss        uint64 `json:"loss"`
	Partition   uint64 `json:"partition"`
	Down        uint64 `json:"down"`
	QueueFull   uint64 `json:"queue_full"`
	Corrupt     uint64 `json:"corrupt"`
	NoProtocol  uint64 `json:"no_protocol"`
	StreamReset uint64 `json:"stream_reset"`
	Crash       uint64 `json:"crash"`
}

type faultEntry struct {
	Name  string     `json:"name"`
	Verb  string     `json:"verb"`
	From  simSeconds `json:"from_s"`
	To    simSeconds `json:"to_s"`
	Nodes int        `json:"nodes"`
}

// number is one as files of results hold it.
type number = stats.Number

// simSeconds is a simulated time, written exactly.
type simSeconds time.Duration

func (s simSeconds) MarshalJSON() ([]byte, error) { return []byte(decimalSeconds(int64(s))), nil }

// Summary writes summary.json: all that a program wants to know, the same bytes
// for the same study on every machine. The format is described by
// [SummarySchema].
func (s *Study) Summary(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s.summary())
}

func (s *Study) summary() *summary {
	out := &summary{Version: SummaryVersion, Name: s.Name, Description: s.Description, Command: s.Command,
		Scenario: fmt.Sprintf("%x", sha256.Sum256(s.Scenario)), Outcome: Worst(s.Verdicts),
		Complete: !s.interrupted(), Planned: max(s.Planned, len(s.Results)),
		Replications: []replication{}, Verdicts: []verdictEntry{}, Violations: []violationEntry{},
		Metrics: []metricEntry{}, Kinds: []kindEntry{}, Faults: []faultEntry{}}
	for i, r := range s.Results {
		if r != nil {
			out.Replications = append(out.Replications, replication{i, r.Seed, r.Nodes, r.Ending, simSeconds(r.End), r.Events,
				fmt.Sprintf("%016x", r.Fingerprint), len(r.Violations)})
		}
	}
	for _, v := range s.Verdicts {
		out.Verdicts = append(out.Verdicts, verdictEntry(v))
	}
	for _, v := range s.violations() {
		out.Violations = append(out.Violations, violationEntry{v.Replication, v.Seed, v.Protocol, v.Check, simSeconds(v.At),
			v.Node, s.culprit(v.Node), v.Text, v.Events})
	}
	for _, f := range s.Figures() {
		out.Metrics = append(out.Metrics, f.entry())
	}
	for _, k := range s.kinds() {
		out.Kinds = append(out.Kinds, kindEntry(k))
	}
	out.Drops = dropsEntry(s.drops())
	if r := s.first(); r != nil {
		for _, f := range r.Spans {
			out.Faults = append(out.Faults, faultEntry{f.Name, f.Verb, simSeconds(f.From), simSeconds(f.To), f.Nodes})
		}
	}
	return out
}

func (f *Figure) entry() metricEntry {
	out := metricEntry{Name: f.Name, Form: f.Form.String(), Unit: f.Unit, Doc: f.Doc, Items: f.Items, Censored: f.Censored}
	for i := range f.Parts {
		p := &f.Parts[i]
		mean := f.possible(p.Sample.Mean(stats.Confidence))
		e := partEntry{Of: p.Of, N: p.Sample.N(), Censored: p.Sample.Censored(), Method: string(mean.Method),
			Mean: estimateOf(mean), SD: number(math.NaN()),
			Min: number(p.Sample.Quantile(0, stats.Confidence).Value), Max: number(p.Sample.Quantile(1, stats.Confidence).Value),
			Median: estimateOf(p.Sample.Quantile(0.5, stats.Confidence)), P95: estimateOf(p.Sample.Quantile(0.95, stats.Confidence))}
		if e.Censored == 0 {
			e.SD = number(stats.StdDev(p.Sample.Done()))
		}
		out.Parts = append(out.Parts, e)
	}
	return out
}

func estimateOf(in stats.Interval) estimate {
	return estimate{number(in.Value), number(in.Lo), number(in.Hi)}
}

// kinds sums the messages of each kind over the replications, in the order of
// the first.
func (s *Study) kinds() []sim.KindTotal {
	var out []sim.KindTotal
	place := map[[2]string]int{}
	for _, r := range s.finished() {
		for _, k := range r.Kinds {
			name := [2]string{k.Protocol, k.Kind}
			i, ok := place[name]
			if !ok {
				i = len(out)
				place[name] = i
				out = append(out, sim.KindTotal{Protocol: k.Protocol, Kind: k.Kind})
			}
			sum := &out[i]
			sum.Sent += k.Sent
			sum.Bytes += k.Bytes
			sum.Delivered += k.Delivered
			sum.Lost += k.Lost
			sum.Duplicated += k.Duplicated
		}
	}
	return out
}

// drops sums the dropped messages over the replications.
func (s *Study) drops() (sum sim.Drops) {
	for _, r := range s.finished() {
		sum.Add(&r.Drops)
	}
	return sum
}

// provenance writes provenance.json: where and when, and what it cost. It
// differs from run to run.
func (s *Study) provenance(w io.Writer) error {
	type costEntry struct {
		Seed         uint64 `json:"seed"`
		Wall         number `json:"wall_s"`
		EventsPerSec number `json:"events_per_s"`
		HeapBytes    uint64 `json:"heap_bytes"`
	}
	out := struct {
		Provenance
		Costs []costEntry `json:"costs"`
	}{s.Provenance, []costEntry{}}
	for _, r := range s.Results {
		if r != nil {
			out.Costs = append(out.Costs, costEntry{r.Seed, number(r.Cost.Wall.Seconds()), number(r.Cost.EventsPerSec), r.Cost.HeapBytes})
		}
	}
	b, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.Copy(w, bytes.NewReader(append(b, '\n')))
	return err
}
