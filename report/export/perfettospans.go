package export

import (
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/report/lifeline"
	"meshsim/sim"
)

// Finish adds what is known when the run is over: the faults, what they did to
// nodes, and the series of metrics.
func (p *Perfetto) Finish(r *sim.Result, specs []protocols.MetricSpec) {
	end := min(p.to, protocols.Time(r.End))
	l := &lanes{p: p, end: end, lanes: map[lane][]free{}}
	for _, f := range r.Spans {
		l.slice(lane{trackFaults, f.Verb + " " + f.Name}, protocols.Time(f.From), protocols.Time(f.To), note{name: "nodes", n: uint64(f.Nodes)})
	}
	for _, s := range p.lives.Spans(end) {
		name, notes := s.What.String(), []note(nil)
		switch s.What {
		case lifeline.Byzantine:
			name += ": " + s.Behaviour
		case lifeline.Parted:
			name, notes = name+" "+s.Fault, []note{{name: "side", n: s.Side}}
		}
		l.slice(lane{p.nodes[s.Node].tracks[0], name}, s.From, s.To, notes...)
	}
	for i, m := range specs {
		if m.Form == protocols.Series {
			p.counter(i, m, r.Series(m.Name))
		}
	}
}

// lanes puts spans on tracks, those of one name on one, and on another where they
// overlap.
type lanes struct {
	p     *Perfetto
	end   protocols.Time
	rank  int
	lanes map[lane][]free // looked up only
}

type lane struct {
	parent uint64
	name   string
}

// free is a track, and from when on it has room.
type free struct {
	track uint64
	from  protocols.Time
}

func (l *lanes) slice(on lane, from, to protocols.Time, notes ...note) {
	if from, to = max(from, l.p.from), min(to, l.end); from >= to {
		return
	}
	tracks := l.lanes[on]
	i := slices.IndexFunc(tracks, func(f free) bool { return f.from <= from })
	if i < 0 {
		l.rank++
		l.p.tracks++
		l.p.track(l.p.tracks, on.parent, on.name, l.rank, nil)
		i, tracks = len(tracks), append(tracks, free{track: l.p.tracks})
	}
	tracks[i].from = to
	l.lanes[on] = tracks
	l.p.event(&trackEvent{at: from, track: tracks[i].track, what: sliceBegin, name: on.name, category: "fault", notes: notes})
	l.p.event(&trackEvent{at: to, track: tracks[i].track, what: sliceEnd})
}

// counter writes a series.
func (p *Perfetto) counter(rank int, m protocols.MetricSpec, points []protocols.Point) {
	points = slices.DeleteFunc(points, func(x protocols.Point) bool { return x.At < p.from || x.At >= p.to || math.IsNaN(x.Value) })
	if len(points) == 0 {
		return
	}
	const counterUnit, counterUnitName, unitCount, unitBytes = 3, 6, 2, 3
	var unit message
	switch m.Unit {
	case "B":
		unit.uint(counterUnit, unitBytes)
	case "1":
		unit.uint(counterUnit, unitCount)
	default:
		unit.string(counterUnitName, m.Unit)
	}
	p.tracks++
	p.track(p.tracks, trackMetrics, m.Name, rank, unit)
	for _, x := range points {
		var e, packet message
		e.uint(eventTrack, p.tracks)
		e.uint(eventType, counter)
		e.double(eventDouble, x.Value)
		packet.uint(packetTimestamp, uint64(x.At))
		packet.bytes(packetEvent, e)
		p.packet(packet)
	}
}
