package export

import (
	"bufio"
	"fmt"
	"io"

	"meshsim/protocols"
	"meshsim/report/lifeline"
)

// MaxTracks is how many nodes a Perfetto trace can have; more no viewer shows.
const MaxTracks = 10_000

// A Perfetto writes a window of a run as a trace of native track events, which
// ui.perfetto.dev and the trace processor read: a track a node, with more for a
// node that computes on several cores at a time; calls as slices as long as their
// CPU time, or instants if they cost none; messages as flows from the call that
// sent them, or from an instant where they left later; observations and losses as
// instants; faults, and what they did to nodes, as slices of tracks of their own;
// series of metrics as counters. It is a [sim.Tracer] and must get the whole
// trace. Times are nanoseconds of simulated time.
type Perfetto struct {
	Events int // written

	w        *bufio.Writer
	name     Naming
	from, to protocols.Time
	nodes    map[protocols.NodeID]*coreTracks // looked up only
	order    []protocols.NodeID
	lives    *lifeline.Follower
	names    map[string]uint64 // interned names of events; looked up only
	tracks   uint64            // made so far
	begun    bool
}

// coreTracks are the tracks of a node, one a core, and until when each is busy.
type coreTracks struct {
	tracks []uint64
	until  []protocols.Time
	last   int            // core of the latest call
	at     protocols.Time // when that came
}

// Tracks that hold others.
const (
	trackFaults uint64 = iota + 1
	trackMetrics
	trackNodes
	tracksOfNodes // from here on
)

// Numbers of fields, of perfetto.protos.
const (
	packetTimestamp, packetSequence, packetEvent, packetInterned, packetFlags, packetTrack = 8, 10, 11, 12, 13, 60

	trackUUID, trackName, trackParent, trackCounter, trackOrdering, trackRank = 1, 2, 5, 8, 11, 12

	eventNotes, eventType, eventNameID, eventTrack, eventCategory, eventDouble, eventFlows, eventEndFlows = 4, 9, 10, 11, 22, 44, 47, 48

	noteUint, noteString, noteName = 3, 6, 10
)

// Values of fields.
const (
	sliceBegin, sliceEnd, instant, counter = 1, 2, 3, 4
	orderExplicit                          = 3
	stateCleared, stateNeeded              = 1, 2
)

// NewPerfetto returns a Perfetto on w of what happens to nodes in from <= t < to.
func NewPerfetto(w io.Writer, nodes []protocols.NodeID, name Naming, from, to protocols.Time) *Perfetto {
	p := &Perfetto{w: bufio.NewWriterSize(w, 1<<16), name: name, from: from, to: to, order: nodes, tracks: tracksOfNodes,
		nodes: map[protocols.NodeID]*coreTracks{}, lives: lifeline.Follow(nodes), names: map[string]uint64{}}
	p.track(trackFaults, 0, "faults", 0, nil)
	p.track(trackMetrics, 0, "metrics", 1, nil)
	p.track(trackNodes, 0, "nodes", 2, nil)
	for i, id := range nodes {
		t := &coreTracks{}
		p.nodes[id] = t
		p.core(t, trackNodes, name(id), i)
	}
	return p
}

// core adds a track for calls that run side by side.
func (p *Perfetto) core(t *coreTracks, parent uint64, name string, rank int) {
	p.tracks++
	p.track(p.tracks, parent, name, rank, nil)
	t.tracks, t.until = append(t.tracks, p.tracks), append(t.until, 0)
}

// track describes a track. Its children stand in the order of their ranks.
func (p *Perfetto) track(id, parent uint64, name string, rank int, counter message) {
	var m, packet message
	m.uint(trackUUID, id)
	m.string(trackName, name)
	if parent != 0 {
		m.uint(trackParent, parent)
	}
	if counter != nil {
		m.bytes(trackCounter, counter)
	}
	m.uint(trackOrdering, orderExplicit)
	m.uint(trackRank, uint64(rank))
	packet.bytes(packetTrack, m)
	p.packet(packet)
}

// packet writes a packet of the one sequence that there is.
func (p *Perfetto) packet(m message) {
	flags := uint64(stateNeeded)
	if !p.begun {
		flags, p.begun = stateCleared|stateNeeded, true
	}
	m.uint(packetSequence, 1)
	m.uint(packetFlags, flags)
	var head message
	head.tag(1, wireBytes)
	head.varint(uint64(len(m)))
	p.w.Write(head) // Close returns errors
	p.w.Write(m)
}

// A trackEvent is an event with what belongs to it.
type trackEvent struct {
	at       protocols.Time
	track    uint64
	what     uint64
	name     string // none at the end of a slice
	category string
	flows    []uint64 // that begin
	ends     []uint64 // flows that end
	notes    []note
}

// note is a value that a viewer shows with an event.
type note struct {
	name string
	text string // or, if empty:
	n    uint64
}

func (p *Perfetto) event(e *trackEvent) {
	var m, packet message
	m.uint(eventTrack, e.track)
	m.uint(eventType, e.what)
	if e.name != "" {
		id, known := p.names[e.name]
		if !known {
			id = uint64(len(p.names) + 1)
			p.names[e.name] = id
			packet.bytes(packetInterned, interned(id, e.name))
		}
		m.uint(eventNameID, id)
	}
	if e.category != "" {
		m.string(eventCategory, e.category)
	}
	for _, f := range e.flows {
		m.fixed64(eventFlows, f)
	}
	for _, f := range e.ends {
		m.fixed64(eventEndFlows, f)
	}
	for _, n := range e.notes {
		var v message
		v.string(noteName, n.name)
		if n.text != "" {
			v.string(noteString, n.text)
		} else {
			v.uint(noteUint, n.n)
		}
		m.bytes(eventNotes, v)
	}
	packet.uint(packetTimestamp, uint64(e.at))
	packet.bytes(packetEvent, m)
	p.packet(packet)
	p.Events++
}

// interned tells the name of events that go by a number from then on.
func interned(id uint64, name string) message {
	const internedEventNames, internedID, internedName = 2, 1, 2
	var entry, data message
	entry.uint(internedID, id)
	entry.string(internedName, name)
	data.bytes(internedEventNames, entry)
	return data
}

// Close writes what is still in memory and returns the first error.
func (p *Perfetto) Close() error {
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("writing the trace: %w", err)
	}
	return nil
}
