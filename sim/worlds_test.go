package sim

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
)

// world makes random declarations that use everything a Config can say.
type world struct {
	r draw.Rand
	c Config
	n int // nodes

	liars bool // nodes may become Byzantine
}

// randomWorld is a mesh of at most nodes nodes in which chatter runs for some
// thousand events.
func randomWorld(seed uint64, nodes int) Config {
	w := &world{r: draw.New(draw.Mix(seed)), c: Config{Seed: seed}}
	w.c.Duration = time.Duration(20+w.r.IntN(100)) * time.Millisecond
	if !w.rare() {
		w.c.Sample = time.Duration(2+w.r.IntN(40)) * time.Millisecond
	}
	w.zones()
	w.groups(nodes)
	w.network()
	for i := range w.r.IntN(7) {
		w.c.Faults = append(w.c.Faults, w.fault(fmt.Sprint("fault ", i)))
	}
	for range w.r.IntN(3) {
		w.c.Workload = append(w.c.Workload, &client{gap: 5e6, nodes: w.n, left: w.r.IntN(60)})
	}
	w.c.Probes = !w.rare()
	w.c.Detail = Detail{PerNode: w.half(), Latency: w.half(), Connectivity: w.half()}
	if w.half() {
		w.c.Checks = []Check{{"chatter", chatter(edit{}).Checkers[0]}}
	}
	w.c.Stop.Violation = w.half()
	if w.rare() {
		w.c.Stop.Reached = true
		w.c.Goals = map[string][]float64{"chatter.heard": {1}, "listener.heard": {1}}
	}
	return w.c
}

func (w *world) half() bool { return w.r.IntN(2) == 0 }
func (w *world) rare() bool { return w.r.IntN(5) == 0 }

// upTo is a duration that is round in half of all cases, so that ties occur.
func (w *world) upTo(d time.Duration) time.Duration {
	x := time.Duration(w.r.Int64N(int64(d) + 1))
	if w.half() {
		x = x.Round(d / 8)
	}
	return x
}

func (w *world) percent(most int) draw.Probability {
	return draw.Ratio(uint64(w.r.IntN(most+1)), 100)
}

func (w *world) zones() {
	if w.half() {
		return
	}
	n := 1 + w.r.IntN(4)
	z := &Zones{Names: make([]string, n), OneWay: make([]time.Duration, n*n)}
	for i := range z.OneWay {
		z.OneWay[i] = w.upTo(30 * time.Millisecond)
	}
	w.c.Network.Zones = z
}

func (w *world) groups(nodes int) {
	chat := chatter(edit{})
	listen := listener()
	if w.liars = w.half(); w.liars {
		chat, listen = byzantine.Wrap(chat, nil), byzantine.Wrap(listen, nil)
	}
	stacks := [][]*protocols.Protocol{{chat}, {chat, listen}, {listen, chat}, {listen}, {chat, listen}}
	for i := range 1 + w.r.IntN(4) {
		g := Group{Name: fmt.Sprint("group ", i), Count: 1 + w.r.IntN(nodes/4), Stack: stacks[w.r.IntN(len(stacks))]}
		if i == 0 {
			g.Count, g.Stack = nodes/4, stacks[1]
		}
		if z := w.c.Network.Zones; z != nil && !w.rare() {
			for range 1 + w.r.IntN(3) {
				g.Zones = append(g.Zones, w.r.IntN(len(z.Names)))
			}
		}
		if w.half() {
			g.CPU = CPU{Cores: w.r.IntN(4), PerMessage: w.upTo(500 * time.Microsecond), PerByte: time.Duration(w.r.IntN(1000)),
				PerKiB: w.upTo(time.Millisecond), Queue: w.r.IntN(3) * w.r.IntN(10)}
		}
		if w.half() {
			g.Clock = Clock{Offset: w.upTo(time.Second), OffsetRange: w.upTo(time.Second),
				DriftPPB: w.r.Int64N(2e8) - 1e8, DriftRange: w.r.Int64N(1e8)}
		}
		if w.rare() {
			g.Uplink = w.pipe()
		}
		if w.rare() {
			g.Downlink = w.pipe()
		}
		if w.half() {
			g.DiskSync = w.upTo(20 * time.Millisecond)
			g.DiskPerKiB = w.upTo(50 * time.Millisecond)
		}
		if w.rare() {
			g.DiskCapacity = 1 + w.r.Int64N(300)
		}
		w.c.Groups = append(w.c.Groups, g)
		w.n += g.Count
	}
}

func (w *world) pipe() Pipe {
	p := Pipe{BitsPerSecond: 10_000 + w.r.Int64N(2_000_000)}
	if w.half() {
		p.QueueBytes = w.r.Int64N(4000)
	}
	return p
}

func (w *world) jitter() *draw.Dist {
	exponential, _ := draw.Exponential(0, 1+w.r.Int64N(5e6))
	normal, _ := draw.Normal(w.r.Int64N(5e6), 1+w.r.Int64N(2e6))
	pareto, _ := draw.ParetoMean(100_000, 2_000_000)
	return []*draw.Dist{nil, draw.Uniform(0, 1+w.r.Int64N(1e7)), draw.Uniform(-1e6, 1e6), exponential, normal, pareto}[w.r.IntN(6)]
}

func (w *world) link() Link {
	l := Link{Latency: Latency{Base: w.upTo(8 * time.Millisecond), Zoned: w.half(), Jitter: w.jitter()}}
	if w.half() {
		l.Latency.Floor = 100*time.Microsecond + w.upTo(4*time.Millisecond)
	}
	if w.half() {
		l.Loss.P = w.percent(10)
	}
	if w.rare() {
		l.Loss.GilbertElliott, l.Loss.ToBad, l.Loss.ToGood, l.Loss.Bad = true, w.percent(20), w.percent(80), w.percent(100)
	}
	if w.rare() {
		l.Duplicate = w.percent(20)
	}
	if w.rare() {
		l.Reorder, l.ReorderBy = w.percent(30), w.upTo(20*time.Millisecond)
	}
	if w.rare() {
		l.Corrupt = w.percent(20)
	}
	if w.rare() {
		l.Pipe = w.pipe()
	}
	if w.rare() {
		l.Stream, l.Retry = true, w.upTo(50*time.Millisecond)
	}
	return l
}

func (w *world) network() {
	w.c.Network.Default = w.link()
	for range w.r.IntN(2) * w.r.IntN(4) {
		w.c.Network.Links = append(w.c.Network.Links, LinkRule{From: w.set(), To: w.set(), Link: w.link()})
	}
}

func (w *world) set() Set {
	if w.half() {
		return Set{All: true}
	}
	return Set{IDs: w.ids()}
}

// ids is a random set of nodes, not empty.
func (w *world) ids() []protocols.NodeID {
	var ids []protocols.NodeID
	for id := range w.n {
		if w.r.IntN(3) == 0 {
			ids = append(ids, protocols.NodeID(id))
		}
	}
	if ids == nil {
		ids = append(ids, protocols.NodeID(w.r.IntN(w.n)))
	}
	return ids
}

func (w *world) selector() Selector {
	var s Selector
	switch w.r.IntN(5) {
	case 0:
		s.Observed = "chatter.lead"
	case 1:
		s.Count = 1 + w.r.IntN(5)
	case 2:
		s.Share = w.percent(60)
	case 3:
		s.From = w.ids()
	case 4:
		s.From, s.Count = w.ids(), 1+w.r.IntN(3)
	}
	return s
}

func (w *world) fault(name string) Fault {
	f := Fault{Name: name, At: w.upTo(w.c.Duration)}
	if !w.rare() {
		f.For = w.upTo(w.c.Duration/2) + 1
	}
	if w.rare() {
		f.Every = w.c.Duration/20 + w.upTo(w.c.Duration/3)
	}
	if w.liars && w.half() {
		f.Byzantine = w.byzantine()
		return f
	}
	switch w.r.IntN(9) {
	case 0:
		f.Crash = &Crash{Nodes: w.selector(), LoseDisk: w.rare(), TearDisk: w.half()}
	case 1:
		f.Pause = &Pause{w.selector()}
	case 2, 3:
		f.Partition = w.partition()
	case 4:
		f.Degrade = &Degrade{From: w.selector(), To: w.selector(), Both: w.half(), Latency: w.upTo(20 * time.Millisecond),
			Jitter: w.jitter(), Loss: w.percent(40), Duplicate: w.percent(20), Corrupt: w.percent(20), Bandwidth: w.percent(100)}
	case 5:
		f.Clock = &ClockFault{Nodes: w.selector(), Offset: w.upTo(time.Second), DriftPPB: w.r.Int64N(2e8) - 1e8, Step: w.upTo(time.Second)}
	case 6:
		f.Churn = w.churn()
	case 7, 8:
		f.Disk = w.disk()
	}
	return f
}

func (w *world) disk() *DiskFault {
	d := &DiskFault{Nodes: w.selector()}
	switch w.r.IntN(6) {
	case 0:
		d.Sync, d.PerKiB = 1+w.upTo(10*time.Millisecond), w.upTo(10*time.Millisecond)
	case 1:
		d.Full = true
	case 2:
		d.Lie = true
	case 3:
		d.Torn = true
	case 4:
		d.Unreadable = 1 + w.percent(80)
	case 5:
		d.FlipBits = 1 + w.r.IntN(50)
	}
	return d
}

func (w *world) byzantine() *Byzantine {
	b := &Byzantine{Nodes: w.selector(), Protocol: []string{"", "chatter"}[w.r.IntN(2)]}
	if w.rare() {
		s := w.selector()
		b.To = &s
	}
	if w.rare() {
		b.Most = 1 + w.r.IntN(4)
	}
	some := byzantine.Scope{}
	if w.rare() {
		some.Kinds = []string{"ping", "blob"}
	}
	every, parts := 500*time.Microsecond+w.upTo(20*time.Millisecond), byzantine.Strata{0, protocols.NodeID(w.n / 2)}
	all := []protocols.Behaviour{
		&byzantine.Silent{Scope: some}, &byzantine.Drop{Scope: some, Share: w.percent(100)}, &byzantine.Delay{Scope: some, By: w.upTo(20 * time.Millisecond)},
		&byzantine.Tamper{Scope: some, Share: w.percent(100)},
		&byzantine.Replay{Scope: some, Every: every, Burst: 1 + w.r.IntN(3)}, &byzantine.Flood{Scope: some, Every: every, Burst: 1 + w.r.IntN(3)},
		&byzantine.Lie{Scope: some, Name: "other-word"}, &byzantine.Equivocate{Scope: some, Name: "other-word", Sides: 2 + w.r.IntN(2), Parts: parts},
		&byzantine.Twice{Scope: some, Name: []string{"", "other-word"}[w.r.IntN(2)]}, &byzantine.Amnesia{}, &byzantine.Twins{Parts: parts},
		&byzantine.Twins{},
	}
	b.Behaviour = all[w.r.IntN(len(all))]
	return b
}

func (w *world) partition() *Partition {
	p := &Partition{Bystanders: w.half(), OneWay: w.rare()}
	for range 1 + w.r.IntN(3) {
		p.Sides = append(p.Sides, w.selector())
	}
	if w.rare() {
		s := w.selector()
		p.Bridge = &s
	}
	if w.rare() {
		p.Down, p.Up = 5*time.Millisecond+w.upTo(40*time.Millisecond), w.upTo(40*time.Millisecond)
	}
	return p
}

func (w *world) churn() *Churn {
	c := &Churn{Nodes: w.selector(), LoseDisk: w.rare(), TearDisk: w.half()}
	if w.half() {
		c.Session, _ = draw.Weibull(10_000+int64(w.upTo(200*time.Millisecond)), 0.6)
		c.Downtime, _ = draw.ParetoMean(1e6, 2e6+int64(w.upTo(100*time.Millisecond)))
		return c
	}
	for range 1 + w.r.IntN(4) {
		var row []Span
		at := w.upTo(50 * time.Millisecond)
		for range w.r.IntN(5) {
			end := at + 1 + w.upTo(80*time.Millisecond)
			row = append(row, Span{at, end})
			at = end + 1 + w.upTo(80*time.Millisecond)
		}
		c.Sessions = append(c.Sessions, row)
	}
	return c
}
