package export

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"meshsim/protocols"
	"meshsim/sim"
)

// ShiVizParser is the regular expression with which ShiViz reads the log: host
// and vector clock on one line, the event on the next. It is the first line of
// the file, followed by an empty one, as ShiViz takes it from files.
const ShiVizParser = `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`

// MaxHosts is how many nodes a ShiViz log can have: each line holds a clock of
// all of them.
const MaxHosts = 64

// A ShiViz writes a window of a run as a log with vector clocks (Fidge 1988,
// Mattern 1989), which ShiViz draws and searches. Its events are the calls of
// some nodes, with what they observed and sent. The clocks count the calls of
// these nodes alone, but what travels through others counts: those pass it on.
// It is a [sim.Tracer] and must get the whole trace. Memory: a clock for each
// node that heard of one, and for each message under way.
type ShiViz struct {
	Events int // written

	w        *bufio.Writer
	name     Naming
	from, to protocols.Time
	nodes    []protocols.NodeID
	place    map[protocols.NodeID]int   // in nodes; looked up only
	known    map[protocols.NodeID]clock // by node; looked up only
	calls    map[uint64]clock           // by key of a recent call, since what it sends may leave later; looked up only
	older    map[uint64]clock           // the same of calls before
	flying   map[uint64]clock           // by key of a message; looked up only
	running  []story                    // the calls of the batch
	index    map[uint64]int             // of those, by key; looked up only
}

// clock is a vector clock over nodes; it is never changed. nil: all are 0.
type clock []uint32

// story is a call with what came of it.
type story struct {
	node     protocols.NodeID
	clock    clock
	what     string
	observed tally
	sent     tally
}

// tally counts what is alike, in the order in which it came first.
type tally struct {
	names  []string
	counts []int
}

func (t *tally) add(name string) {
	for i := range t.names {
		if t.names[i] == name {
			t.counts[i]++
			return
		}
	}
	t.names, t.counts = append(t.names, name), append(t.counts, 1)
}

// text lists all, with the counts above 1.
func (t *tally) text() string {
	words := slices.Clone(t.names)
	for i, n := range t.counts {
		if n > 1 {
			words[i] += fmt.Sprintf(" ×%d", n)
		}
	}
	return strings.Join(words, ", ")
}

// NewShiViz returns a ShiViz on w of what happens to nodes in from <= t < to.
// Close must be called at the end.
func NewShiViz(w io.Writer, nodes []protocols.NodeID, name Naming, from, to protocols.Time) *ShiViz {
	s := &ShiViz{w: bufio.NewWriterSize(w, 1<<16), name: name, from: from, to: to, nodes: nodes, place: map[protocols.NodeID]int{},
		known: map[protocols.NodeID]clock{}, calls: map[uint64]clock{}, flying: map[uint64]clock{}, index: map[uint64]int{}}
	for i, id := range nodes {
		s.place[id] = i
	}
	s.w.WriteString(ShiVizParser + "\n\n") // Close returns errors
	return s
}

// Close writes what is still in memory and returns the first error.
func (s *ShiViz) Close() error {
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	return nil
}

// Trace takes events.
func (s *ShiViz) Trace(events []sim.TraceEvent) {
	for i := range events {
		if e := &events[i]; e.At >= s.from && e.At < s.to {
			s.take(e)
		}
	}
	for i := range s.running {
		s.write(&s.running[i])
	}
	s.running = s.running[:0]
	clear(s.index)
}

func (s *ShiViz) take(e *sim.TraceEvent) {
	switch {
	case isCall(e.What):
		s.call(e)
	case e.What == sim.TraceCrash:
		s.tell(e, s.known[e.Node], "crashed")
	case e.What == sim.TraceSend:
		s.send(e)
	case e.What == sim.TraceDuplicate:
		if c, ok := s.flying[e.Cause]; ok {
			s.flying[e.Key] = c
		}
	case e.What == sim.TraceDrop:
		delete(s.flying, e.Key)
	case e.What == sim.TraceObserve:
		if i, ok := s.index[e.Cause]; ok {
			s.running[i].observed.add(observation(e))
		}
	}
}

// call begins a call. One of a node without a place only passes on what it learns.
func (s *ShiViz) call(e *sim.TraceEvent) {
	c := s.known[e.Node]
	what := fmt.Sprintf("%s %s.%s", e.What, e.Protocol, e.Name)
	switch e.What {
	case sim.TraceDeliver:
		c = merged(c, s.flying[e.Key])
		delete(s.flying, e.Key)
		what = fmt.Sprintf("%s.%s from %s", e.Protocol, e.Name, s.name.peer(e.Peer))
	case sim.TraceExpire:
		what = "timer " + e.Protocol + "." + e.Name
	case sim.TraceStart:
		what = "start " + e.Protocol
	}
	if c = s.tell(e, c, what); c == nil {
		return
	}
	if len(s.calls) == mostCalls {
		s.calls, s.older = map[uint64]clock{}, s.calls
	}
	s.calls[e.Key] = c
}

// mostCalls is how many calls are remembered at least.
const mostCalls = 1 << 15

// sender is the clock of the call that sent a message: of one that is forgotten,
// what its node has known since.
func (s *ShiViz) sender(e *sim.TraceEvent) clock {
	for _, calls := range []map[uint64]clock{s.calls, s.older} {
		if c := calls[e.Cause]; c != nil {
			return c
		}
	}
	return s.known[e.Node]
}

// tell adds an event of a node to the log, if it has a place, and returns the
// node's clock from then on.
func (s *ShiViz) tell(e *sim.TraceEvent, c clock, what string) clock {
	if i, ok := s.place[e.Node]; ok {
		next := make(clock, len(s.nodes))
		copy(next, c)
		next[i]++
		c = next
		s.index[e.Key] = len(s.running)
		s.running = append(s.running, story{node: e.Node, clock: c, what: fmt.Sprintf("%s s: %s", seconds(e.At), what)})
	}
	if c != nil {
		s.known[e.Node] = c
	}
	return c
}

// send gives a message the clock of the call that sends it. Messages that waited
// for a core or the disk leave later.
func (s *ShiViz) send(e *sim.TraceEvent) {
	c := s.sender(e)
	if c == nil {
		return
	}
	s.flying[e.Key] = c
	if i, ok := s.index[e.Cause]; ok {
		s.running[i].sent.add(e.Protocol + "." + e.Name)
	}
}

// observation tells what was observed: small values mean something to people,
// hashes and times do not.
func observation(e *sim.TraceEvent) string {
	const small = 100_000
	if e.Value > 0 && e.Value < small {
		return fmt.Sprintf("%s %d", e.Name, e.Value)
	}
	return e.Name
}

// merged is the larger of two clocks in each place.
func merged(a, b clock) clock {
	if a == nil || b == nil {
		return append(a[:len(a):len(a)], b...)
	}
	var out clock
	for i := range b {
		if b[i] > a[i] {
			if out == nil {
				out = append(clock(nil), a...)
			}
			out[i] = b[i]
		}
	}
	if out == nil {
		return a
	}
	return out
}

func (s *ShiViz) write(t *story) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s {", s.name(t.node))
	comma := ""
	for i, n := range t.clock {
		if n > 0 {
			b.WriteString(comma + strconv.Quote(s.name(s.nodes[i])) + ":" + strconv.Itoa(int(n)))
			comma = ","
		}
	}
	b.WriteString("}\n" + t.what)
	if len(t.observed.names) > 0 {
		b.WriteString("; observed " + t.observed.text())
	}
	if len(t.sent.names) > 0 {
		b.WriteString("; sent " + t.sent.text())
	}
	b.WriteByte('\n')
	s.w.WriteString(b.String())
	s.Events++
}

// seconds writes an instant exactly.
func seconds(t protocols.Time) string {
	return fmt.Sprintf("%d.%09d", int64(t/1e9), int64(t%1e9))
}
