package byzantine

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// instance is one of a node's twins, or both.
type instance uint8

const (
	first instance = iota
	second
	both
)

// twin is the second instance.
type twin struct {
	node    protocols.Node
	disk    protocols.Disk
	running bool // it was started
}

// parting is a Twins in force.
type parting struct{ sides *sides }

// say lets pass: what reaches whom was decided when the twins spoke.
func (*parting) say(t *saying, _ *act, s protocols.Send) { t.send(s.To, s.Message) }

// bear makes the second instance if there is none.
func (l *liar) bear(env *protocols.Env, a *act, s *sides) {
	a.does = &parting{s}
	if l.twin == nil {
		l.twin = &twin{node: l.protocol.New(l.world, []protocols.NodeID{env.Self}).At(0)}
	}
	if l.started && !l.twin.running {
		env.SetTimer(l.timer(a.number, 0), 0)
	}
}

// startTwin starts the second instance of a node that runs already.
func (l *liar) startTwin(env *protocols.Env) {
	l.twin.disk, l.twin.running = env.Disk.Clone(), true
	l.call(env, second, func(n protocols.Node) { n.Start(env) })
}

// runTwin runs the second instance. Its disk is ready at once, but what it sends
// waits for the node's device, as if it had written there.
func (l *liar) runTwin(env *protocols.Env, key uint64, run func(protocols.Node)) {
	sends, timers, observations := len(env.Sends), len(env.Timers), len(env.Observations)
	disk := env.Disk
	env.Disk, env.Rand = &l.twin.disk, draw.New(draw.DeriveString(key, "twin"))
	run(l.twin.node)
	env.Disk = disk
	env.Observations = env.Observations[:observations]
	for i := timers; i < len(env.Timers); i++ {
		t := &env.Timers[i].Timer
		*t = protocols.Timer(t.Name()+uint8(len(l.protocol.Timers)+1), t.Argument())
	}
	if _, ok := l.twin.disk.TakeSync(); ok {
		l.twin.disk.Complete(false)
		_ = disk.Write("byzantine.twin", []byte{1}) // a full disk delays nothing
		disk.Sync()
	}
	l.separate(env, second, sends)
}

// parts is the Twins in force that struck last, nil if there is none.
func (l *liar) parts() *act {
	if l.vice == nil {
		return nil
	}
	for i := len(l.acts) - 1; i >= 0; i-- {
		if _, ok := l.acts[i].does.(*parting); ok {
			return l.acts[i]
		}
	}
	return nil
}

// separate takes away what an instance sends to nodes that only the other one
// reaches, and labels what goes to nodes that have twins, such as this one.
func (l *liar) separate(env *protocols.Env, who instance, from int) {
	if l.twin == nil {
		return
	}
	a := l.parts()
	if a == nil {
		if who == second {
			env.Sends = env.Sends[:from]
		}
		return
	}
	out := env.Sends[:from]
	for _, s := range env.Sends[from:] {
		switch {
		case contains(a.Nodes, s.To):
			out = append(out, protocols.Send{To: s.To, Message: &labelled{s.Message, who}})
		case instance(a.does.(*parting).sides.of(s.To)) == who:
			out = append(out, s)
		}
	}
	env.Sends = out
}

// hears is the instance that hears a message, and the message without its label.
// One from outside reaches either, drawn.
func (l *liar) hears(env *protocols.Env, from protocols.NodeID, m protocols.Message) (instance, protocols.Message) {
	if x, ok := m.(*labelled); ok {
		return x.from, x.Message
	}
	a := l.parts()
	switch {
	case a == nil:
		return first, m
	case from == protocols.External:
		peek := env.Rand
		return instance(draw.Mix(peek.Uint64()) & 1), m
	}
	return instance(a.does.(*parting).sides.of(from)), m
}
