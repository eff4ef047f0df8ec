package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/sim"
)

// odd is a study with all that numbers can be: absent, infinite, censored,
// hostile text, a replication missing.
func odd() *Study {
	s := violated()
	s.Name, s.Description = "odd \"name\"\n\x00<&>\xff", "π"
	for _, r := range s.Results {
		f := r.Figures["gossip"]
		f.Scalars = append(f.Scalars, protocols.Point{Metric: "odd", Value: math.NaN()}, protocols.Point{Metric: "huge", Value: math.Inf(1)})
		f.Items = append(f.Items, protocols.Item{Metric: "never", Value: 3, Censored: true})
		f.Reached = []protocols.Reached{{Metric: "coverage", Level: 0.99, Item: 1 << 63, Since: 1e9, After: 4e9, OK: true},
			{Metric: "coverage", Level: 1, Item: 1 << 63, Since: 1e9}}
		r.Figures["gossip"] = f
	}
	s.Metrics = append(s.Metrics, protocols.MetricSpec{Name: "gossip.odd", Form: protocols.Scalar, Unit: "s", Doc: "x"},
		protocols.MetricSpec{Name: "gossip.huge", Form: protocols.Scalar, Unit: "1", Doc: "x"},
		protocols.MetricSpec{Name: "gossip.never", Form: protocols.Sample, Unit: "s", Doc: "x"},
		protocols.MetricSpec{Name: "gossip.absent", Form: protocols.Sample, Unit: "s", Doc: "x"})
	s.Results = append(s.Results, nil)
	s.Planned = 3
	return s
}

func summaryOf(t *testing.T, s *Study) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Summary(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSummary(t *testing.T) {
	golden(t, "summary.json", summaryOf(t, synthetic{nodes: 10, runs: 3, faults: true, rumors: 2}.study()))
}

// Whatever a study holds, its summary keeps the schema.
func TestSummaryKeepsItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(SummarySchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("summary.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("summary.schema.json")
	for name, s := range map[string]*Study{
		"nothing": {}, "odd": odd(), "violated": violated(),
		"thirty": synthetic{nodes: 1000, runs: 30, faults: true, detail: true}.study(),
	} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(summaryOf(t, s)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSummaryIsTheSameTwice(t *testing.T) {
	a, b := summaryOf(t, odd()), summaryOf(t, odd())
	if !bytes.Equal(a, b) {
		t.Error("other bytes the second time")
	}
	s := odd()
	for _, r := range s.Results {
		if r != nil {
			r.Cost = sim.Cost{}
		}
	}
	s.Provenance = Provenance{}
	if !bytes.Equal(a, summaryOf(t, s)) {
		t.Error("what a run cost is in the summary")
	}
}

// The numbers are what statistics says of the values put in.
func TestSummaryNumbers(t *testing.T) {
	s := &Study{Planned: 4, Metrics: []protocols.MetricSpec{{Name: "p.a", Form: protocols.Scalar, Unit: "s"}, {Name: "p.t", Form: protocols.Sample, Unit: "s"}, {Name: "p.s", Form: protocols.Series, Unit: "1"}}}
	for i, v := range []float64{1, 2, 3, 6} {
		s.Results = append(s.Results, &sim.Result{Seed: uint64(i), End: 4e9, Figures: map[string]protocols.Figures{"p": {
			Scalars: []protocols.Point{{Metric: "a", Value: v}},
			Items:   []protocols.Item{{Metric: "t", Value: v, Censored: v > 2}},
			Points:  []protocols.Point{{Metric: "s", At: 1e9, Value: 1}, {Metric: "s", At: 4e9, Value: v}},
		}}})
	}
	figures := s.Figures()
	a, c := figures[0].entry().Parts[0], figures[1].entry().Parts[0]
	if a.Mean.Value != 3 || a.Min != 1 || a.Max != 6 || a.Median.Value != 2 || math.Abs(float64(a.SD)-2.160247) > 1e-5 || math.Abs(float64(a.Mean.Hi)-6.437435) > 1e-5 {
		t.Errorf("scalar: %+v", a)
	}
	if c.N != 4 || c.Censored != 2 || !math.IsNaN(float64(c.Mean.Value)) || c.Median.Value != 2 || !math.IsNaN(float64(c.Max)) {
		t.Errorf("censored: %+v", c)
	}
	if mean := figures[2].find(ofMean).Sample.Done()[3]; mean != 3.5 {
		t.Errorf("mean of the samples %v", mean)
	}
	if last := figures[2].find(ofLast).Sample.Done()[3]; last != 6 {
		t.Errorf("end of the series %v", last)
	}
}

func TestCSV(t *testing.T) {
	s := synthetic{nodes: 10, runs: 1, rumors: 2, detail: true}.study()
	f := s.Results[0].Figures["gossip"]
	f.Reached = odd().Results[0].Figures["gossip"].Reached
	f.Points = f.Points[:9]
	s.Results[0].Figures["gossip"] = f
	s.Results[0].Samples = s.Results[0].Samples[:2]
	var b bytes.Buffer
	if err := s.CSV(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "metrics.csv", b.Bytes())
	if err := s.CSV(failing{}); !errors.Is(err, errFull) {
		t.Errorf("full disk: %v", err)
	}
}

func TestCSVOfManyNodesHoldsPercentiles(t *testing.T) {
	s := synthetic{nodes: manyItems + 1, runs: 1, detail: true}.study()
	var b bytes.Buffer
	if err := s.CSV(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "net.messages_per_node"); n != 101 {
		t.Errorf("%d lines, want 101 percentiles", n)
	}
	lo, _ := s.Results[0].Quantile("net.messages_per_node", 1, 2)
	if want := "net.messages_per_node,p50,60," + stats.Plain(lo) + ",0"; !strings.Contains(b.String(), want) {
		t.Errorf("no line %s", want)
	}
}

func TestTrace(t *testing.T) {
	events := []sim.TraceEvent{
		{At: 0, What: sim.TraceStart, Node: 3, Protocol: "gossip", Key: 1},
		{At: 10, What: sim.TraceDeliver, Node: 3, Peer: protocols.External, Protocol: "gossip", Name: "publish", Size: 4, Key: 1 << 63, Cause: 7},
		{At: 20, What: sim.TraceSend, Node: 3, Peer: 4, Protocol: "gossip", Name: "pu\"sh\\\n\u2028𝄞", Size: 96, Key: 2},
		{At: 30, What: sim.TraceDrop, Node: 4, Peer: 3, Protocol: "gossip", Name: "loss", Key: 3},
		{At: 40, What: sim.TraceObserve, Node: 3, Protocol: "gossip", Name: "delivered", Item: 0, Value: 1<<64 - 1, Key: 4},
		{At: 50, What: sim.TraceExpire, Node: 3, Protocol: "gossip", Name: "round", Item: 5, Key: 5},
		{At: 60, What: sim.TraceCrash, Node: 3, Key: 6},
		{At: 70, What: sim.TraceHear, Node: 9, Protocol: "gossip", Name: "rumor-delivered", Key: 8},
	}
	var b bytes.Buffer
	w := NewTraceWriter(&b)
	w.Trace(events[:3])
	w.Trace(events[3:])
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	golden(t, "trace.jsonl", b.Bytes())
	for line := range strings.Lines(b.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
	r := Recorder{Node: 3, Until: 55, Keep: 4}
	r.Trace(events[:4])
	r.Trace(events[4:])
	golden(t, "events.txt", []byte(strings.Join(r.Lines(nil), "\n")+"\n"))
	full := NewTraceWriter(failing{})
	for range 10000 {
		full.Trace(events)
	}
	if err := full.Close(); !errors.Is(err, errFull) {
		t.Errorf("full disk: %v", err)
	}
}
