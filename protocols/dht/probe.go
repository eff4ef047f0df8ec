package dht

import (
	"slices"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "path_length", Form: protocols.Sample, Unit: "1", Doc: "nodes to which a lookup is forwarded until it reaches the predecessor of its key; the node that is responsible is one further"},
	{Name: "lookup_time", Form: protocols.Sample, Unit: "s", Doc: "time from when a lookup, read or write is asked for until its answer"},
	{Name: "failed", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the lookups, reads and writes that were not answered, or wrongly, or missed what is stored"},
	{Name: "unanswered", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the lookups, reads and writes that were given up"},
	{Name: "wrong", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the lookups and writes whose answer is not the first live node at or behind the key, and of the reads that found an old version"},
	{Name: "missing", Form: protocols.Scalar, Unit: "ratio", Doc: "share of the reads of keys that were stored and that found nothing"},
	{Name: "refused", Form: protocols.Scalar, Unit: "1", Doc: "lookups, reads and writes that were refused: the node is read-only, full, leaves, or has too many of them under way"},
	{Name: "success", Form: protocols.Series, Unit: "ratio", Better: protocols.Larger, Doc: "share of the lookups, reads and writes that ended since the last sample and were not failed"},
	{Name: "consistent", Form: protocols.Series, Unit: "ratio", Better: protocols.Larger, Doc: "share of the virtual nodes on the ring whose successor is the next live one"},
	{Name: "members", Form: protocols.Series, Unit: "1", Better: protocols.Neither, Doc: "nodes that are up and on the ring"},
	{Name: "replicated", Form: protocols.Series, Unit: "ratio", Better: protocols.Larger, Doc: "share of the keys held by anybody that have all their copies"},
	{Name: "repair_time", Form: protocols.Sample, Unit: "s", Doc: "time from when a key first lacks a copy until all keys have theirs again"},
	{Name: "lost", Form: protocols.Scalar, Unit: "1", Doc: "keys that were stored and that no live node holds at the end"},
	{Name: "keys_load", Form: protocols.Sample, Unit: "1", Better: protocols.Neither, Doc: "keys that a node is responsible for at the end, as a multiple of the mean, one value a node"},
	{Name: "space_load", Form: protocols.Sample, Unit: "1", Better: protocols.Neither, Doc: "share of the ring that a node is responsible for at the end, as a multiple of the mean, one value a node"},
	{Name: "stabilisation", Form: protocols.Scalar, Unit: "1/s", Doc: "messages that a node sends each second to keep the ring: to and from its neighbours, and for its fingers"},
}

// tally counts operations.
type tally struct{ ended, unanswered, wrong, missing uint64 }

func (t *tally) failed() uint64 { return t.unanswered + t.wrong + t.missing }

// probe makes the figures.
type probe struct {
	protocols.ProbeConfig
	c       Config
	truth   *truth
	ledger  *ledger
	next    map[uint64]Peer // the successor of each place
	path    protocols.Observed
	read    protocols.Observed // the last read, that a path follows
	all     tally
	sampled tally
	items   []protocols.Item
	short   protocols.Time // since when keys lack copies; -1: none do
}

func newProbe(c Config, p protocols.ProbeConfig) *probe {
	return &probe{ProbeConfig: p, c: c, truth: newTruth(c, p), ledger: newLedger(c), next: map[uint64]Peer{}, short: -1}
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return append([]protocols.ObservationKind{Joined, Left, Successor, Path, Answered, GaveUp, WasRead}, heldKinds...)
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	p.truth.observe(o)
	p.ledger.observe(o, nil)
	p.watchCopies(o.At)
	if o.Protocol == protocols.NodeProtocol {
		return
	}
	switch o.Kind {
	case Successor:
		p.next[o.Key] = unpack(o.Value)
	case WasRead:
		p.read = o
	case Path:
		p.path = o
	case Answered, GaveUp:
		p.ended(o)
	}
}

// watchCopies notes when copies begin to lack, and when none does any more.
func (p *probe) watchCopies(at protocols.Time) {
	switch {
	case p.ledger.short > 0 && p.short < 0:
		p.short = at
	case p.ledger.short == 0 && p.short >= 0:
		if p.short >= p.Warmup {
			p.items = append(p.items, protocols.Item{Metric: "repair_time", At: p.short, Value: float64(at-p.short) / 1e9})
		}
		p.short = -1
	}
}

// ended judges an operation that ended.
func (p *probe) ended(o protocols.Observed) {
	kind, hops, took := uint8(p.path.Key>>16), p.path.Key&0xffff, p.path.Value
	began := o.At - protocols.Time(took)
	if began < p.Warmup {
		return
	}
	p.all.ended++
	if o.Kind == GaveUp {
		p.all.unanswered++
		return
	}
	if kind == opRead {
		if i, known := p.ledger.index[o.Key]; known && p.ledger.entries[i].version > p.read.Value && p.ledger.entries[i].at < began {
			if p.read.Value == 0 {
				p.all.missing++
			} else {
				p.all.wrong++
			}
		}
	} else if owner, ok := p.truth.responsible(o.Key); !ok || owner != unpack(o.Value) {
		p.all.wrong++
	}
	p.items = append(p.items,
		protocols.Item{Metric: "path_length", At: began, Value: float64(hops)},
		protocols.Item{Metric: "lookup_time", At: began, Value: float64(took) / 1e9})
}

// Sample adds the values of the series.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	if n := p.all.ended - p.sampled.ended; n > 0 {
		out.Point("success", at, 1-float64(p.all.failed()-p.sampled.failed())/float64(n))
	}
	p.sampled = p.all
	out.Point("members", at, float64(p.truth.live))
	if right, on := p.consistency(); on > 0 {
		out.Point("consistent", at, float64(right)/float64(on))
	}
	if n := len(p.ledger.entries); n > 0 {
		out.Point("replicated", at, 1-float64(p.ledger.short)/float64(n))
	}
}

// consistency counts the places on the ring, and those whose successor is right.
func (p *probe) consistency() (right, on int) {
	behind := nobody
	for k := 2*len(p.truth.ring) - 1; k >= 0; k-- { // the first round finds the place behind the last
		i := k % len(p.truth.ring)
		if !p.truth.on[i] {
			continue
		}
		s := p.truth.ring[i]
		if k < len(p.truth.ring) {
			on++
			if p.next[s.place] == behind {
				right++
			}
		}
		behind = s.peer
	}
	return right, on
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	out.Items = append(out.Items, p.items...)
	if p.short >= p.Warmup {
		out.Items = append(out.Items, protocols.Item{Metric: "repair_time", At: p.short, Value: float64(t.At-p.short) / 1e9, Censored: true})
	}
	ratio := func(metric string, n uint64) {
		if p.all.ended > 0 {
			out.Scalar(metric, t.At, float64(n)/float64(p.all.ended))
		}
	}
	ratio("failed", p.all.failed())
	ratio("unanswered", p.all.unanswered)
	ratio("wrong", p.all.wrong)
	ratio("missing", p.all.missing)
	out.Scalar("refused", t.At, float64(t.Observations[Refused].Count))
	lost := 0
	for i := range p.ledger.entries {
		if e := &p.ledger.entries[i]; e.version > 0 && len(e.holders) == 0 {
			lost++
		}
	}
	out.Scalar("lost", t.At, float64(lost))
	kept := t.Observations[Maintained].Sum
	for _, k := range []protocols.Kind{KindAsk, KindTell, KindNotify} {
		kept += t.Messages[k].Count
	}
	if t.At > 0 && t.Live > 0 {
		out.Scalar("stabilisation", t.At, float64(kept)/float64(t.Live)/(float64(t.At)/1e9))
	}
	p.loads(t.At, out)
}

// loads adds what each node is responsible for.
func (p *probe) loads(at protocols.Time, out *protocols.Figures) {
	space, keys := map[protocols.NodeID]float64{}, map[protocols.NodeID]float64{}
	total := 0.0
	for i := range p.ledger.entries {
		e := &p.ledger.entries[i]
		if q, ok := p.truth.responsible(e.key); ok && slices.Contains(e.holders, q.Node) {
			keys[q.Node]++
			total++
		}
	}
	last := -1
	for k := range 2 * len(p.truth.ring) {
		i := k % len(p.truth.ring)
		if !p.truth.on[i] {
			continue
		}
		if last >= 0 && k >= len(p.truth.ring) {
			s := p.truth.ring[i]
			arc := s.place - p.truth.ring[last].place
			space[s.peer.Node] += float64(arc) / (1 << 63) / 2
		}
		last = i
	}
	live := float64(p.truth.live)
	for _, id := range p.Members {
		if p.truth.count[id] == 0 {
			continue
		}
		out.Items = append(out.Items, protocols.Item{Metric: "space_load", At: at, Value: float64(space[id] * live)})
		if total > 0 {
			out.Items = append(out.Items, protocols.Item{Metric: "keys_load", At: at, Value: float64(keys[id] / total * live)})
		}
	}
}
