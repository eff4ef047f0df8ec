package export

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

func name(id protocols.NodeID) string { return fmt.Sprint("n-", id) }

// dice are random bits that are the same each time.
type dice uint64

func (d *dice) below(n int) int {
	*d = *d*6364136223846793005 + 1442695040888963407
	return int(uint64(*d) >> 33 % uint64(n))
}

// talk is a random trace of nodes that answer what they get, or not; some calls
// cost time, and what they send leaves then. Some messages are lost or doubled.
func talk(seed uint64, nodes, calls int) (trace []sim.TraceEvent) {
	type message struct {
		key      uint64
		from, to protocols.NodeID
	}
	d, key := dice(seed), uint64(0)
	next := func() uint64 { key++; return key * 0x9e3779b97f4a7c15 }
	var flying []message
	for i := range calls {
		at := protocols.Time(i * 1000)
		call := sim.TraceEvent{At: at, What: sim.TraceExpire, Node: protocols.NodeID(d.below(nodes)), Protocol: "p", Name: "tick", Key: next()}
		if len(flying) > 0 && d.below(3) > 0 {
			k := d.below(len(flying))
			m := flying[k]
			flying = slices.Delete(flying, k, k+1)
			if d.below(8) == 0 {
				trace = append(trace, sim.TraceEvent{At: at, What: sim.TraceDrop, Node: m.to, Peer: m.from, Protocol: "p", Name: "ask: down", Key: m.key})
				continue
			}
			call.What, call.Node, call.Peer, call.Name, call.Key, call.Size = sim.TraceDeliver, m.to, m.from, "ask", m.key, 7
		}
		call.Work = [3]time.Duration{0, 0, 300}[d.below(3)]
		trace = append(trace, call, sim.TraceEvent{At: at, What: sim.TraceObserve, Node: call.Node, Protocol: "p", Name: "seen", Value: uint64(i), Cause: call.Key})
		for range d.below(3) {
			m := message{next(), call.Node, protocols.NodeID(d.below(nodes))}
			trace = append(trace, sim.TraceEvent{At: at + protocols.Time(call.Work), What: sim.TraceSend, Node: m.from, Peer: m.to, Protocol: "p", Name: "ask", Key: m.key, Cause: call.Key})
			flying = append(flying, m)
			if d.below(10) == 0 {
				again := message{next(), m.from, m.to}
				trace = append(trace, sim.TraceEvent{At: at + protocols.Time(call.Work), What: sim.TraceDuplicate, Node: m.from, Peer: m.to, Protocol: "p", Name: "ask", Key: again.key, Cause: m.key})
				flying = append(flying, again)
			}
		}
	}
	return trace
}

// batches hands a trace over in pieces, as a run does, cut between instants.
func batches(t sim.Tracer, trace []sim.TraceEvent) {
	d := dice(1)
	for len(trace) > 0 {
		n := min(1+d.below(50), len(trace))
		for n < len(trace) && trace[n].At/1000 == trace[n-1].At/1000 {
			n++
		}
		t.Trace(trace[:n])
		trace = trace[n:]
	}
}

// The table is read back by a reader of CSV, line by line what was traced.
func TestCSV(t *testing.T) {
	trace := talk(1, 5, 300)
	trace = append(trace, sim.TraceEvent{At: 1, What: sim.TraceByzantine, Node: 2, Name: `delay "a", b: begin`},
		sim.TraceEvent{At: 2, What: sim.TraceDeliver, Node: 1, Peer: protocols.External, Name: "put"})
	var b bytes.Buffer
	c := NewCSV(&b, name)
	batches(c, trace)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(rows[0], ",") + "\n"; got != csvHeader || len(rows) != len(trace)+1 {
		t.Fatalf("%d rows under %q", len(rows), got)
	}
	for i, e := range trace {
		row := rows[i+1]
		if row[0] != fmt.Sprint(int64(e.At)) || row[1] != string(e.What) || row[2] != name(e.Node) || row[5] != e.Name || e.Key != 0 && row[10] != fmt.Sprintf("%016x", e.Key) {
			t.Fatalf("%+v is written as %q", e, row)
		}
	}
	last := rows[len(rows)-1]
	if last[3] != "external" || last[6] != "" || rows[len(rows)-2][3] != "" {
		t.Errorf("peers and sizes are %q and %q", last, rows[len(rows)-2])
	}
}

// lines are a ShiViz log's, read as ShiViz reads them.
func readShiViz(t *testing.T, text string) (hosts []string, clocks []map[string]int, events []string) {
	t.Helper()
	head, log, _ := strings.Cut(text, "\n\n")
	if head != ShiVizParser {
		t.Fatalf("the first line is %q", head)
	}
	re := regexp.MustCompile("(?m)" + strings.NewReplacer("(?<", "(?P<", `{.*}`, `\{.*\}`).Replace(ShiVizParser))
	rest := re.ReplaceAllString(log, "")
	if strings.TrimSpace(rest) != "" {
		t.Fatalf("the regular expression does not match %q", rest)
	}
	for _, m := range re.FindAllStringSubmatch(log, -1) {
		clock := map[string]int{}
		if err := json.Unmarshal([]byte(m[2]), &clock); err != nil {
			t.Fatal(err)
		}
		hosts, clocks, events = append(hosts, m[1]), append(clocks, clock), append(events, m[3])
	}
	return hosts, clocks, events
}

// The log obeys the laws of vector clocks: a host counts its own events one by
// one, its clock never falls, and what it knows of others has happened. One event
// comes before another by the clocks if and only if a path of messages and of
// steps of hosts leads from it to the other, over any nodes; this is held against
// a search over all events.
func TestShiViz(t *testing.T) {
	for seed := range uint64(20) {
		const nodes = 7
		trace := talk(seed+1, nodes, 200)
		chosen := []protocols.NodeID{0, 2, 3, 6}
		var b bytes.Buffer
		s := NewShiViz(&b, chosen, name, 0, 1<<60)
		batches(s, trace)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		hosts, clocks, _ := readShiViz(t, b.String())
		own := map[string]int{}
		var before map[string]map[string]int = map[string]map[string]int{}
		for i, h := range hosts {
			if own[h]++; clocks[i][h] != own[h] {
				t.Fatalf("seed %d: event %d of %s has its clock at %d", seed, own[h], h, clocks[i][h])
			}
			for other, n := range clocks[i] {
				if n > own[other] || n < before[h][other] {
					t.Fatalf("seed %d: %s knows %d events of %s, which has had %d, and knew %d", seed, h, n, other, own[other], before[h][other])
				}
			}
			before[h] = clocks[i]
		}
		past := pasts(trace, chosen)
		if len(past) != len(clocks) || len(past) < 50 {
			t.Fatalf("seed %d: %d events in the log, %d in the trace", seed, len(clocks), len(past))
		}
		for i := range past {
			for j := range i {
				ordered := clocks[j][hosts[j]] <= clocks[i][hosts[j]]
				if ordered != past[i][j] {
					t.Fatalf("seed %d: event %d before event %d: %v by the clocks, %v by the messages", seed, j, i, ordered, past[i][j])
				}
			}
		}
	}
}

// pasts finds for each call of chosen nodes which of the calls before are in its
// past, by sets.
func pasts(trace []sim.TraceEvent, chosen []protocols.NodeID) (out []map[int]bool) {
	node, message := map[protocols.NodeID]map[int]bool{}, map[uint64]map[int]bool{}
	of := map[uint64]map[int]bool{} // what a call knew
	for _, e := range trace {
		switch {
		case isCall(e.What):
			set := map[int]bool{}
			for _, from := range []map[int]bool{node[e.Node], message[e.Key]} {
				for k := range from {
					set[k] = true
				}
			}
			if slices.Contains(chosen, e.Node) {
				past := map[int]bool{}
				for k := range set {
					past[k] = true
				}
				set[len(out)] = true
				out = append(out, past)
			}
			node[e.Node], of[e.Key] = set, set
		case e.What == sim.TraceSend:
			message[e.Key] = of[e.Cause]
		case e.What == sim.TraceDuplicate:
			message[e.Key] = message[e.Cause]
		}
	}
	return out
}

// figures is a result with all forms of metrics.
func figures() (*sim.Result, []protocols.MetricSpec) {
	specs := []protocols.MetricSpec{
		{Name: "p.coverage", Form: protocols.Series, Unit: "ratio", Doc: `share "a\b"`},
		{Name: "p.rate", Form: protocols.Series, Unit: "1/s", Doc: "a second"},
		{Name: "p.rounds", Form: protocols.Scalar, Unit: "rounds", Doc: "rounds"},
		{Name: "p.wait", Form: protocols.Sample, Unit: "s", Doc: "waits"},
		{Name: "p.none", Form: protocols.Series, Unit: "B", Doc: "there is none"},
	}
	f := protocols.Figures{}
	for i := range 4 {
		f.Point("coverage", protocols.Time(i)*1e9/2, float64(i)/3)
		f.Point("rate", protocols.Time(i)*1e9/2, float64(i*1000))
	}
	f.Point("coverage", 2e9, math.NaN())
	f.Scalar("rounds", 2e9, 12)
	f.Items = []protocols.Item{{Metric: "wait", Value: 0.5}, {Metric: "wait", Value: 0.25}, {Metric: "wait", Value: 2, Censored: true}}
	return &sim.Result{End: 2e9, Figures: map[string]protocols.Figures{"p": f},
		Kinds: []sim.KindTotal{{Protocol: "p", Kind: "ask", Sent: 7, Bytes: 70, Delivered: 6, Lost: 1}}}, specs
}

// The figures are written as the specification of OpenMetrics wants them.
func TestOpenMetrics(t *testing.T) {
	r, specs := figures()
	var b bytes.Buffer
	o := &OpenMetrics{Specs: specs, Labels: []Label{{"scenario", "s"}}, From: 0.5e9, To: 2e9 + 1, Epoch: 1e18}
	if err := o.Write(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# TYPE meshsim_p_coverage_ratio gauge\n# UNIT meshsim_p_coverage_ratio ratio\n# HELP meshsim_p_coverage_ratio share \\\"a\\\\b\\\"\n" +
			"meshsim_p_coverage_ratio{scenario=\"s\"} 0.333333 1000000000.5\nmeshsim_p_coverage_ratio{scenario=\"s\"} 0.666667 1000000001\n" +
			"meshsim_p_coverage_ratio{scenario=\"s\"} 1 1000000001.5\n# TYPE meshsim_p_rate_per_second gauge\n",
		"meshsim_p_rounds{scenario=\"s\"} 12 1000000002\n",
		"# TYPE meshsim_p_wait_seconds summary\n",
		"meshsim_p_wait_seconds{quantile=\"0.5\",scenario=\"s\"} 0.5 1000000002\n# TYPE", // the others never end
		"# TYPE meshsim_message_kinds_sent_bytes counter\n# UNIT meshsim_message_kinds_sent_bytes bytes\n",
		"meshsim_message_kinds_sent_bytes_total{protocol=\"p\",kind=\"ask\",scenario=\"s\"} 70 1000000002\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("there is no %q in\n%s", want, b.String())
		}
	}
	if !strings.HasSuffix(b.String(), "\n# EOF\n") || strings.Contains(b.String(), "p_none") || strings.Contains(b.String(), "NaN") {
		t.Errorf("the text ends wrongly, or has what there is not:\n%s", b.String())
	}
	line := regexp.MustCompile(`^(# (TYPE|UNIT|HELP) meshsim_[a-z_]+ .+|# EOF|meshsim_[a-z_]+\{([a-z]+="[^"]*",?)+\} \S+ [0-9.]+)$`)
	for _, l := range strings.Split(strings.TrimSpace(b.String()), "\n") {
		if !line.MatchString(l) {
			t.Errorf("%q is no line of OpenMetrics", l)
		}
	}
}

// line is a topology in which each knows the next.
type line int

func (n line) Degree(id protocols.NodeID) int {
	if id == 0 || int(id) == int(n)-1 {
		return 1
	}
	return 2
}

func (n line) Neighbour(id protocols.NodeID, i int) protocols.NodeID {
	if id == 0 || i == 1 {
		return id + 1
	}
	return id - 1
}

// Graphs of several instants differ in state alone.
func TestGraph(t *testing.T) {
	nodes := []protocols.NodeID{0, 1, 2, 3, 5}
	g := NewGraph(nodes, name, line(6))
	g.Trace([]sim.TraceEvent{
		{At: 10, What: sim.TraceCrash, Node: 3}, {At: 15, What: sim.TraceByzantine, Node: 2, Name: "silent: begin"},
		{At: 20, What: sim.TracePartition, Node: 0, Name: "cut", Item: 1, Value: 1}, {At: 20, What: sim.TracePartition, Node: 1, Name: "cut", Item: 1, Value: 2},
		{At: 20, What: sim.TracePartition, Node: 2, Name: "cut", Item: 1, Value: 2}, {At: 30, What: sim.TraceStart, Node: 3},
	})
	var b bytes.Buffer
	if err := g.Write(&b, "run", []protocols.Time{5, 20, 30}); err != nil {
		t.Fatal(err)
	}
	parts := strings.SplitAfter(b.String(), "\n}\n")
	for i, want := range [][]string{
		{`graph "at 5ns"`, "run at 5ns: 5 up", `"n-0" -- "n-1";`, `"n-2" -- "n-3";`},
		{"2 up, 1 cut off, 1 Byzantine, 1 down", `"n-0" -- "n-1" [style=dashed, color="#B3261E"];`, `"n-1" -- "n-2";`, `"n-2" -- "n-3" [color="#E2E2E2"];`, `"n-0" [fillcolor="#F7DFB2"`, `"n-2" [fillcolor="#F3B7B2"`},
		{"3 up, 1 cut off, 1 Byzantine", `"n-2" -- "n-3";`},
	} {
		for _, text := range want {
			if !strings.Contains(parts[i], text) {
				t.Errorf("graph %d has no %q:\n%s", i, text, parts[i])
			}
		}
	}
	shape := regexp.MustCompile(`"n-\d"( -- "n-\d")?`)
	if first := shape.FindAllString(parts[0], -1); !slices.Equal(first, shape.FindAllString(parts[1], -1)) || len(first) != 5+3 {
		t.Errorf("the graphs have other nodes, edges or orders: %v", first)
	}
	all := make([]protocols.NodeID, 400)
	for i := range all {
		all[i] = protocols.NodeID(i)
	}
	if err := NewGraph(all, name, nil).Write(&b, "run", []protocols.Time{0}); err == nil || !strings.Contains(err.Error(), "more than 50000 edges among 400 nodes") {
		t.Errorf("a full mesh of 400 nodes: %v", err)
	}
}

// A Window passes on its time and its nodes.
func TestWindow(t *testing.T) {
	var got []protocols.Time
	w := NewWindow(10_000, 50_000, []protocols.NodeID{1}, tracerFunc(func(events []sim.TraceEvent) {
		for _, e := range events {
			if e.Node != 1 {
				t.Error("an event of another node")
			}
			got = append(got, e.At)
		}
	}))
	batches(w, talk(3, 3, 100))
	if len(got) == 0 || len(got) != w.Passed || slices.Min(got) < 10_000 || slices.Max(got) >= 50_000 {
		t.Errorf("%d events from %v", len(got), got)
	}
}

type tracerFunc func([]sim.TraceEvent)

func (f tracerFunc) Trace(events []sim.TraceEvent) { f(events) }
