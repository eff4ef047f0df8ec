package protocoltest

import (
	"bytes"
	"reflect"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// checkDescription looks at the descriptor and at what the probe recorded.
func checkDescription(r *run, fail failure) {
	p := r.protocol
	if r.failed != nil {
		fail("a run ends in a panic after %d calls: %v", len(r.calls), r.failed)
	}
	if p.Name == "" || len(p.Kinds) == 0 || p.New == nil || p.Decode == nil {
		fail("Name, Kinds, New and Decode must be set")
	}
	if len(p.Observations) > 64 {
		fail("%d kinds of observations, at most 64", len(p.Observations))
	}
	metrics, checkers := []string{}, []string{}
	for _, m := range p.Metrics {
		metrics = append(metrics, m.Name)
		if m.Doc == "" || m.Unit == "" {
			fail("metric %s needs a Doc and a Unit", m.Name)
		}
	}
	for _, c := range p.Checkers {
		checkers = append(checkers, c.Name)
	}
	unique("kind", p.Kinds, fail)
	unique("timer", p.Timers, fail)
	unique("observation", p.Observations, fail)
	unique("metric", metrics, fail)
	unique("checker", checkers, fail)
	if p.Probe != nil && r.figures != nil {
		checkFigures(r, fail)
	}
}

func unique(what string, list []string, fail failure) {
	seen := map[string]bool{}
	for i, name := range list {
		if name == "" || seen[name] {
			fail("%s %d is called %q: names are there and unique", what, i, name)
		}
		seen[name] = true
	}
}

// checkFigures holds what the probe recorded against the list of metrics.
func checkFigures(r *run, fail failure) {
	forms := map[string]protocols.MetricForm{}
	for _, m := range r.protocol.Metrics {
		forms[m.Name] = m.Form
	}
	is := func(metric string, form protocols.MetricForm) {
		if f, ok := forms[metric]; !ok || f != form {
			fail("the probe records %s as form %d, which Metrics does not list", metric, form)
		}
	}
	for _, x := range r.figures.Points {
		is(x.Metric, protocols.Series)
	}
	for _, x := range r.figures.Scalars {
		is(x.Metric, protocols.Scalar)
	}
	for _, x := range r.figures.Items {
		is(x.Metric, protocols.Sample)
	}
	probe := r.protocol.Probe(protocols.ProbeConfig{Nodes: r.Nodes, Members: r.world.Members})
	for _, k := range probe.Wants() {
		if int(k) >= len(r.protocol.Observations) {
			fail("the probe wants observation %d of %d", k, len(r.protocol.Observations))
		}
	}
}

// checkBounded holds each call's wishes against the limits.
func checkBounded(r *run, fail failure) {
	p := r.protocol
	for i := range r.calls {
		c := &r.calls[i]
		if c.wishes > r.MaxSends {
			fail("%v asks for %d things at once, limit %d", &c.call, c.wishes, r.MaxSends)
		}
		for _, x := range c.sends {
			if uint64(x.To) >= uint64(r.Nodes) {
				fail("%v sends to node %d of %d", &c.call, x.To, r.Nodes)
			}
			if int(x.Message.Kind()) >= len(p.Kinds) {
				fail("%v sends kind %d of %d", &c.call, x.Message.Kind(), len(p.Kinds))
			}
		}
		for _, t := range c.timers {
			if int(t.Name()) >= len(p.Timers) {
				fail("%v sets timer %d of %d", &c.call, t.Name(), len(p.Timers))
			}
		}
	}
	for _, o := range r.observed {
		if o.Protocol == p.Name && int(o.Kind) >= len(p.Observations) {
			fail("node %d observes kind %d of %d", o.Node, o.Kind, len(p.Observations))
		}
	}
}

// checkRepeatable makes all calls again: on nodes made together as in the
// recorded run, and on nodes made one by one. The restart in the run makes this
// a test that nothing but the disk survives.
func checkRepeatable(r *run, fail failure) {
	newReplay(r, false).until(fail)
	newReplay(r, true).until(fail)
}

// checkEnvNotKept gives each call an Env of its own and spoils that afterwards,
// slices included. A node that looks back does something else, and one that
// writes there is seen in the end.
func checkEnvNotKept(r *run, fail failure) {
	p := newReplay(r, false)
	var spoiled []*protocols.Env
	p.env = func(*call) *protocols.Env { return roomy() }
	p.after = func(env *protocols.Env) {
		spoil(env)
		if len(spoiled) < watched {
			spoiled = append(spoiled, env)
		}
	}
	p.until(fail)
	fresh := roomy()
	spoil(fresh)
	for i, env := range spoiled {
		if !reflect.DeepEqual(env, fresh) {
			fail("the Env of call %d was written to after the call", i)
			return
		}
	}
}

// Envs of so many calls are watched to the end of a run.
const watched = 500

// poison is a message that no protocol knows.
type poison struct{ kind protocols.Kind }

func (p *poison) Kind() protocols.Kind     { return p.kind }
func (p *poison) Size() int                { return 1 }
func (p *poison) AppendTo(b []byte) []byte { return append(b, 0xff) }

var bait = &poison{255}

// roomy returns an Env whose slices all have the same room.
func roomy() *protocols.Env {
	env := newEnv()
	env.Sends, env.Timers = make([]protocols.Send, 0, 256), make([]protocols.TimerOp, 0, 256)
	env.Observations, env.Announcements = make([]protocols.Observation, 0, 256), make([]protocols.Event, 0, 256)
	return env
}

// spoil makes env useless, the first 256 places of its slices included.
func spoil(env *protocols.Env) {
	nobody := protocols.NodeID(1<<32 - 2)
	fill := func(n int, put func(i int)) {
		for i := range n {
			put(i)
		}
	}
	env.Self, env.Now, env.Disk, env.Rand, env.Busy = nobody, -1<<63, nil, draw.New(0xbad), -1
	env.Sends = env.Sends[:256:256]
	fill(256, func(i int) { env.Sends[i] = protocols.Send{To: nobody, Message: bait} })
	env.Timers = env.Timers[:256:256]
	fill(256, func(i int) { env.Timers[i] = protocols.TimerOp{Timer: 1<<64 - 1, After: -1} })
	env.Observations = env.Observations[:256:256]
	fill(256, func(i int) { env.Observations[i] = protocols.Observation{Kind: 255} })
	env.Announcements = env.Announcements[:256:256]
	fill(256, func(i int) { env.Announcements[i] = protocols.Event{Kind: 255} })
}

// checkImmutable holds the messages against what they were when first seen.
func checkImmutable(r *run, fail failure) {
	for _, m := range r.messages {
		if now := m.message.AppendTo(nil); !bytes.Equal(now, m.wire) {
			fail("%s, first seen in call %d, was %x and is %x now", text(m.message), m.by, m.wire, now)
		}
	}
}

// checkUnknown disturbs a node before each call with what it cannot know.
func checkUnknown(r *run, fail failure) {
	p := newReplay(r, false)
	env := newEnv()
	p.before = func(n protocols.Node, in *call, disk *protocols.Disk) {
		stranger := protocols.NodeID((int(in.node) + 1) % r.Nodes)
		for _, junk := range []call{
			{do: receive, from: stranger, message: bait},
			{do: receive, from: stranger, message: &poison{kind: protocols.Kind(in.key % uint64(len(r.protocol.Kinds)))}},
			{do: receive, from: protocols.External, message: bait},
			{do: expire, timer: protocols.Timer(uint8(len(r.protocol.Timers)), 0)},
			{do: expire, timer: protocols.Timer(255, in.key)},
			{do: hear, event: protocols.Event{Kind: 255, Node: stranger, ID: 1, Value: 1, Data: []byte("junk")}},
			{do: hear, event: protocols.Event{Kind: 0, Node: stranger}},
		} {
			size := disk.Size()
			env.Reset(in.node, in.now, in.key, disk)
			junk.node, junk.now = in.node, in.now
			junk.on(n, env)
			if got := effects(env); got != "" || disk.Size() != size {
				fail("%v, which nobody knows, has effects:\n%s", &junk, got)
			}
		}
	}
	p.until(fail)
}

// checkChecked shows the run to the protocol's checkers.
func checkChecked(r *run, fail failure) {
	for _, spec := range r.protocol.Checkers {
		c := spec.New(protocols.ProbeConfig{Nodes: r.Nodes, Members: r.world.Members})
		wants := c.Wants()
		for _, o := range r.observed {
			if o.Protocol == r.protocol.Name && !contains(wants, o.Kind) {
				continue
			}
			if text := c.Observe(o); text != "" {
				fail("checker %s: node %d at %v: %s", spec.Name, o.Node, clock(o.At), text)
				break
			}
		}
	}
}

func contains(list []protocols.ObservationKind, k protocols.ObservationKind) bool {
	for _, x := range list {
		if x == k {
			return true
		}
	}
	return false
}
