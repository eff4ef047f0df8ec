package export

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/sim"
)

// field is a field of a protocol buffer message as it is read back.
type field struct {
	number int
	n      uint64
	b      []byte
}

func fields(t *testing.T, b []byte) (list []field) {
	t.Helper()
	varint := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			t.Fatalf("no number in %x", b)
		}
		b = b[n:]
		return v
	}
	for len(b) > 0 {
		tag := varint()
		f := field{number: int(tag >> 3)}
		switch tag & 7 {
		case 0:
			f.n = varint()
		case 1:
			f.n, b = binary.LittleEndian.Uint64(b), b[8:]
		case 2:
			n := varint()
			f.b, b = b[:n], b[n:]
		default:
			t.Fatalf("wire type %d", tag&7)
		}
		list = append(list, f)
	}
	return list
}

// first is the first field with a number, the zero field if there is none.
func first(list []field, number int) field {
	if i := slices.IndexFunc(list, func(f field) bool { return f.number == number }); i >= 0 {
		return list[i]
	}
	return field{}
}

func all(list []field, number int) (out []uint64) {
	for _, f := range list {
		if f.number == number {
			out = append(out, f.n)
		}
	}
	return out
}

type readEvent struct {
	at, track, what uint64
	name            string
	flows, ends     []uint64
	value           float64
}

// readPerfetto reads a trace back, and checks that tracks and names are told
// before they are used.
func readPerfetto(t *testing.T, b []byte) (events []readEvent, tracks map[uint64]string, parents map[uint64]uint64) {
	t.Helper()
	tracks, parents = map[uint64]string{}, map[uint64]uint64{}
	names := map[uint64]string{}
	for i, packet := range fields(t, b) {
		p := fields(t, packet.b)
		if flags := first(p, packetFlags).n; first(p, packetSequence).n != 1 || flags&2 == 0 || flags&1 == 1 != (i == 0) {
			t.Fatalf("packet %d is not of the sequence", i)
		}
		if d := first(p, packetTrack); d.b != nil {
			d := fields(t, d.b)
			id, parent := first(d, trackUUID).n, first(d, trackParent).n
			if _, known := tracks[parent]; parent != 0 && !known || tracks[id] != "" {
				t.Fatalf("track %d below %d is out of order", id, parent)
			}
			tracks[id], parents[id] = string(first(d, trackName).b), parent
			continue
		}
		if in := first(p, packetInterned); in.b != nil {
			entry := fields(t, first(fields(t, in.b), 2).b)
			names[first(entry, 1).n] = string(first(entry, 2).b)
		}
		e := fields(t, first(p, packetEvent).b)
		r := readEvent{at: first(p, packetTimestamp).n, track: first(e, eventTrack).n, what: first(e, eventType).n, name: names[first(e, eventNameID).n],
			flows: all(e, eventFlows), ends: all(e, eventEndFlows), value: math.Float64frombits(first(e, eventDouble).n)}
		if tracks[r.track] == "" || r.name == "" && r.what != sliceEnd && r.what != counter {
			t.Fatalf("an event on track %d, without a name", r.track)
		}
		events = append(events, r)
	}
	return events, tracks, parents
}

// Slices nest on each track, and are as long as the calls; a flow begins once and
// ends once for each message between the nodes, in the order of time; and all of
// the nodes' calls are there.
func TestPerfetto(t *testing.T) {
	const nodes = 5
	trace := talk(9, nodes+1, 2000)
	for i := range trace { // calls that overlap
		if i%7 == 0 && trace[i].Work > 0 {
			trace[i].Work = 2500
		}
	}
	chosen := []protocols.NodeID{0, 1, 2, 3, 4}
	var b bytes.Buffer
	p := NewPerfetto(&b, chosen, name, 0, 1<<60)
	batches(p, trace)
	r, specs := figures()
	r.Spans = []sim.FaultSpan{{Name: "a", Verb: "crash", From: 10, To: 100, Nodes: 2}, {Name: "a", Verb: "crash", From: 50, To: 200}, {Name: "a", Verb: "crash", From: 100, To: 110}}
	p.Finish(r, specs)
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	events, tracks, parents := readPerfetto(t, b.Bytes())
	checkFlows(t, trace, events, chosen)
	slices.SortStableFunc(events, func(a, b readEvent) int { return cmp.Compare(a.at, b.at) })
	open, calls, faults, values := map[uint64][]uint64{}, 0, 0, 0
	var worked time.Duration
	for _, e := range events {
		node := strings.HasPrefix(tracks[e.track], "n-") || tracks[e.track] == "another core"
		switch e.what {
		case sliceBegin:
			if open[e.track] = append(open[e.track], e.at); len(open[e.track]) > 1 {
				t.Fatalf("at %d two slices of %q are open", e.at, tracks[e.track])
			}
			if parents[e.track] == trackFaults {
				faults++
			}
		case sliceEnd:
			if n := len(open[e.track]); n != 1 {
				t.Fatalf("at %d a slice of %q ends that did not begin", e.at, tracks[e.track])
			} else if node {
				worked += time.Duration(e.at - open[e.track][n-1])
			}
			open[e.track] = nil
		case counter:
			values++
		}
		if node && (e.what == sliceBegin || e.what == instant && (e.name == "p.ask" || e.name == "timer p.tick")) {
			calls++
		}
	}
	var wantCalls int
	var wantWork time.Duration
	for _, e := range trace {
		if isCall(e.What) && e.Node < nodes {
			wantCalls, wantWork = wantCalls+1, wantWork+e.Work
		}
	}
	if calls != wantCalls || worked != wantWork || faults != 3 || values != 8 {
		t.Errorf("%d calls of %v, %d faults and %d values; want %d of %v, 3 and 8", calls, worked, faults, values, wantCalls, wantWork)
	}
}

// checkFlows holds the flows against the messages among the nodes.
func checkFlows(t *testing.T, trace []sim.TraceEvent, events []readEvent, chosen []protocols.NodeID) {
	t.Helper()
	begun, ended := map[uint64]uint64{}, map[uint64]uint64{}
	for _, e := range events {
		for _, f := range e.flows {
			if _, twice := begun[f]; twice {
				t.Fatalf("flow %x begins twice", f)
			}
			begun[f] = e.at
		}
		for _, f := range e.ends {
			if _, twice := ended[f]; twice || begun[f] > e.at {
				t.Fatalf("flow %x ends twice, or before it begins", f)
			}
			ended[f] = e.at
		}
	}
	among := func(e sim.TraceEvent) bool { return slices.Contains(chosen, e.Node) && slices.Contains(chosen, e.Peer) }
	for _, e := range trace {
		at, ok := begun[e.Key]
		if sent := e.What == sim.TraceSend || e.What == sim.TraceDuplicate; sent && (ok != among(e) || ok && at != uint64(e.At)) {
			t.Fatalf("%+v: a flow is there: %v, from %d", e, ok, at)
		}
		if _, ok := ended[e.Key]; (e.What == sim.TraceDeliver || e.What == sim.TraceDrop) && ok != among(e) {
			t.Fatalf("%+v: its flow ends: %v", e, ok)
		}
	}
}
