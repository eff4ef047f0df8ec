package heartbeat

import (
	"math"
	"slices"
	"time"

	"meshsim/protocols"
)

var metrics = []protocols.MetricSpec{
	{Name: "detected", Form: protocols.Series, Unit: "ratio", Goal: true, Doc: "share of the live members that hold those that are down for failed; as a goal, of each crash"},
	{Name: "wrong_suspicions", Form: protocols.Series, Unit: "1", Doc: "pairs of which one suspects the other although it is up"},
	{Name: "suspicion_time", Form: protocols.Sample, Unit: "s", Doc: "time from a crash until the first member suspects it"},
	{Name: "detection_time", Form: protocols.Sample, Unit: "s", Doc: "time from a crash until the first member holds it for failed"},
	{Name: "detection_time_all", Form: protocols.Sample, Unit: "s", Doc: "time from a crash until all live members hold it for failed"},
	{Name: "dissemination_time", Form: protocols.Sample, Unit: "s", Doc: "time from the first to the last of them"},
	{Name: "mistake_duration", Form: protocols.Sample, Unit: "s", Doc: "T_M: how long a member is suspected that is up, one a mistake that ended"},
	{Name: "mistake_recurrence", Form: protocols.Scalar, Unit: "s", Doc: "T_MR: time for which a pair is watched between two mistakes"},
	{Name: "mistake_rate", Form: protocols.Scalar, Unit: "1/s", Doc: "mistakes a second of each pair that is watched"},
	{Name: "query_accuracy", Form: protocols.Scalar, Unit: "ratio", Doc: "P_A: share of the time in which a watched member that is up is trusted"},
	{Name: "mistakes", Form: protocols.Scalar, Unit: "1", Doc: "members suspected that were up"},
	{Name: "mistakes_partition", Form: protocols.Scalar, Unit: "1", Doc: "of these, while the mesh was parted or shortly after"},
	{Name: "mistakes_slow", Form: protocols.Scalar, Unit: "1", Doc: "of the others, while one of the two was frozen or late"},
	{Name: "mistakes_restart", Form: protocols.Scalar, Unit: "1", Doc: "of the others, shortly after the member was restarted"},
	{Name: "mistakes_loss", Form: protocols.Scalar, Unit: "1", Doc: "of these, all others: messages were lost, or took too long"},
	{Name: "false_failures", Form: protocols.Scalar, Unit: "1", Doc: "members held for failed that were up, each counted once for each that holds so"},
	{Name: "messages_per_node", Form: protocols.Scalar, Unit: "1/s", Doc: "messages that a member sends a second"},
	{Name: "bytes_per_node", Form: protocols.Scalar, Unit: "B", Doc: "bytes that a member sends a second"},
}

// probe makes the figures: what members hold of one another, against what happened.
type probe struct {
	*truth
	c       Config
	warmup  protocols.Time
	goals   []float64 // ascending
	crashes []*crash
	last    []*crash // of each member, nil if it is up
	quality
}

// crash is a member that went down, and who noticed.
type crash struct {
	at, suspected, failed, all protocols.Time // never: not yet
	until                      protocols.Time // it came back; never: it has not
	reached                    []protocols.Time
}

func newProbe(c Config, pc protocols.ProbeConfig) *probe {
	p := &probe{truth: newTruth(pc), c: c, warmup: pc.Warmup, goals: slices.Clone(pc.Goals["detected"]), last: make([]*crash, len(pc.Members))}
	slices.Sort(p.goals)
	p.quality = newQuality(len(pc.Members), pc.Warmup, max(c.Timeout, 3*c.Interval)+c.Interval)
	return p
}

// Wants lists the kinds that are needed.
func (p *probe) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{Suspected, Trusted, Failed, Watching, Late}
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		p.observeNode(o)
		return
	}
	switch o.Kind {
	case Watching, Late:
		if by, ok := p.place(o.Node); ok {
			p.quality.observe(by, o)
		}
		return
	}
	by, of, ok := p.hold(o)
	if !ok {
		return
	}
	if p.nodes[of].down {
		p.noticed(o, of)
		return
	}
	if p.nodes[of].lies {
		return // whatever it gets for that
	}
	switch o.Kind {
	case Suspected:
		p.begin(p.truth, by, of, o.At)
	case Trusted:
		p.end(p.truth, by, of, o.At)
	case Failed:
		if o.At >= p.warmup {
			p.falseFailures++
		}
	}
}

// observeNode takes in what the kernel says.
func (p *probe) observeNode(o protocols.Observed) {
	if o.Kind == protocols.NodeDown {
		if i, ok := p.place(o.Node); ok {
			p.quality.down(p.truth, i, o.At)
		}
	}
	i, ok := p.happen(o)
	switch {
	case !ok:
	case o.Kind == protocols.NodeDown:
		p.last[i] = &crash{o.At, never, never, never, never, slices.Repeat([]protocols.Time{never}, len(p.goals))}
		if o.At >= p.warmup {
			p.crashes = append(p.crashes, p.last[i])
		}
	case o.Kind == protocols.NodeUp && p.last[i] != nil:
		p.last[i].until, p.last[i] = o.At, nil
	}
}

// noticed takes in what somebody holds of a member that is down.
func (p *probe) noticed(o protocols.Observed, of int) {
	c := p.last[of]
	if c == nil {
		return
	}
	if o.Kind == Suspected && c.suspected == never {
		c.suspected = o.At
	}
	if o.Kind != Failed {
		return
	}
	if c.failed == never {
		c.failed = o.At
	}
	share := float64(p.doubt(of).failed.count) / float64(max(p.live, 1))
	if share >= 1 && c.all == never {
		c.all = o.At
	}
	for i, level := range p.goals {
		if share+1e-9 >= level && c.reached[i] == never {
			c.reached[i] = o.At
		}
	}
}

// Sample adds what is held now.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	out.Point("wrong_suspicions", at, float64(p.open))
	held, down := 0, 0
	for i := range p.nodes {
		if p.nodes[i].down {
			down++
			held += p.doubt(i).failed.count
		}
	}
	if down > 0 && p.live > 0 {
		out.Point("detected", at, math.Min(1, float64(held)/float64(down*p.live)))
	}
}

// Settled reports that all crashes have reached all goals.
func (p *probe) Settled() bool {
	for _, c := range p.crashes {
		if n := len(c.reached); n > 0 && c.until == never && c.reached[n-1] == never {
			return false
		}
	}
	return true
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	for i, c := range p.crashes {
		p.finishCrash(i, c, t.At, out)
	}
	p.finishQuality(t.At, out)
	var count, bytes uint64
	for _, m := range t.Messages {
		count += m.Count
		bytes += m.Sum
	}
	if member := float64(float64(len(p.members)) * seconds(t.At)); member > 0 {
		out.Scalar("messages_per_node", t.At, float64(count)/member)
		out.Scalar("bytes_per_node", t.At, float64(bytes)/member)
	}
}

// finishCrash adds the times of a crash. Those that are missing when the member came
// back, or the run was over, are only known to be longer.
func (p *probe) finishCrash(i int, c *crash, end protocols.Time, out *protocols.Figures) {
	last := end
	if c.until != never {
		last = c.until
	}
	item := func(metric string, from, to protocols.Time) {
		censored := to == never
		if censored {
			to = last
		}
		out.Items = append(out.Items, protocols.Item{Metric: metric, At: c.at, Value: seconds(to - from), Censored: censored})
	}
	item("suspicion_time", c.at, c.suspected)
	item("detection_time", c.at, c.failed)
	item("detection_time_all", c.at, c.all)
	if c.failed != never {
		item("dissemination_time", c.failed, c.all)
	}
	for k, level := range p.goals {
		if at := c.reached[k]; at != never || c.until == never {
			out.Reached = append(out.Reached, protocols.Reached{Metric: "detected", Level: level, Item: uint64(i), Since: c.at,
				After: time.Duration(at - c.at), OK: at != never})
		}
	}
}

// finishQuality adds the figures of quality of service.
func (p *probe) finishQuality(at protocols.Time, out *protocols.Figures) {
	q := &p.quality
	q.over(p.truth, at)
	for _, d := range q.durations {
		out.Items = append(out.Items, protocols.Item{Metric: "mistake_duration", At: d.from, Value: seconds(d.to - d.from)})
	}
	scalar := func(name string, v float64) { out.Scalar(name, at, v) }
	if watched := float64(q.watchTime) / 1e6; watched > 0 {
		scalar("mistake_rate", float64(q.count)/watched)
		scalar("query_accuracy", 1-float64(q.mistakeTime)/float64(q.watchTime))
		if q.count > 0 {
			scalar("mistake_recurrence", watched/float64(q.count))
		}
	}
	scalar("mistakes", float64(q.count))
	for i, n := range q.causes {
		scalar(causeMetrics[i], float64(n))
	}
	scalar("false_failures", float64(q.falseFailures))
}

func seconds(t protocols.Time) float64 { return float64(t) / 1e9 }
