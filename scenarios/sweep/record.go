package sweep

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/scenarios"
	"meshsim/sim"
)

// Record is what is kept of a run. Times are in nanoseconds of simulated time.
type Record struct {
	ID          string              `json:"id"`
	Engine      string              `json:"engine"`  // version of meshsim
	Subject     string              `json:"subject"` // digest of what was run, whatever the engine
	Scenario    string              `json:"scenario"`
	Seed        uint64              `json:"seed"`
	Nodes       int                 `json:"nodes"`
	End         time.Duration       `json:"end"`
	Ending      sim.Ending          `json:"ending"`
	Events      uint64              `json:"events"`
	Fingerprint string              `json:"fingerprint"` // 16 hexadecimal digits
	Warmup      time.Duration       `json:"warmup"`      // statistics of series leave out what is earlier
	Times       []time.Duration     `json:"times"`       // of samples
	Metrics     []Metric            `json:"metrics"`     // that the run has a value of
	Faults      []Fault             `json:"faults,omitempty"`
	Evidence    *scenarios.Evidence `json:"evidence"` // what verdicts are made of
}

// A Fault was in force from one instant to another.
type Fault struct {
	Name  string        `json:"name"`
	Verb  string        `json:"verb"`
	From  time.Duration `json:"from"`
	To    time.Duration `json:"to"`
	Nodes int           `json:"nodes"` // that it struck
}

// Metric is one metric of a run. What does not exist is null.
type Metric struct {
	Name   string          `json:"name"`
	Unit   string          `json:"unit"`
	Form   string          `json:"form"`             // scalar, series, sample
	Better string          `json:"better"`           // which values are good ones: smaller, larger, neither
	Value  Number          `json:"value"`            // of a scalar
	Series []Number        `json:"series,omitempty"` // at each of the record's times; null where it has no value
	At     []time.Duration `json:"at,omitempty"`     // of the series, if it has times of its own
	Items  *Items          `json:"items,omitempty"`  // of a sample
}

// Number is null in JSON if it is not finite.
type Number float64

// none is a number that does not exist.
var none = Number(math.NaN())

// MarshalJSON writes all digits.
func (n Number) MarshalJSON() ([]byte, error) {
	if v := float64(n); !math.IsNaN(v) && !math.IsInf(v, 0) {
		return json.Marshal(v)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads null as a number that does not exist.
func (n *Number) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		*n = none
		return nil
	}
	return json.Unmarshal(b, (*float64)(n))
}

// newRecord takes from a result what is kept of it.
func newRecord(run *Run, s *scenarios.Scenario, r *sim.Result, engine string) *Record {
	out := &Record{ID: run.ID, Engine: engine, Subject: run.Subject, Scenario: string(s.Name),
		Seed: r.Seed, Nodes: r.Nodes, End: r.End, Warmup: s.Run.Warmup, Ending: r.Ending, Events: r.Events,
		Fingerprint: fmt.Sprintf("%016x", r.Fingerprint), Evidence: scenarios.Gather(s, r)}
	for i := range r.Samples {
		out.Times = append(out.Times, r.Samples[i].At)
	}
	for _, f := range r.Spans {
		out.Faults = append(out.Faults, Fault{f.Name, f.Verb, f.From, f.To, f.Nodes})
	}
	for _, spec := range s.MetricSpecs() {
		if m, ok := out.metric(spec, r); ok {
			out.Metrics = append(out.Metrics, m)
		}
	}
	return out
}

// metric reads a metric; not ok if the run has none.
func (rec *Record) metric(spec protocols.MetricSpec, r *sim.Result) (m Metric, ok bool) {
	m = Metric{Name: spec.Name, Unit: spec.Unit, Form: spec.Form.String(), Better: spec.Better.String(), Value: none}
	switch spec.Form {
	case protocols.Scalar:
		var v float64
		v, ok = r.Scalar(spec.Name)
		m.Value = Number(v)
	case protocols.Series:
		points := r.Series(spec.Name)
		ok = len(points) > 0
		m.Series, m.At = onGrid(points, rec.Times)
	default:
		m.Items = itemsOf(spec.Name, r)
		ok = m.Items != nil
	}
	return m, ok
}

// onGrid puts points at the times of samples; at is nil unless one is at none of
// them.
func onGrid(points []protocols.Point, times []time.Duration) (values []Number, at []time.Duration) {
	values = slices.Repeat([]Number{none}, len(times))
	i := 0
	for _, p := range points {
		for i < len(times) && times[i] < time.Duration(p.At) {
			i++
		}
		if i == len(times) || times[i] != time.Duration(p.At) {
			return offGrid(points)
		}
		values[i] = Number(p.Value)
		i++
	}
	return values, nil
}

func offGrid(points []protocols.Point) (values []Number, at []time.Duration) {
	for _, p := range points {
		values, at = append(values, Number(p.Value)), append(at, time.Duration(p.At))
	}
	return values, at
}
