package task

import (
	"fmt"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// ChoicesConfig says whom the strategy choices asks.
type ChoicesConfig struct {
	Nodes   int           `key:"nodes" default:"2" doc:"how many nodes, drawn at random, are asked for each task"`
	Self    bool          `key:"self" default:"true" doc:"the node where a task enters is drawn like any other; false: never"`
	Timeout time.Duration `key:"timeout" default:"500ms" doc:"how long the answers are waited for"`
}

// DefaultChoices returns the configuration of a scenario that names nothing.
func DefaultChoices() ChoicesConfig {
	return ChoicesConfig{Nodes: 2, Self: true, Timeout: 500 * time.Millisecond}
}

// Validate returns all that is wrong with c, nil if nothing.
func (c *ChoicesConfig) Validate() (all []protocols.Problem) {
	if c.Nodes < 1 || c.Nodes > maxChoices {
		all = append(all, protocols.Problemf("nodes", "is %d; write 1 to %d", c.Nodes, maxChoices))
	}
	if c.Timeout < time.Microsecond {
		all = append(all, protocols.Problemf("timeout", "is %v, must be at least 1us", c.Timeout))
	}
	return all
}

const maxChoices = 64

// The kinds of messages of choices.
const (
	kindAsk    = OwnKind + iota // how many tasks have you?
	kindAnswer                  // so many
)

// enquiryTimer is the one timer of choices: answers were waited for long enough.
// The argument is the number of the enquiry.
const enquiryTimer = OwnTimer

// Asked is what choices observes: one node was asked for a task, the node.
const Asked = OwnObservation

// NewChoices describes the protocol with tasks that go to the least loaded of
// some nodes drawn at random (Mitzenmacher, "The Power of Two Choices in
// Randomized Load Balancing", TPDS 12(10), 2001). It panics if Validate finds a
// problem.
func NewChoices(c Config, choice ChoicesConfig) *protocols.Protocol {
	if p := choice.Validate(); p != nil {
		panic("task: choices." + p[0].Error())
	}
	return New(c, Parts[choices]{
		New:          func(protocols.World) choices { return choices{config: &choice} },
		Kinds:        []string{"ask", "answer"},
		Timers:       []string{"enquiry"},
		Observations: []string{"asked"},
		Decode:       decodeChoice,
		Lies:         choiceLies,
		Alter:        alterChoice,
	})
}

// choices is the strategy's state on a node.
type choices struct {
	Base
	config    *ChoicesConfig
	last      uint32
	enquiries []*enquiry // under way
}

// enquiry is a task whose place is not chosen yet.
type enquiry struct {
	number  uint32
	task    *Task
	asked   []protocols.NodeID // in the order in which they were drawn
	answers []uint32           // load plus one; 0: none yet
}

// Submitted asks who has least to do.
func (s *choices) Submitted(env *protocols.Env, w *Worker, t *Task) {
	s.last++
	q := &enquiry{number: s.last, task: t, asked: w.Sample(env, s.config.Nodes, s.config.Self)}
	if len(q.asked) == 1 { // no choice
		s.place(env, w, t, q.asked[0])
		return
	}
	q.answers = make([]uint32, len(q.asked))
	for i, id := range q.asked {
		env.Observe(Asked, t.ID, uint64(id))
		if id == env.Self {
			q.answers[i] = uint32(w.Load()) + 1
			continue
		}
		env.Send(id, &enquiryMessage{kind: kindAsk, number: q.number, needs: t.Needs})
	}
	s.enquiries = append(s.enquiries, q)
	env.SetTimer(protocols.Timer(enquiryTimer, uint64(q.number)), s.config.Timeout)
}

// Holds names the tasks that answers are waited for.
func (s *choices) Holds(each func(t *Task)) {
	for _, q := range s.enquiries {
		each(q.task)
	}
}

// place lets a task run where that was chosen.
func (s *choices) place(env *protocols.Env, w *Worker, t *Task, to protocols.NodeID) {
	if to == env.Self {
		w.Keep(env, t)
		return
	}
	w.Give(env, to, t)
}

// Receive answers, or notes an answer and chooses when all are there.
func (s *choices) Receive(env *protocols.Env, w *Worker, from protocols.NodeID, message protocols.Message) {
	m, ok := message.(*enquiryMessage)
	if !ok {
		return
	}
	if m.kind == kindAsk {
		load := uint32(w.Load())
		if w.ReadOnly() || len(m.needs) > 0 && w.Offers().Match(m.needs) < w.Match {
			load = 1<<31 - 1 // rather not
		}
		env.Send(from, &enquiryMessage{kind: kindAnswer, number: m.number, load: load})
		return
	}
	at := slices.IndexFunc(s.enquiries, func(q *enquiry) bool { return q.number == m.number })
	if at < 0 {
		return
	}
	q := s.enquiries[at]
	if i := slices.Index(q.asked, from); i >= 0 {
		q.answers[i] = m.load + 1
	}
	if !slices.Contains(q.answers, 0) {
		env.StopTimer(protocols.Timer(enquiryTimer, uint64(q.number)))
		s.choose(env, w, at)
	}
}

// Expire chooses among those who answered; without an answer the task stays.
func (s *choices) Expire(env *protocols.Env, w *Worker, t protocols.TimerID) {
	at := slices.IndexFunc(s.enquiries, func(q *enquiry) bool { return uint64(q.number) == t.Argument() })
	if at >= 0 && t.Name() == enquiryTimer {
		s.choose(env, w, at)
	}
}

// choose takes the least loaded of those who answered, of several the first drawn.
func (s *choices) choose(env *protocols.Env, w *Worker, at int) {
	q := s.enquiries[at]
	s.enquiries = slices.Delete(s.enquiries, at, at+1)
	best, least := env.Self, uint32(1<<32-1)
	for i, load := range q.answers {
		if load > 0 && load < least {
			best, least = q.asked[i], load
		}
	}
	s.place(env, w, q.task, best)
}

// enquiryMessage asks or answers.
type enquiryMessage struct {
	kind   protocols.Kind
	number uint32
	needs  Vector // of a question: what the task needs
	load   uint32 // of an answer: tasks that wait or run
}

// Kind tells the message's kind.
func (m *enquiryMessage) Kind() protocols.Kind { return m.kind }

// Size is the length of the wire form.
func (m *enquiryMessage) Size() int {
	n := 1 + 4 + wire.ChecksumSize
	if m.kind == kindAsk {
		return n + m.needs.encodedSize()
	}
	return n + wire.UvarintSize(uint64(m.load))
}

// AppendTo appends the wire form.
func (m *enquiryMessage) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUint32(append(b, byte(m.kind)), m.number)
	if m.kind == kindAsk {
		b = m.needs.appendTo(b)
	} else {
		b = wire.AppendUvarint(b, uint64(m.load))
	}
	return wire.AppendChecksum(b, start)
}

// String returns the question or the answer.
func (m *enquiryMessage) String() string {
	if m.kind == kindAsk {
		return fmt.Sprintf("ask %d", m.number)
	}
	return fmt.Sprintf("answer %d: %d tasks", m.number, m.load)
}

func decodeChoice(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	m := &enquiryMessage{kind: protocols.Kind(r.Uint8()), number: r.Uint32()}
	switch m.kind {
	case kindAsk:
		m.needs = readVector(&r)
	case kindAnswer:
		m.load = uint32(r.UvarintMax(1<<31 - 1))
	default:
		r.Fail(fmt.Errorf("unknown kind %d", m.kind))
	}
	if err := r.Close("choices"); err != nil {
		return nil, err
	}
	return m, nil
}

var choiceLies = []protocols.LieSpec{
	{Name: "idle", Doc: "answers say that the node has nothing to do, so that it is given everything"},
	{Name: "busy", Doc: "answers say that the node has very much to do, so that it is given nothing"},
}

func alterChoice(_ *protocols.Env, lie uint8, _ uint64, message protocols.Message) protocols.Message {
	m, ok := message.(*enquiryMessage)
	if !ok || m.kind != kindAnswer {
		return nil
	}
	load := uint32(0)
	if lie == 1 {
		load = 1<<31 - 1
	}
	return &enquiryMessage{kind: kindAnswer, number: m.number, load: load}
}
