package sim

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Chatter uses everything that the contract offers, at random, and lets what a
// node has seen so far, in its order, decide what it does next. So whatever a
// kernel does otherwise than another shows within a few events.

// remark is chatter's one message type. Its padding is a function of the rest, so
// that some flipped bits are found by Decode and some are not.
type remark struct {
	kind protocols.Kind // 0 … 2
	hops uint8
	id   uint64
	pad  uint8 // length
}

func (m *remark) Kind() protocols.Kind { return m.kind }
func (m *remark) Size() int            { return 11 + int(m.pad) }

func (m *remark) AppendTo(b []byte) []byte {
	b = append(b, byte(m.kind), m.hops, m.pad)
	b = binary.BigEndian.AppendUint64(b, m.id)
	for i := range m.pad {
		b = append(b, i^byte(m.id))
	}
	return b
}

func decodeRemark(b []byte) (protocols.Message, error) {
	if len(b) < 11 || b[0] > 2 || len(b) != 11+int(b[2]) {
		return nil, errors.New("not a remark")
	}
	m := &remark{kind: protocols.Kind(b[0]), hops: b[1] & 3, pad: b[2], id: binary.BigEndian.Uint64(b[3:])}
	if !slices.Equal(b, m.AppendTo(nil)) {
		return nil, errors.New("not a remark's wire form")
	}
	return m, nil
}

// alterRemark says another word, signed for whoever cares.
func alterRemark(env *protocols.Env, _ uint8, variant uint64, m protocols.Message) protocols.Message {
	r := *m.(*remark)
	if r.kind == 2 {
		return nil
	}
	s := env.Sign(protocols.Digest{byte(r.id), byte(variant)})
	r.id ^= uint64(s[0])<<8 | variant
	return &r
}

// What chatter observes.
const (
	heardWord protocols.ObservationKind = iota
	cameDue
	leads // a role: the value is a rank
	readBack
)

// talker is a node of chatter or of its listener.
type talker struct {
	world protocols.World
	peers []protocols.NodeID // scratch
	sum   uint64             // of all that it saw, in order
	count int
	quiet bool // it only listens and answers
	edit  edit
}

// edit is a change of the protocol that must not disturb anything else.
type edit struct {
	observe bool   // observes more
	draw    bool   // draws once more in calls that do nothing else afterwards
	call    func() // is called at each expiry and message
}

// chatter describes the talkative protocol, listener the one that hears it.
func chatter(e edit) *protocols.Protocol { return talkers("chatter", false, e) }
func listener() *protocols.Protocol      { return talkers("listener", true, edit{}) }

func talkers(name string, quiet bool, e edit) *protocols.Protocol {
	return &protocols.Protocol{
		Name: name, Kinds: []string{"ping", "echo", "blob"}, Timers: []string{"tick", "once", "long"},
		Observations: []string{"heard", "due", "lead", "read", "extra"},
		New: func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			states := make([]talker, len(ids))
			for i := range states {
				states[i] = talker{world: w, quiet: quiet, edit: e}
			}
			return protocols.NodesOf(states)
		},
		Decode:   decodeRemark,
		Lies:     []protocols.LieSpec{{Name: "other-word", Doc: "another word, but in blobs"}},
		Alter:    alterRemark,
		Metrics:  []protocols.MetricSpec{{Name: "heard", Goal: true}},
		Checkers: []protocols.CheckerSpec{{Name: "rare", New: func(protocols.ProbeConfig) protocols.Checker { return new(rareCheck) }}},
		Probe:    func(c protocols.ProbeConfig) protocols.Probe { return &chatterProbe{goals: len(c.Goals["heard"])} },
	}
}

func (n *talker) see(x uint64) { n.sum = draw.Mix(n.sum ^ x) }

func (n *talker) Start(env *protocols.Env) {
	n.see(uint64(env.Now))
	b, err := env.Disk.Read("log")
	switch {
	case err != nil:
		env.Observe(readBack, 0, 0)
	case len(b) > 0:
		sum := uint64(0)
		for _, x := range b {
			sum = draw.Mix(sum ^ uint64(x))
		}
		n.see(sum)
		env.Observe(readBack, uint64(len(b)), sum)
	}
	if n.quiet {
		return
	}
	env.SetTimer(protocols.Timer(0, 0), time.Duration(env.Rand.IntN(10_000_000)))
	if env.Rand.IntN(4) == 0 {
		env.Work(time.Duration(env.Rand.IntN(1_000_000)))
	}
	n.say(env, 1)
}

func (n *talker) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	w := m.(*remark)
	n.see(w.id ^ uint64(from)<<32 ^ uint64(env.Now))
	env.Observe(heardWord, w.id, n.sum)
	if w.kind == 2 {
		n.write(env, w)
	}
	if w.hops > 0 {
		n.say(env, w.hops-1)
	}
	if w.kind == 1 && from != protocols.External {
		env.Send(from, &remark{id: n.sum, pad: uint8(env.Rand.IntN(40))})
	}
	n.mutter(env)
}

func (n *talker) Expire(env *protocols.Env, t protocols.TimerID) {
	n.see(uint64(t) ^ uint64(env.Now))
	env.Observe(cameDue, uint64(t), uint64(env.Now))
	if t.Name() == 0 {
		env.SetTimer(t, time.Duration(10_000_000+env.Rand.IntN(30_000_000)))
		n.say(env, uint8(env.Rand.IntN(3)))
	}
	n.mutter(env)
}

func (n *talker) Hear(env *protocols.Env, e protocols.Event) {
	n.see(e.ID ^ uint64(e.Kind) ^ e.Value<<8)
	for _, b := range e.Data {
		n.see(uint64(b))
	}
	env.Observe(heardWord, e.ID, n.sum)
	switch e.Kind {
	case protocols.RumorPublish: // answered, also by a word of the listener's own
		env.Announce(protocols.Event{Kind: protocols.RumorDelivered, ID: e.ID})
		env.Send(n.peer(env), &remark{id: n.sum})
	case protocols.RumorDelivered:
		env.SetTimer(protocols.Timer(1, e.ID), time.Duration(e.ID%3_000_000))
	}
}

func (n *talker) peer(env *protocols.Env) protocols.NodeID {
	return protocols.NodeID(env.Rand.IntN(n.world.Nodes))
}

// say sends words in one of many ways.
func (n *talker) say(env *protocols.Env, hops uint8) {
	m := &remark{kind: protocols.Kind(env.Rand.IntN(3)), hops: hops, id: n.sum, pad: uint8(env.Rand.IntN(100))}
	switch env.Rand.IntN(8) {
	case 0:
		n.peers = n.peers[:0]
		for range 2 + env.Rand.IntN(2)*env.Rand.IntN(20) {
			n.peers = append(n.peers, n.peer(env))
		}
		m.hops = 0
		env.Multicast(n.peers, m)
	case 1: // equal sends
		to := n.peer(env)
		m.hops = 0
		env.Send(to, m)
		env.Send(to, m)
	case 2:
		env.Send(env.Self, m)
	default:
		env.Send(n.peer(env), m)
	}
}

// mutter does one of the other things that a call may do.
func (n *talker) mutter(env *protocols.Env) {
	if n.edit.call != nil {
		n.edit.call()
	}
	if n.edit.observe {
		env.Observe(4, n.sum, 1)
	}
	switch env.Rand.IntN(16) {
	case 0:
		env.Work(time.Duration(env.Rand.IntN(2_000_000)))
	case 1:
		t := protocols.Timer(1, env.Rand.Uint64()>>60<<50)
		env.SetTimer(t, time.Duration(env.Rand.IntN(40_000_000)))
		env.SetTimer(t, time.Duration(env.Rand.IntN(20_000_000))) // the last one counts
	case 2:
		env.StopTimer(protocols.Timer(1, env.Rand.Uint64()>>60<<50))
		env.StopTimer(protocols.Timer(2, 0))
	case 3:
		env.SetTimer(protocols.Timer(2, 0), time.Hour)
		env.SetTimer(protocols.Timer(1, 7), 0)
	case 4, 5:
		env.Announce(protocols.Event{Kind: protocols.RumorPublish, ID: n.sum, Data: []byte{1, byte(n.sum)}})
		env.Announce(protocols.Event{Kind: protocols.TaskDone, Node: env.Self, Value: n.sum})
	case 6:
		env.Observe(leads, 0, n.sum>>60)
	}
	if n.edit.draw {
		env.Rand.Uint64()
	}
}

// write puts a word on the disk in one of many ways.
func (n *talker) write(env *protocols.Env, w *remark) {
	n.count++
	var err error
	switch env.Rand.IntN(8) {
	case 0:
		err = env.Disk.Write("log", w.AppendTo(nil))
	case 1:
		err = env.Disk.Replace("log", w.AppendTo(nil))
	case 2:
		env.Disk.Truncate("log", int(w.pad))
	case 3:
		env.Disk.Remove("log")
	default:
		err = env.Disk.Append("log", w.AppendTo(nil))
	}
	if err != nil {
		n.see(1)
	}
	if env.Rand.IntN(3) > 0 {
		env.Disk.Sync()
	}
	n.see(uint64(env.Disk.Size()))
}

// rareCheck finds one in some thousand observations at fault.
type rareCheck struct{ n int }

func (*rareCheck) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{heardWord, readBack}
}

func (c *rareCheck) Observe(o protocols.Observed) string {
	if c.n++; o.Protocol == "chatter" && o.Value%2003 == 0 {
		return "the value is a multiple of 2003"
	}
	return ""
}

// chatterProbe folds all that it sees, in its order, into one number.
type chatterProbe struct {
	sum   uint64
	n     int
	goals int
}

func (*chatterProbe) Wants() []protocols.ObservationKind {
	return []protocols.ObservationKind{heardWord, cameDue, leads, readBack}
}

func (p *chatterProbe) Observe(o protocols.Observed) {
	p.n++
	p.sum = draw.Mix(p.sum ^ uint64(o.At) ^ uint64(o.Node)<<40 ^ uint64(o.Kind)<<56 ^ o.Key ^ draw.Mix(o.Value) ^ uint64(len(o.Protocol)))
}

func (p *chatterProbe) Sample(at protocols.Time, out *protocols.Figures) {
	out.Point("sum", at, float64(p.sum>>12))
}

func (p *chatterProbe) Finish(t protocols.RunTotals, out *protocols.Figures) {
	out.Scalar("sum", t.At, float64(p.sum>>12))
	for i, o := range t.Observations {
		out.Items = append(out.Items, protocols.Item{Metric: "seen", At: protocols.Time(i), Value: float64(o.Sum>>12) + float64(o.Count)})
	}
	for _, m := range t.Messages {
		out.Scalar("sent", t.At, float64(m.Count+m.Sum))
	}
	out.Scalar("live", t.At, float64(t.Live))
}

// Settled is true once the probe has seen a few hundred things.
func (p *chatterProbe) Settled() bool { return p.goals > 0 && p.n > 400 }

// client injects words at random times.
type client struct {
	at    time.Duration
	gap   int64
	nodes int
	left  int
}

func (c client) Start() Feed { return &c }

func (c *client) Next(r *draw.Rand) (Injection, bool) {
	if c.left == 0 {
		return Injection{}, false
	}
	c.left--
	c.at += time.Duration(r.Int64N(c.gap)).Round(time.Millisecond) // so that some come at the same instant
	return Injection{At: c.at, To: protocols.NodeID(r.IntN(c.nodes)), Protocol: "chatter",
		Message: &remark{kind: protocols.Kind(r.IntN(3)), hops: 1, id: r.Uint64()}}, true
}
