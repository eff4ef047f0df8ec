package task

import (
	"maps"
	"slices"
	"time"

	"meshsim/protocols"
)

// probe makes the figures that all strategies have.
type probe struct {
	protocols.ProbeConfig
	*places
	config     Config
	goals      []float64        // ascending
	load       []int32          // by node
	began      []protocols.Time // of each node that is a hot spot: when, plus one
	busy       []uint64         // by node: core time of tasks that ran
	system     durations
	waiting    durations
	asked      int
	done       int
	rejected   int
	repeated   int
	lastDone   int // at the sample before
	lastAt     protocols.Time
	first, end protocols.Time // when the first task was asked for, and the last one done
	crashes    []recovery
	items      []protocols.Item
	reached    []protocols.Reached
}

// recovery is a crash, and what is not over of what it hit.
type recovery struct {
	at   protocols.Time
	left map[uint64]bool
}

func newProbe(c Config, pc protocols.ProbeConfig) *probe {
	p := &probe{ProbeConfig: pc, places: newPlaces(), config: c, goals: slices.Clone(pc.Goals["completed"]),
		load: make([]int32, pc.Nodes), began: make([]protocols.Time, pc.Nodes), busy: make([]uint64, pc.Nodes), first: -1}
	slices.Sort(p.goals)
	return p
}

// Wants lists the kinds that are needed one by one.
func (p *probe) Wants() []protocols.ObservationKind {
	return append(slices.Clone(placed), Started)
}

// Observe takes the next observation.
func (p *probe) Observe(o protocols.Observed) {
	if o.Protocol == protocols.NodeProtocol {
		if o.Kind == protocols.NodeDown {
			p.crashed(o)
		}
		return
	}
	p.weigh(o)
	switch o.Kind {
	case Submitted:
		if p.asked++; p.first < 0 {
			p.first = protocols.Time(o.Value)
		}
	case Started:
		if o.Value != 0 && protocols.Time(o.Value) >= p.Warmup && !p.ran.has(o.Key) {
			p.waiting.add(protocols.Time(o.Value), o.At)
		}
	case Ran:
		p.busy[o.Node] += o.Value
		if p.ran.has(o.Key) {
			p.repeated++
		}
	case Done, Rejected:
		p.finish(o)
	}
	p.places.observe(o)
}

// weigh follows the load of nodes.
func (p *probe) weigh(o protocols.Observed) {
	switch o.Kind {
	case Submitted, Spawned, Took, Reclaimed:
		p.load[o.Node]++
	case Ran, Gave, Leased:
		p.load[o.Node]--
	case Rejected:
		if x := p.open[o.Key]; x != nil && slices.Contains(x.in, o.Node) {
			p.load[o.Node]--
		}
	}
}

// finish takes a task that is over.
func (p *probe) finish(o protocols.Observed) {
	x := p.open[o.Key]
	for i := range p.crashes {
		if c := &p.crashes[i]; c.left[o.Key] {
			if delete(c.left, o.Key); len(c.left) == 0 {
				p.items = append(p.items, protocols.Item{Metric: "recovery_time", At: c.at, Value: seconds(o.At - c.at)})
			}
		}
	}
	switch {
	case x == nil:
	case o.Kind == Rejected:
		if x.root() {
			p.rejected++
		}
	case x.root():
		p.done++
		p.end = o.At
		if at := protocols.Time(o.Value); at >= p.Warmup {
			p.system.add(at, o.At)
			for _, level := range p.goals {
				p.reached = append(p.reached, protocols.Reached{Metric: "completed", Level: level, Item: o.Key, Since: at, After: time.Duration(o.At - at), OK: true})
			}
		}
	}
}

func (p *probe) crashed(o protocols.Observed) {
	p.load[o.Node] = 0
	had := p.places.crash(o.Node)
	if len(had) == 0 || o.At < p.Warmup {
		return
	}
	r := recovery{o.At, map[uint64]bool{}}
	for _, id := range had {
		r.left[id] = true
	}
	p.crashes = append(p.crashes, r)
}

// Settled reports that every task is over.
func (p *probe) Settled() bool { return len(p.open) == 0 }

// Sample adds the series.
func (p *probe) Sample(at protocols.Time, out *protocols.Figures) {
	if p.asked > 0 {
		out.Point("completed", at, float64(p.done)/float64(p.asked))
	}
	if at > p.lastAt {
		out.Point("throughput", at, float64(p.done-p.lastDone)/seconds(at-p.lastAt))
	}
	p.lastDone, p.lastAt = p.done, at
	out.Point("open", at, float64(len(p.open)))
	sum, squares, most := 0.0, 0.0, int32(0)
	for _, id := range p.Members {
		l := float64(p.load[id])
		sum, squares, most = sum+l, squares+float64(l*l), max(most, p.load[id])
	}
	n := float64(len(p.Members))
	mean := sum / n
	out.Point("load_mean", at, mean)
	out.Point("load_max", at, float64(most))
	out.Point("load_variance", at, max(squares/n-float64(mean*mean), 0))
	out.Point("fairness", at, jain(sum, squares, n))
	for _, id := range p.Members {
		hot := p.load[id] >= 4 && float64(p.load[id])*1000 > mean*float64(p.config.HotSpot)
		p.hotSpot(id, at, hot)
	}
}

// hotSpot notes when a node becomes a hot spot, and when it is none any more.
func (p *probe) hotSpot(id protocols.NodeID, at protocols.Time, hot bool) {
	switch since := p.began[id]; {
	case hot && since == 0:
		p.began[id] = at + 1
	case !hot && since != 0:
		p.cool(id, at, false)
	}
}

func (p *probe) cool(id protocols.NodeID, at protocols.Time, censored bool) {
	since := p.began[id] - 1
	p.began[id] = 0
	p.items = append(p.items, protocols.Item{Metric: "hot_spot", At: since, Value: seconds(at - since), Censored: censored},
		protocols.Item{Metric: "hot_spot_node", At: since, Value: float64(id)})
}

// Finish adds the run's figures.
func (p *probe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	scalar := func(metric string, v float64) { out.Scalar(metric, t.At, v) }
	p.system.report("time_in_system", t.At, true, out)
	p.waiting.report("waiting_time", t.At, false, out)
	if p.asked > 0 {
		end, open := p.end, p.done+p.rejected < p.asked
		if open {
			end = t.At
		}
		out.Items = append(out.Items, protocols.Item{Metric: "makespan", At: p.first, Value: seconds(end - p.first), Censored: open})
	}
	if t.At > p.Warmup {
		scalar("throughput_mean", float64(len(p.system.all))/seconds(t.At-p.Warmup))
	}
	p.finishWork(t, out)
	for _, x := range []struct {
		metric string
		count  int
	}{{"tasks", p.asked}, {"tasks_done", p.done}, {"tasks_repeated", p.repeated}, {"tasks_lost", len(p.gone())}, {"tasks_rejected", p.rejected},
		{"tasks_late", int(t.Observations[Late].Count)}, {"moves", int(t.Observations[Took].Count)}, {"moves_failed", int(t.Observations[Returned].Count)},
		{"reclaimed", int(t.Observations[Reclaimed].Count)}} {
		scalar(x.metric, float64(x.count))
	}
	messages, bytes := uint64(0), uint64(0)
	for kind, m := range t.Messages {
		if kind != int(KindSubmit) {
			messages, bytes = messages+m.Count, bytes+m.Sum
		}
	}
	if n := float64(t.Observations[Ran].Count); n > 0 {
		scalar("messages_per_task", float64(messages)/n)
		scalar("bytes_per_task", float64(bytes)/n)
	}
	p.finishItems(t, out)
}

// finishWork adds what the cores did.
func (p *probe) finishWork(t protocols.RunTotals, out *protocols.Figures) {
	sum, squares, n := 0.0, 0.0, float64(len(p.Members))
	whole := float64(float64(max(t.At, 1)) * float64(max(p.config.Cores, 1)))
	for _, id := range p.Members {
		b := float64(p.busy[id])
		sum, squares = sum+b, squares+float64(b*b)
		out.Items = append(out.Items, protocols.Item{Metric: "utilisation_node", Value: b / whole})
	}
	out.Scalar("utilisation", t.At, sum/n/whole)
	out.Scalar("work_fairness", t.At, jain(sum, squares, n))
}

// finishItems adds what has a time of its own.
func (p *probe) finishItems(t protocols.RunTotals, out *protocols.Figures) {
	for _, c := range p.crashes {
		if len(c.left) > 0 {
			p.items = append(p.items, protocols.Item{Metric: "recovery_time", At: c.at, Value: seconds(t.At - c.at), Censored: true})
		}
	}
	for _, id := range p.Members {
		if p.began[id] != 0 {
			p.cool(id, t.At, true)
		}
	}
	out.Items = append(out.Items, p.items...)
	if len(p.goals) > 0 {
		for _, id := range slices.Sorted(maps.Keys(p.open)) {
			x := p.open[id]
			for _, level := range p.goals {
				if at := protocols.Time(x.asked); x.root() && at >= p.Warmup {
					p.reached = append(p.reached, protocols.Reached{Metric: "completed", Level: level, Item: id, Since: at})
				}
			}
		}
	}
	out.Reached = append(out.Reached, p.reached...)
}

// jain is Jain's index of n values with that sum and sum of squares.
func jain(sum, squares, n float64) float64 {
	if squares == 0 {
		return 1
	}
	return float64(sum*sum) / float64(n*squares)
}

func seconds(t protocols.Time) float64 { return float64(t) / 1e9 }

// durations are those of tasks, in the order in which they ended.
type durations struct {
	all  []int64
	at   []protocols.Time // when each began that is kept: one of every step
	kept []int64
	step int
	next int
}

// maxKept is about how many are told one by one.
const maxKept = 100_000

func (d *durations) add(from, to protocols.Time) {
	v := max(int64(to-from), 0)
	d.all = append(d.all, v)
	if d.next--; d.next >= 0 {
		return
	}
	d.step = max(d.step, 1)
	d.next = d.step - 1
	d.at, d.kept = append(d.at, from), append(d.kept, v)
	if len(d.kept) == 2*maxKept {
		for i := range maxKept {
			d.at[i], d.kept[i] = d.at[2*i], d.kept[2*i]
		}
		d.at, d.kept, d.step = d.at[:maxKept], d.kept[:maxKept], 2*d.step
	}
}

// report adds the mean and the quantiles, and with items what is kept.
func (d *durations) report(metric string, at protocols.Time, items bool, out *protocols.Figures) {
	if len(d.all) == 0 {
		return
	}
	for i := range d.kept {
		if items {
			out.Items = append(out.Items, protocols.Item{Metric: metric, At: d.at[i], Value: float64(d.kept[i]) / 1e9})
		}
	}
	sum := 0.0
	for _, v := range d.all {
		sum += float64(v) / 1e9
	}
	slices.Sort(d.all)
	quantile := func(num, den int) float64 { return float64(d.all[(len(d.all)-1)*num/den]) / 1e9 }
	out.Scalar(metric+"_mean", at, sum/float64(len(d.all)))
	out.Scalar(metric+"_p99", at, quantile(99, 100))
	if items {
		out.Scalar(metric+"_p50", at, quantile(1, 2))
		out.Scalar(metric+"_max", at, quantile(1, 1))
	}
}
