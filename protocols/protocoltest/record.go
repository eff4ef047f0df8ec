package protocoltest

import (
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// run is a recorded run of a protocol.
type run struct {
	Setup
	protocol *protocols.Protocol
	seed     int
	world    protocols.World
	calls    []recorded
	messages []sent // each message once, in the order of appearance
	observed []protocols.Observed
	figures  *protocols.Figures
	failed   any // what the run panicked with
}

type recorded struct {
	call
	effects string
	wishes  int // the largest number of wishes of one sort
	sends   []protocols.Send
	timers  []protocols.TimerID
}

// sent is a message and its wire form when it was seen first.
type sent struct {
	message protocols.Message
	wire    []byte
	by      int // call that sent or received it
}

func (s Setup) record(p *protocols.Protocol) []*run {
	if s.Nodes == 0 {
		s.Nodes = 5
	}
	if s.Duration == 0 {
		s.Duration = time.Minute
	}
	if s.Seeds == 0 {
		s.Seeds = 3
	}
	if s.MaxSends == 0 {
		s.MaxSends = 64 + 2*s.Nodes
	}
	runs := make([]*run, s.Seeds)
	for i := range runs {
		runs[i] = s.play(p, i+1)
	}
	return runs
}

// play runs the protocol in a cluster and records everything. A panic ends the
// run; the laws are then checked on what was recorded, and tell of it.
func (s Setup) play(p *protocols.Protocol, seed int) (r *run) {
	r = &run{Setup: s, protocol: p, seed: seed}
	defer func() { r.failed = recover() }()
	c := newCluster(p, s.Nodes, Options{Seed: uint64(seed), Loss: draw.Ratio(1, 20), Observe: func(o protocols.Observed) {
		r.observed = append(r.observed, o)
	}})
	seen := map[protocols.Message]bool{}
	note := func(m protocols.Message) {
		if !seen[m] {
			seen[m] = true
			r.messages = append(r.messages, sent{m, m.AppendTo(nil), len(r.calls)})
		}
	}
	c.called = func(in *call, env *protocols.Env) {
		if in.message != nil {
			note(in.message)
		}
		for _, x := range env.Sends {
			note(x.Message)
		}
		r.calls = append(r.calls, newRecorded(in, env))
	}
	r.world = c.world
	c.start()
	s.drive(c)
	if c.probe != nil {
		r.figures = c.Figures()
	}
	return r
}

func newRecorded(in *call, env *protocols.Env) recorded {
	rec := recorded{call: *in, effects: effects(env), sends: append([]protocols.Send(nil), env.Sends...)}
	rec.wishes = max(len(env.Sends), len(env.Timers), len(env.Observations), len(env.Announcements))
	for _, t := range env.Timers {
		rec.timers = append(rec.timers, t.Timer)
	}
	return rec
}

// drive lets the inputs and the crash happen.
func (s *Setup) drive(c *Cluster) {
	const victim = 1
	line := feeder{inputs: s.Inputs}
	for step := range 3 {
		line.until(c, s.Duration*time.Duration(step+1)/3)
		if c.probe != nil {
			c.Sample()
		}
		switch {
		case s.Nodes <= victim:
		case step == 0:
			c.Crash(victim)
		case step == 1:
			c.Restart(victim)
		}
	}
}

// replay makes the recorded calls again, on new nodes over new disks, and
// compares the effects. before is asked to prepare each call and may be nil.
type replay struct {
	*run
	nodes  []protocols.Node
	disks  []protocols.Disk
	again  []bool // it has crashed
	before func(n protocols.Node, in *call, disk *protocols.Disk)
	env    func(in *call) *protocols.Env
	after  func(env *protocols.Env)
}

// alone makes each node by a call of New of its own.
func newReplay(r *run, alone bool) *replay {
	p := &replay{run: r, again: make([]bool, r.Nodes), disks: make([]protocols.Disk, r.Nodes), nodes: make([]protocols.Node, r.Nodes)}
	if !alone {
		p.nodes = list(r.protocol.New(r.world, r.world.Members))
	}
	reused := newEnv()
	p.env = func(*call) *protocols.Env { return reused }
	return p
}

// until makes the calls up to the first whose effects differ, and reports that.
func (p *replay) until(fail failure) {
	for i := range p.calls {
		in := &p.calls[i].call
		if in.do == crash {
			p.nodes[in.node], p.again[in.node] = nil, true
			p.disks[in.node].Crash(true)
			continue
		}
		if p.nodes[in.node] == nil {
			world := p.world
			world.Again = p.again[in.node]
			p.nodes[in.node] = p.protocol.New(world, []protocols.NodeID{in.node}).At(0)
		}
		n, disk := p.nodes[in.node], &p.disks[in.node]
		if p.before != nil && in.do != boot {
			p.before(n, in, disk)
		}
		env := p.env(in)
		env.Reset(in.node, in.now, in.key, disk)
		in.on(n, env)
		if _, ok := disk.TakeSync(); ok {
			disk.Complete(false)
		}
		got := effects(env)
		if p.after != nil {
			p.after(env)
		}
		if got != p.calls[i].effects {
			fail("call %d, %v, has other effects when it is made again:\n%sinstead of\n%s", i, in, got, p.calls[i].effects)
			return
		}
	}
}
