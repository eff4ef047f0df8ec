package partition

import (
	"time"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "read_only", Form: protocols.Series, Unit: "ratio", Doc: "share of the live members that accept no writes"},
	{Name: "suspecting", Form: protocols.Series, Unit: "ratio", Better: protocols.Neither, Doc: "share of the live members that suspect a partition: they reach less than half of their peers"},
	{Name: "ready_time", Form: protocols.Sample, Unit: "s", Doc: "time from a node's start until it accepts writes"},
	{Name: "detect_time", Form: protocols.Sample, Unit: "s", Doc: "time from the start of a partition until a node suspects one, if it does"},
	{Name: "read_only_after", Form: protocols.Sample, Unit: "s", Doc: "time from the start of a partition until a node that accepted writes accepts none any more, if that happens while it lasts"},
	{Name: "read_only_time", Form: protocols.Sample, Unit: "s", Doc: "how long a node accepts no writes, each time but for its start"},
	{Name: "recovery_time", Form: protocols.Sample, Unit: "s", Doc: "time from the end of a partition until a node that was read-only then accepts writes again"},
	{Name: "read_only_total", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the time that live members were read-only, since each accepted writes for the first time"},
	{Name: "unavailable", Form: protocols.Scalar, Unit: "s", Doc: "time in which no node accepted writes, since the first one did"},
	{Name: "coordinators", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "coordinators by which a quorum stood"},
}

// probe makes the figures of a run.
type probe struct {
	protocols.ProbeConfig
	nodes    []seen
	live     int
	dark     int // live members that are read-only
	suspects int
	parted   protocols.Time // when the partition in force began; -1: none is
	healed   protocols.Time // when the last one ended; -1: none did
	anybody  bool           // somebody has accepted writes
	since    protocols.Time // nobody does
	none     time.Duration  // nobody did
	total    time.Duration  // of all nodes in read-only mode after they were ready
	ready    time.Duration  // of all nodes since they were ready
	items    []protocols.Item
}

// seen is what is known of a node.
type seen struct {
	member, up, ready, readOnly, suspects bool
	start, since                          protocols.Time // of its life; of its mode
	told                                  protocols.Time // the partition for which it was counted as suspecting
	readyAt                               protocols.Time
}

func newProbe(pc protocols.ProbeConfig) *probe {
	p := &probe{ProbeConfig: pc, nodes: make([]seen, pc.Nodes), live: len(pc.Members), dark: len(pc.Members), parted: -1, healed: -1}
	for _, id := range pc.Members {
		p.nodes[id] = seen{member: true, up: true, readOnly: true, told: -1}
	}
	return p
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{ReadOnly, Writable, Suspected, Cleared}
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		p.observeNode(o)
		return
	}
	s := &p.nodes[o.Node]
	switch o.Kind {
	case ReadOnly:
		if !s.readOnly {
			p.close(s, o.At)
		}
	case Writable:
		if s.readOnly {
			p.open(s, o.At)
		}
	case Suspected:
		s.suspects = true
		p.suspects++
		if p.parted >= 0 && s.told != p.parted {
			s.told = p.parted
			p.item("detect_time", p.parted, o.At, false)
		}
	case Cleared:
		s.suspects = false
		p.suspects--
	}
}

// close notes that a node accepts no writes any more.
func (p *probe) close(s *seen, at protocols.Time) {
	s.readOnly, s.since = true, at
	if p.dark++; p.dark == p.live {
		p.since = at
	}
	if p.parted >= 0 {
		p.item("read_only_after", p.parted, at, false)
	}
}

// open notes that a node accepts writes.
func (p *probe) open(s *seen, at protocols.Time) {
	if p.anybody && p.dark == p.live {
		p.none += time.Duration(at - p.since)
	}
	p.anybody = true
	p.dark--
	s.readOnly = false
	if !s.ready {
		s.ready, s.readyAt = true, at
		p.item("ready_time", s.start, at, false)
		return
	}
	p.total += time.Duration(at - s.since)
	p.item("read_only_time", s.since, at, false)
	if p.parted < 0 && p.healed >= 0 && s.since <= p.healed {
		p.item("recovery_time", p.healed, at, false)
	}
}

func (p *probe) observeNode(o protocols.Observed) {
	switch o.Kind {
	case protocols.MeshParted:
		p.parted = o.At
		return
	case protocols.MeshHealed:
		p.parted, p.healed = -1, o.At
		return
	}
	if o.Node >= protocols.NodeID(len(p.nodes)) || !p.nodes[o.Node].member {
		return
	}
	s := &p.nodes[o.Node]
	switch {
	case o.Kind == protocols.NodeDown && s.up:
		p.leave(s, o.At)
	case o.Kind == protocols.NodeUp && !s.up:
		*s = seen{member: true, up: true, readOnly: true, start: o.At, told: -1}
		p.live++
		p.dark++
	}
}

// leave takes a node that crashes out of all counts.
func (p *probe) leave(s *seen, at protocols.Time) {
	p.end(s, at)
	if p.live--; s.readOnly {
		p.dark--
	} else if p.dark == p.live {
		p.since = at
	}
	if s.suspects {
		p.suspects--
	}
	s.up = false
}

// end adds a node's life up to an instant to the totals.
func (p *probe) end(s *seen, at protocols.Time) {
	if !s.ready {
		return
	}
	p.ready += time.Duration(at - s.readyAt)
	if s.readOnly {
		p.total += time.Duration(at - s.since)
	}
}

func (p *probe) item(metric string, since, at protocols.Time, censored bool) {
	if since >= p.Warmup {
		p.items = append(p.items, protocols.Item{Metric: metric, At: since, Value: seconds(time.Duration(at - since)), Censored: censored})
	}
}

// Sample adds the values of the series.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	if p.live > 0 {
		out.Point("read_only", at, float64(p.dark)/float64(p.live))
		out.Point("suspecting", at, float64(p.suspects)/float64(p.live))
	}
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	for i := range p.nodes {
		s := &p.nodes[i]
		if !s.up {
			continue
		}
		p.end(s, t.At)
		switch {
		case !s.ready:
			p.item("ready_time", s.start, t.At, true)
		case s.readOnly:
			p.item("read_only_time", s.since, t.At, true)
			if p.parted < 0 && p.healed >= 0 && s.since <= p.healed {
				p.item("recovery_time", p.healed, t.At, true)
			}
		}
	}
	if p.anybody && p.dark == p.live {
		p.none += time.Duration(t.At - p.since)
	}
	out.Items = append(out.Items, p.items...)
	if p.ready > 0 {
		out.Scalar("read_only_total", t.At, float64(p.total)/float64(p.ready))
	}
	out.Scalar("unavailable", t.At, seconds(p.none))
	out.Scalar("coordinators", t.At, float64(t.Observations[Coordinator].Count))
}

// seconds is one division, so it is rounded once, the same everywhere.
func seconds(d time.Duration) float64 { return float64(d) / 1e9 }
