package byzantine

import (
	"fmt"
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// liar is a node that can be made Byzantine. As long as it never was, it is its
// core and nothing else.
type liar struct {
	*shared
	core    protocols.Node
	started bool
	*vice
}

// vice is what a liar has that was Byzantine in this life.
type vice struct {
	acts    []*act // in force, in the order of striking
	numbers uint64 // given to acts so far
	forgets int    // amnesias in force
	held    []held // delayed
	batches uint32 // delayed so far
	twin    *twin  // nil: it never had one

	said []protocols.Send // scratch
	lies []told           // of the call that runs
	rand draw.Rand        // of the call, apart from the core's own
}

// Start starts the core and its twin, over an empty disk if it is to forget.
func (l *liar) Start(env *protocols.Env) {
	l.started = true
	if l.vice != nil && l.forgets > 0 {
		env.Disk.Crash(false)
	}
	if l.vice != nil && l.twin != nil {
		l.twin.disk, l.twin.running = env.Disk.Clone(), true
	}
	l.call(env, both, func(n protocols.Node) { n.Start(env) })
}

// Receive hands the message to the twin that hears it.
func (l *liar) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	if l.vice == nil && !isLabelled(m) {
		l.core.Receive(env, from, m)
		return
	}
	who, m := l.hears(env, from, m)
	if who == second && l.parts() == nil {
		return // it is cut off
	}
	if l.vice != nil {
		l.overhear(from, m)
	}
	l.call(env, who, func(n protocols.Node) { n.Receive(env, from, m) })
}

// Expire handles a timer of the core, of its twin, or of a behaviour.
func (l *liar) Expire(env *protocols.Env, t protocols.TimerID) {
	own := len(l.protocol.Timers)
	switch name := int(t.Name()); {
	case name < own:
		l.call(env, first, func(n protocols.Node) { n.Expire(env, t) })
	case l.vice == nil:
	case name == own:
		l.alarm(env, t.Argument())
	case name <= 2*own && l.twin != nil:
		inner := protocols.Timer(uint8(name-own-1), t.Argument())
		l.call(env, second, func(n protocols.Node) { n.Expire(env, inner) })
	}
}

// Waits says what the core waits for.
func (l *liar) Waits() string {
	if w, ok := l.core.(protocols.Waiter); ok {
		return w.Waits()
	}
	return ""
}

// call runs the core, or its twin, or both, and changes what they say.
func (l *liar) call(env *protocols.Env, who instance, run func(protocols.Node)) {
	if l.vice == nil {
		if who != second {
			run(l.core)
		}
		return
	}
	peek := env.Rand // so that the core draws what it would have drawn
	key := peek.Uint64()
	if who != second {
		run(l.core)
		l.separate(env, first, 0)
	}
	if who != first && l.twin != nil && l.twin.running {
		l.runTwin(env, key, run)
	}
	l.rand = draw.New(draw.DeriveString(key, "byzantine"))
	l.speak(env)
}

// speak lets each behaviour in force change what the node says.
func (l *liar) speak(env *protocols.Env) {
	if len(l.acts) == 0 || len(env.Sends) == 0 {
		return
	}
	for _, a := range l.acts {
		if a.does == nil {
			continue
		}
		l.said = append(l.said[:0], env.Sends...)
		env.Sends = env.Sends[:0]
		to := saying{liar: l, env: env}
		for _, s := range l.said {
			if a.concerns(env.Self, s) {
				a.does.say(&to, a, s)
			} else {
				env.Sends = append(env.Sends, s)
			}
		}
	}
	clear(l.said)
	clear(l.lies)
	l.lies = l.lies[:0]
}

// Corrupt puts a behaviour in force, or lifts it.
func (l *liar) Corrupt(env *protocols.Env, c *protocols.Corruption, on bool) {
	if l.vice == nil {
		l.vice = &vice{}
	}
	if on {
		l.begin(env, c)
		return
	}
	for i, a := range l.acts {
		if a.Corruption == c {
			l.acts = slices.Delete(l.acts, i, i+1)
			env.StopTimer(l.timer(a.number, 0))
			if _, ok := c.Behaviour.(*Amnesia); ok {
				l.forgets--
			}
			return
		}
	}
}

// begin puts a behaviour in force, unless it means nothing to this protocol.
func (l *liar) begin(env *protocols.Env, c *protocols.Corruption) {
	l.numbers++
	a := &act{Corruption: c, number: l.numbers}
	switch b := c.Behaviour.(type) {
	case *Silent:
		a.kinds, a.does = l.scope(b.Scope), b
	case *Drop:
		a.kinds, a.does = l.scope(b.Scope), b
	case *Delay:
		a.kinds, a.does = l.scope(b.Scope), b
	case *Tamper:
		a.kinds, a.does = l.scope(b.Scope), b
	case *Replay:
		a.kinds, a.does = l.scope(b.Scope), &again{every: b.Every, burst: b.Burst}
		env.SetTimer(l.timer(a.number, 0), b.Every)
	case *Flood:
		a.kinds, a.does = l.scope(b.Scope), &again{every: b.Every, burst: b.Burst, newest: true}
		env.SetTimer(l.timer(a.number, 0), b.Every)
	case *Lie:
		a.kinds, a.does = l.scope(b.Scope), l.lying(b.Name, false, nil)
	case *Equivocate:
		a.kinds, a.does = l.scope(b.Scope), l.lying(b.Name, false, newSides(l.world, c, b.Parts, b.Sides))
	case *Twice:
		a.kinds, a.does = l.scope(b.Scope), l.lying(b.Name, true, nil)
	case *Amnesia:
		l.forgets++
	case *Twins:
		l.bear(env, a, newSides(l.world, c, b.Parts, 2))
	default:
		panic(fmt.Sprintf("byzantine: behaviour %v is not one of this package", c.Behaviour))
	}
	l.acts = append(l.acts, a)
}

// timer names a behaviour's timer.
func (l *liar) timer(number uint64, batch uint32) protocols.TimerID {
	return protocols.Timer(uint8(len(l.protocol.Timers)), number<<32|uint64(batch))
}

// alarm handles a timer that timer has named.
func (l *liar) alarm(env *protocols.Env, argument uint64) {
	number := argument >> 32
	if number == 0 {
		l.release(env, uint32(argument&math.MaxUint32))
		return
	}
	for _, a := range l.acts {
		if a.number != number {
			continue
		}
		switch does := a.does.(type) {
		case *again:
			does.tick(env, l, a)
		case *parting:
			l.startTwin(env)
		}
	}
}
