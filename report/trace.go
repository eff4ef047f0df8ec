package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"meshsim/protocols"
	"meshsim/sim"
)

// A TraceWriter writes a trace as JSON Lines, one event a line, in the total
// order of the run:
//
//	{"at_ns":1500,"what":"deliver","node":3,"peer":1,"protocol":"gossip","name":"push","size":96,"value":21000,"key":"00c0…","cause":"7b1f…"}
//
// A peer of -1 is a client outside the mesh. Keys are hexadecimal, since they do
// not fit the numbers of most readers of JSON; cause is the key of the event
// whose call asked for this one. Fields that do not apply are left out, see
// [sim.TraceEvent]. It is a [sim.Tracer].
type TraceWriter struct {
	w    *bufio.Writer
	line []byte
	err  error
}

// NewTraceWriter returns a TraceWriter on w. Close must be called at the end.
func NewTraceWriter(w io.Writer) *TraceWriter {
	return &TraceWriter{w: bufio.NewWriterSize(w, 1<<16)}
}

// Trace writes events. After an error it does nothing; Close returns it.
func (t *TraceWriter) Trace(events []sim.TraceEvent) {
	for i := range events {
		if t.err != nil {
			return
		}
		t.line = appendTraceLine(t.line[:0], &events[i])
		_, t.err = t.w.Write(t.line)
	}
}

// Close writes what is still in memory and returns the first error. It does not
// close the file below.
func (t *TraceWriter) Close() error {
	if t.err != nil {
		return fmt.Errorf("writing the trace: %w", t.err)
	}
	if err := t.w.Flush(); err != nil {
		return fmt.Errorf("writing the trace: %w", err)
	}
	return nil
}

func appendTraceLine(b []byte, e *sim.TraceEvent) []byte {
	b = append(b, `{"at_ns":`...)
	b = strconv.AppendInt(b, int64(e.At), 10)
	b = appendText(b, "what", string(e.What))
	b = appendInteger(b, "node", nodeNumber(e.Node))
	if hasPeer(e.What) {
		b = appendInteger(b, "peer", nodeNumber(e.Peer))
	}
	if e.Protocol != "" {
		b = appendText(b, "protocol", e.Protocol)
	}
	if e.Name != "" {
		b = appendText(b, "name", e.Name)
	}
	if e.Size != 0 {
		b = appendInteger(b, "size", int64(e.Size))
	}
	if e.Item != 0 || e.What == sim.TraceObserve {
		b = appendUnsigned(b, "item", e.Item)
	}
	if e.Value != 0 || e.What == sim.TraceObserve {
		b = appendUnsigned(b, "value", e.Value)
	}
	if e.Work != 0 {
		b = appendInteger(b, "work_ns", int64(e.Work))
	}
	b = appendKey(b, "key", e.Key)
	if e.Cause != 0 {
		b = appendKey(b, "cause", e.Cause)
	}
	return append(b, "}\n"...)
}

func hasPeer(what sim.TraceKind) bool {
	return what == sim.TraceDeliver || what == sim.TraceSend || what == sim.TraceDrop || what == sim.TraceDuplicate
}

func nodeNumber(id protocols.NodeID) int64 {
	if id == protocols.External {
		return -1
	}
	return int64(id)
}

func appendName(b []byte, name string) []byte {
	b = append(b, `,"`...)
	b = append(b, name...)
	return append(b, `":`...)
}

func appendInteger(b []byte, name string, v int64) []byte {
	return strconv.AppendInt(appendName(b, name), v, 10)
}

func appendUnsigned(b []byte, name string, v uint64) []byte {
	return strconv.AppendUint(appendName(b, name), v, 10)
}

// appendText takes names of protocols' own; what is not a letter, digit or sign
// of ASCII is escaped.
func appendText(b []byte, name, v string) []byte {
	b = append(appendName(b, name), '"')
	for _, r := range v {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r >= ' ' && r <= '~':
			b = append(b, byte(r))
		case r <= 0xffff:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}

func appendKey(b []byte, name string, v uint64) []byte {
	b = append(appendName(b, name), '"')
	const digits = "0123456789abcdef"
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, digits[v>>shift&15])
	}
	return append(b, '"')
}

// A Recorder remembers the last events of one node up to an instant: what led to
// a violation. Running a replication again with it, up to the violation, costs
// less than tracing all that hold. It is a [sim.Tracer].
type Recorder struct {
	Node  protocols.NodeID
	Until protocols.Time // events after it are ignored
	Keep  int            // how many; 0 means 8

	events []sim.TraceEvent
}

// Trace takes events.
func (r *Recorder) Trace(events []sim.TraceEvent) {
	keep := r.Keep
	if keep == 0 {
		keep = 8
	}
	for i := range events {
		if e := &events[i]; e.At <= r.Until && (e.Node == r.Node || hasPeer(e.What) && e.Peer == r.Node) {
			if len(r.events) == keep {
				r.events = append(r.events[:0], r.events[1:]...)
			}
			r.events = append(r.events, *e)
		}
	}
}

// Lines returns the events in words, oldest first, for [Violation].
func (r *Recorder) Lines(name func(protocols.NodeID) string) []string {
	s := &Study{NodeName: name}
	var out []string
	for i := range r.events {
		out = append(out, s.traceText(&r.events[i]))
	}
	return out
}

// traceText writes a trace event for people.
func (s *Study) traceText(e *sim.TraceEvent) string {
	out := decimalSeconds(int64(e.At)) + " s  " + s.nodeName(e.Node) + "  "
	what := e.Name
	if e.Protocol != "" {
		what = e.Protocol + "." + what
	}
	switch e.What {
	case sim.TraceDeliver:
		return out + fmt.Sprintf("received %s from %s, %d B", what, s.nodeName(e.Peer), e.Size)
	case sim.TraceSend:
		return out + fmt.Sprintf("sent %s to %s, %d B", what, s.nodeName(e.Peer), e.Size)
	case sim.TraceDuplicate:
		return out + fmt.Sprintf("doubled on the way: %s to %s, %d B", what, s.nodeName(e.Peer), e.Size)
	case sim.TracePartition:
		return out + fmt.Sprintf("is on side %d of a partition", e.Value)
	case sim.TraceHeal:
		return out + "is no longer cut off"
	case sim.TraceDrop:
		return out + fmt.Sprintf("dropped: %s, peer %s", what, s.nodeName(e.Peer))
	case sim.TraceObserve:
		return out + fmt.Sprintf("observed %s, key %d, value %d", what, e.Item, e.Value)
	case sim.TraceExpire:
		return out + "timer " + what + " came due"
	case sim.TraceHear:
		return out + "heard " + what
	case sim.TraceStart:
		return out + "started " + e.Protocol
	}
	if e.Name != "" {
		return out + string(e.What) + " " + what
	}
	return out + string(e.What)
}
