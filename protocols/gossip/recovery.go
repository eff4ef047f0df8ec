package gossip

import (
	"time"

	"meshsim/protocols"
)

var recoveryMetrics = []protocols.MetricSpec{
	{Name: "failover_time", Form: protocols.Sample, Unit: "s", Doc: "time from a crash until a rumor that was published after it is held by all live nodes"},
	{Name: "recovery_time", Form: protocols.Sample, Unit: "s", Doc: "time from the end of a partition until all live nodes have what was published or written before it; 0 if they had"},
}

var refusalMetrics = []protocols.MetricSpec{
	{Name: "writes_refused", Form: protocols.Scalar, Unit: "1", Better: protocols.Neither, Doc: "rumors, puts and deletes that were refused because another protocol on the node forbade to write"},
}

// recovery adds, for each end of a partition, how long it took until what was
// begun before had come to all. If something never did, the time is a lower
// bound.
func (p *probe) recovery(end protocols.Time, out *protocols.Figures) {
	for _, healed := range p.healed {
		last, all := healed, true
		missing := func(since, at protocols.Time, ok bool) {
			if since < healed {
				last, all = max(last, at), all && ok
			}
		}
		for _, r := range p.rumors.retired {
			at, ok := p.rumors.when(r, 1, end)
			missing(r.at, at, ok)
		}
		if p.states != nil {
			for _, w := range p.states.writes {
				at, ok := w.when(p.states.levels, 1, end)
				missing(w.at, at, ok)
			}
		}
		out.Items = append(out.Items, protocols.Item{Metric: "recovery_time", At: healed, Value: seconds(time.Duration(last - healed)), Censored: !all})
	}
}

// failover adds, for each instant at which members crashed, how long it took until
// rumors reached everybody again: one that was published since has come to all who
// are up. Without rumors there is nothing to say.
func (p *probe) failover(end protocols.Time, out *protocols.Figures) {
	rumors := p.rumors.retired
	if len(rumors) == 0 {
		return
	}
	first, ok := end, false // when one of those from the i-th on was everywhere
	i := len(rumors)
	items := make([]protocols.Item, len(p.crashed))
	for k := len(p.crashed) - 1; k >= 0; k-- {
		crashed := p.crashed[k]
		for ; i > 0 && rumors[i-1].at >= crashed; i-- {
			if at, all := p.rumors.when(rumors[i-1], 1, end); all && at <= first {
				first, ok = at, true
			}
		}
		items[k] = protocols.Item{Metric: "failover_time", At: crashed, Value: seconds(time.Duration(first - crashed)), Censored: !ok}
	}
	out.Items = append(out.Items, items...)
}
