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
	Times       []time.Duration     `json:"times"`       // of samples
	Metrics     []Metric            `json:"metrics"`     // that the run has a value of
	Evidence    *scenarios.Evidence `json:"evidence"`    // what verdicts are made of
}

// Metric is one metric of a run. What does not exist is null.
type Metric struct {
	Name   string          `json:"name"`
	Unit   string          `json:"unit"`
	Form   string          `json:"form"`             // scalar, series, sample
	Value  Number          `json:"value"`            // of a scalar
	Series []Number        `json:"series,omitempty"` // at each of the record's times; null where it has no value
	At     []time.Duration `json:"at,omitempty"`     // of the series, if it has times of its own
	Items  *Items          `json:"items,omitempty"`  // of a sample
}

// Items are the statistics of the items of a run. Quantiles count an item that
// had not finished as longer than all that had, and do not exist among those.
type Items struct {
	Count    int    `json:"count"`
	Censored int    `json:"censored"` // had not finished when the run ended
	Mean     Number `json:"mean"`     // does not exist if one had not finished
	Min      Number `json:"min"`
	P50      Number `json:"p50"`
	P90      Number `json:"p90"`
	P95      Number `json:"p95"`
	P99      Number `json:"p99"`
	Max      Number `json:"max"`
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
		Seed: r.Seed, Nodes: r.Nodes, End: r.End, Ending: r.Ending, Events: r.Events,
		Fingerprint: fmt.Sprintf("%016x", r.Fingerprint), Evidence: scenarios.Gather(s, r)}
	for i := range r.Samples {
		out.Times = append(out.Times, r.Samples[i].At)
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
	m = Metric{Name: spec.Name, Unit: spec.Unit, Value: none}
	switch spec.Form {
	case protocols.Scalar:
		m.Form = "scalar"
		var v float64
		v, ok = r.Scalar(spec.Name)
		m.Value = Number(v)
	case protocols.Series:
		m.Form = "series"
		points := r.Series(spec.Name)
		ok = len(points) > 0
		m.Series, m.At = onGrid(points, rec.Times)
	default:
		m.Form = "sample"
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

// itemsOf is nil if the run has no items of the metric.
func itemsOf(metric string, r *sim.Result) *Items {
	out := &Items{Mean: none, Min: none}
	if metric == "net.latency" {
		if r.Latency == nil || r.Latency.N == 0 {
			return nil
		}
		out.Count = int(min(r.Latency.N, math.MaxInt32))
		out.quantiles(func(percent uint64) (float64, bool) { return r.Quantile(metric, percent, 100) })
		return out
	}
	items := r.Items(metric)
	if out.Count = len(items); out.Count == 0 {
		return nil
	}
	sum := 0.0
	var done []float64
	for _, it := range items {
		sum += it.Value
		if !it.Censored {
			done = append(done, it.Value)
		}
	}
	slices.Sort(done)
	if out.Censored = len(items) - len(done); out.Censored == 0 {
		out.Mean = Number(sum / float64(len(items)))
	}
	out.quantiles(func(percent uint64) (float64, bool) {
		rank := max((uint64(len(items))*percent+99)/100, 1)
		if rank > uint64(len(done)) {
			return 0, false
		}
		return done[rank-1], true
	})
	if len(done) > 0 {
		out.Min = Number(done[0])
	}
	return out
}

func (it *Items) quantiles(q func(percent uint64) (float64, bool)) {
	get := func(percent uint64) Number {
		if v, ok := q(percent); ok {
			return Number(v)
		}
		return none
	}
	it.P50, it.P90, it.P95, it.P99, it.Max = get(50), get(90), get(95), get(99), get(100)
}

// Statistic is a statistic of a metric within the run, see
// [scenarios.Statistics]; not ok if the run has none. One that does not exist
// because an item had not finished is NaN.
func (rec *Record) Statistic(metric, of string) (v float64, ok bool) {
	i := slices.IndexFunc(rec.Metrics, func(m Metric) bool { return m.Name == metric })
	if i < 0 {
		return 0, false
	}
	m := &rec.Metrics[i]
	switch {
	case m.Form == "scalar":
		return float64(m.Value), true
	case m.Form == "series":
		return seriesStatistic(m.Series, of)
	}
	all := map[string]Number{"mean": m.Items.Mean, "min": m.Items.Min, "p50": m.Items.P50, "p90": m.Items.P90,
		"p95": m.Items.P95, "p99": m.Items.P99, "max": m.Items.Max}
	n, ok := all[of]
	return float64(n), ok
}

// seriesStatistic of the values that exist.
func seriesStatistic(series []Number, of string) (float64, bool) {
	var values []float64
	sum := 0.0
	for _, v := range series {
		if v == v {
			values = append(values, float64(v))
			sum += float64(v)
		}
	}
	if len(values) == 0 {
		return 0, false
	}
	switch of {
	case "mean":
		return sum / float64(len(values)), true
	case "min":
		return slices.Min(values), true
	case "max":
		return slices.Max(values), true
	}
	return values[len(values)-1], true
}
