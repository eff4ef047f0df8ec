package spacetime

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"meshsim/protocols"
	"meshsim/sim"
)

const ms = protocols.Time(1_000_000)

func name(id protocols.NodeID) string { return fmt.Sprint("n<", id, ">") }

// story is a trace in which everything that a diagram shows happens.
func story() []sim.TraceEvent {
	send := func(at protocols.Time, key uint64, from, to protocols.NodeID, kind string) sim.TraceEvent {
		return sim.TraceEvent{At: at * ms, What: sim.TraceSend, Node: from, Peer: to, Protocol: "p", Name: kind, Size: 10, Key: key}
	}
	come := func(at protocols.Time, key uint64, from, to protocols.NodeID, kind string) sim.TraceEvent {
		return sim.TraceEvent{At: at * ms, What: sim.TraceDeliver, Node: to, Peer: from, Protocol: "p", Name: kind, Size: 10, Key: key}
	}
	slow := come(40, 3, 0, 1, "ask")
	slow.Work = 8e6
	return []sim.TraceEvent{
		{What: sim.TraceStart, Node: 0, Protocol: "p"}, {What: sim.TraceStart, Node: 1, Protocol: "p"},
		send(1, 1, 0, 1, "ask"), send(2, 2, 0, 2, "ask"), come(5, 1, 0, 1, "ask"),
		{At: 10 * ms, What: sim.TraceExpire, Node: 1, Protocol: "p", Name: "tick"},
		come(20, 2, 0, 2, "ask"), send(21, 3, 0, 1, "ask"), send(22, 4, 2, 0, "tell"),
		{At: 22 * ms, What: sim.TraceDrop, Node: 2, Peer: 0, Protocol: "p", Name: "tell: loss", Key: 4},
		{At: 24 * ms, What: sim.TraceCrash, Node: 2}, send(25, 5, 1, 2, "tell"),
		{At: 30 * ms, What: sim.TraceDrop, Node: 2, Peer: 1, Protocol: "p", Name: "tell: down", Key: 5},
		{At: 32 * ms, What: sim.TracePartition, Node: 0, Name: "cut", Item: 1, Value: 2}, {At: 32 * ms, What: sim.TracePartition, Node: 1, Name: "cut", Item: 1, Value: 2},
		{At: 32 * ms, What: sim.TracePartition, Node: 2, Name: "cut", Item: 1, Value: 1},
		{At: 35 * ms, What: sim.TraceStart, Node: 2, Protocol: "p"}, slow,
		{At: 40 * ms, What: sim.TraceHear, Node: 1, Protocol: "q", Work: 4e6},
		{At: 41 * ms, What: sim.TraceObserve, Node: 1, Protocol: "p", Name: "leader", Value: 7},
		{At: 42 * ms, What: sim.TracePause, Node: 0}, {At: 50 * ms, What: sim.TraceResume, Node: 0},
		{At: 51 * ms, What: sim.TraceByzantine, Node: 1, Name: "silent: begin"},
		{At: 52 * ms, What: sim.TraceDeliver, Node: 0, Peer: protocols.External, Protocol: "p", Name: "put", Key: 77},
		send(53, 6, 0, 9, "tell"), send(54, 7, 0, 0, "tell"), come(56, 7, 0, 0, "tell"),
		send(55, 8, 1, 0, "ask"), {At: 55 * ms, What: sim.TraceDuplicate, Node: 1, Peer: 0, Protocol: "p", Name: "ask", Key: 9, Cause: 8},
		come(58, 9, 1, 0, "ask"), come(61, 8, 1, 0, "ask"),
	}
}

func diagramOf(trace []sim.TraceEvent, from, to protocols.Time, nodes ...protocols.NodeID) *Diagram {
	r := NewRecorder(nodes, from*ms, to*ms)
	r.Trace(trace)
	return r.Diagram("a & b", "some time", name)
}

// The drawing of a story is the one that was looked at.
func TestDrawing(t *testing.T) {
	got := diagramOf(story(), 4, 60, 0, 1, 2).SVG()
	file := filepath.Join("testdata", "story.svg")
	if os.Getenv("REWRITE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the drawing has changed; look at it, then write it with REWRITE=1")
	}
}

// What a window holds is told apart by when and where it was.
func TestWindow(t *testing.T) {
	d := diagramOf(story(), 4, 60, 0, 1, 2)
	got := ""
	for _, a := range d.arrows {
		got += fmt.Sprintf("%d→%d %s %d %s\n", a.from, a.to, a.kind, a.fate, a.reason)
	}
	want := "0→1 p.ask 1 \n0→2 p.ask 1 \n0→1 p.ask 1 \n2→0 p.tell 2 loss\n1→2 p.tell 3 down\n0→0 p.tell 1 \n1→0 p.ask 0 \n1→0 p.ask 1 \n"
	if got != want {
		t.Errorf("the arrows are\n%swant\n%s", got, want)
	}
	if d.outside != 1 || len(d.injects) != 1 || len(d.marks) != 2 || d.Empty() {
		t.Errorf("%d outside, %d from outside, %d marks; want 1, 1, 2", d.outside, len(d.injects), len(d.marks))
	}
	if len(d.work) != 2 || d.work[1].from != d.work[0].to || d.work[1].to != 52*ms {
		t.Errorf("computing %v; what a call sets off follows it", d.work)
	}
	if n := len(diagramOf(story(), 6, 60, 0, 1, 2).arrows); n != 7 {
		t.Errorf("%d arrows, want 7: one ended before the window", n)
	}
	if d := diagramOf(story(), 11, 15, 1); !d.Empty() {
		t.Error("a window without events is not empty")
	}
}

// A diagram for a page has the page's colours alone, and nothing that a strict
// policy refuses or that two diagrams could share.
func TestInline(t *testing.T) {
	d := diagramOf(story(), 4, 60, 0, 1, 2)
	d.Chain = []uint64{3}
	inline := d.Inline()
	for _, bad := range []string{"style", " id=", "url(", "<script"} {
		if strings.Contains(inline, bad) {
			t.Errorf("the element has %q", bad)
		}
	}
	if rest := regexp.MustCompile(`var\(--[a-z0-9]+,#[0-9A-F]{6}\)`).ReplaceAllString(inline, ""); strings.Contains(rest, "#") {
		t.Error("a colour is not the page's")
	}
	for _, text := range []string{inline, d.SVG()} {
		x := xml.NewDecoder(strings.NewReader(text))
		for {
			if _, err := x.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Beyond MaxArrows a diagram ends where the first message has no room, and counts
// what it leaves out, within the window alone.
func TestCap(t *testing.T) {
	r := NewRecorder([]protocols.NodeID{0, 1}, 0, 5000)
	for i := range protocols.Time(6000) {
		key := uint64(i + 1)
		r.Trace([]sim.TraceEvent{{At: i, What: sim.TraceSend, Node: 0, Peer: 1, Protocol: "p", Name: "x", Key: key}})
		if i > 10 {
			r.Trace([]sim.TraceEvent{{At: i, What: sim.TraceDeliver, Node: 1, Peer: 0, Protocol: "p", Name: "x", Key: key - 10}})
		}
	}
	d := r.Diagram("t", "s", name)
	shown, omitted := d.Messages()
	_, to := d.Window()
	if shown != MaxArrows || omitted != 5000-MaxArrows || to != MaxArrows {
		t.Errorf("%d shown, %d left out, up to %d", shown, omitted, to)
	}
	if !strings.Contains(d.SVG(), "3000 more of the window are left out") {
		t.Error("the diagram does not say what it leaves out")
	}
}

// What ended before the window takes no memory.
func TestForgets(t *testing.T) {
	r := NewRecorder([]protocols.NodeID{0, 1}, 1_000_000, 1_000_100)
	for i := range protocols.Time(1_000_050) {
		e := sim.TraceEvent{At: i, What: sim.TraceSend, Node: 0, Peer: 1, Key: uint64(i/2 + 1)}
		if i%2 == 1 {
			e.What, e.Node, e.Peer = sim.TraceDeliver, 1, 0
		}
		r.Trace([]sim.TraceEvent{e})
		if len(r.arrows) > 4096 {
			t.Fatalf("%d arrows are kept", len(r.arrows))
		}
	}
	if n, _ := r.Diagram("t", "s", name).Messages(); n != 25 {
		t.Errorf("%d messages are left, want 25", n)
	}
}

// A message that is lost on its way ends between two columns, never on one.
func TestLostBetweenColumns(t *testing.T) {
	nodes := make([]protocols.NodeID, 30)
	for i := range nodes {
		nodes[i] = protocols.NodeID(i)
	}
	r := NewRecorder(nodes, 0, 100*ms)
	key := uint64(0)
	for from := range nodes {
		for to := range nodes {
			key++
			a, b := protocols.NodeID(from), protocols.NodeID(to)
			r.Trace([]sim.TraceEvent{{At: ms, What: sim.TraceSend, Node: a, Peer: b, Key: key}, {At: ms, What: sim.TraceDrop, Node: a, Peer: b, Name: "x: loss", Key: key}})
		}
	}
	d := r.Diagram("t", "s", name)
	for i := range d.arrows {
		a := &d.arrows[i]
		var x1, y1, x2, y2 float64
		if _, err := fmt.Sscanf(d.path(a).line, "M%f %fL%f %f", &x1, &y1, &x2, &y2); a.from == a.to {
			continue
		} else if err != nil {
			t.Fatal(err)
		}
		between := (x2 - float64(d.left)/10) / (float64(d.spacing) / 10)
		if off := between - float64(int(between)); off < 0.4 || off > 0.6 {
			t.Fatalf("from %d to %d it ends at column %.2f", a.from, a.to, between)
		}
	}
}

// The steps of the axis are the smallest of 1, 2, 5 that fit.
func TestTimeStep(t *testing.T) {
	for _, x := range []struct {
		span     protocols.Time
		parts    int
		step     protocols.Time
		decimals int
	}{{1e9, 10, 1e8, 1}, {1e9, 9, 2e8, 1}, {1e9, 4, 5e8, 1}, {3, 10, 1, 9}, {120e6, 8, 20e6, 2}, {3600e9, 10, 500e9, 0}, {60e9, 1, 50e9, 0}} {
		step, decimals := timeStep(x.span, x.parts)
		if step != x.step || decimals != x.decimals {
			t.Errorf("%d in %d parts: step %d with %d decimals, want %d and %d", x.span, x.parts, step, decimals, x.step, x.decimals)
		}
	}
}
