package main

import (
	"fmt"
	"io"
	"time"

	"meshsim/protocols"
	"meshsim/report"
	"meshsim/report/export"
	"meshsim/report/spacetime"
	"meshsim/sim"
)

// A format is a way to write a run.
type format struct {
	name   string
	most   int  // nodes that it can take; 0: any number
	binary bool // no terminal wants it
	whole  bool // what is sampled at the last instant belongs to it
	quiet  bool // it takes no trace, only the result
	begin  func(x *exporting, w io.Writer) (exporter, error)
}

// An exporter takes a run and, when it is over, its result.
type exporter interface {
	sim.Tracer
	finish(r *sim.Result) error
}

// formats are all formats; the first is the default.
var formats = []format{
	{name: "jsonl", begin: beginJSONL},
	{name: "csv", begin: beginCSV},
	{name: "shiviz", most: export.MaxHosts, begin: beginShiViz},
	{name: "perfetto", most: export.MaxTracks, binary: true, whole: true, begin: beginPerfetto},
	{name: "openmetrics", whole: true, quiet: true, begin: beginOpenMetrics},
	{name: "graphviz", most: export.MaxDrawn, begin: beginGraphviz},
	{name: "spacetime", most: spacetime.MaxNodes, begin: beginSpacetime},
}

func formatNames() []string {
	var names []string
	for i := range formats {
		names = append(names, formats[i].name)
	}
	return names
}

func formatOf(name string) *format {
	for i := range formats {
		if formats[i].name == name {
			return &formats[i]
		}
	}
	panic("meshsim: no format " + name) // the flag takes no other
}

// lines writes events line by line.
type lines struct {
	sim.Tracer
	x     *exporting
	count *export.Window
	close func() error
}

func (l *lines) finish(*sim.Result) error {
	if l.count.Passed == 0 {
		l.x.log().Warn("nothing happened: " + l.x.what())
	}
	return internal(l.close())
}

// what is the window in words.
func (x *exporting) what() string {
	nodes := "of all nodes"
	if x.window.selector != "" {
		nodes = "of " + x.window.selector
	}
	return fmt.Sprintf("%v to %v %s", time.Duration(x.from), time.Duration(x.to), nodes)
}

func (x *exporting) clipped(to sim.Tracer, close func() error) exporter {
	w := export.NewWindow(x.from, x.to, x.nodes, to)
	return &lines{Tracer: w, x: x, count: w, close: close}
}

func beginJSONL(x *exporting, w io.Writer) (exporter, error) {
	t := report.NewTraceWriter(w)
	return x.clipped(t, t.Close), nil
}

func beginCSV(x *exporting, w io.Writer) (exporter, error) {
	t := export.NewCSV(w, x.scenario.NodeName)
	return x.clipped(t, t.Close), nil
}

// diagram draws a space-time diagram at the end.
type diagram struct {
	*spacetime.Recorder
	x *exporting
	w io.Writer
}

func beginSpacetime(x *exporting, w io.Writer) (exporter, error) {
	return &diagram{spacetime.NewRecorder(x.nodes, x.from, x.to), x, w}, nil
}

func (d *diagram) finish(*sim.Result) error {
	x := d.x
	pic := d.Diagram(x.title(), windowText(x.from, x.to), x.scenario.NodeName)
	if pic.Empty() {
		return usage("nothing happens from %s; choose another window or other nodes", x.what())
	}
	if shown, omitted := pic.Messages(); omitted > 0 {
		_, to := pic.Window()
		x.log().Warn(fmt.Sprintf("the diagram shows the first %d messages, up to %v, and leaves out %d; choose a shorter window with --from and --to, or fewer --nodes",
			shown, time.Duration(to), omitted))
	}
	_, err := io.WriteString(d.w, pic.SVG())
	return internal(err)
}

func windowText(from, to protocols.Time) string {
	return fmt.Sprintf("simulated time from %v to %v, downwards", time.Duration(from), time.Duration(to))
}
