package balance

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
	"meshsim/protocols/wire"
)

// KindReport is the one message beside those of package task. The first byte of
// the wire form is the kind, the last four are the CRC-32C of all before.
const KindReport = task.OwnKind

// report tells of loads: first the sender's, then others' that it knows of.
type report struct{ loads []load }

// load is what a node has to do.
type load struct {
	node  protocols.NodeID
	ahead time.Duration // work of all its cores; never: it takes nothing
	age   time.Duration // since when that is known
	cores uint32
	speed task.Speed
}

const maxSpeed = 1000_000

// minLoad is the least length of a load's wire form.
const minLoad = 5

// Kind tells the message's kind.
func (*report) Kind() protocols.Kind { return KindReport }

// Size is the length of the wire form.
func (m *report) Size() int {
	n := 1 + wire.UvarintSize(uint64(len(m.loads))) + wire.ChecksumSize
	for _, l := range m.loads {
		n += wire.UvarintSize(uint64(l.node)) + wire.UvarintSize(uint64(l.ahead)) + wire.UvarintSize(uint64(l.age)) +
			wire.UvarintSize(uint64(l.cores)) + wire.UvarintSize(uint64(l.speed))
	}
	return n
}

// AppendTo appends the wire form.
func (m *report) AppendTo(b []byte) []byte {
	start := len(b)
	b = wire.AppendUvarint(append(b, byte(KindReport)), uint64(len(m.loads)))
	for _, l := range m.loads {
		b = wire.AppendUvarint(b, uint64(l.node))
		b = wire.AppendUvarint(b, uint64(l.ahead))
		b = wire.AppendUvarint(b, uint64(l.age))
		b = wire.AppendUvarint(b, uint64(l.cores))
		b = wire.AppendUvarint(b, uint64(l.speed))
	}
	return wire.AppendChecksum(b, start)
}

// String tells the loads.
func (m *report) String() string {
	s := "report"
	for _, l := range m.loads {
		if l.ahead == never {
			s += fmt.Sprintf(" %d:closed", l.node)
		} else {
			s += fmt.Sprintf(" %d:%v", l.node, l.ahead)
		}
	}
	return s
}

func decode(b []byte) (protocols.Message, error) {
	r := wire.NewChecked(b)
	if kind := r.Uint8(); protocols.Kind(kind) != KindReport {
		r.Fail(fmt.Errorf("unknown kind %d", kind))
	}
	m := &report{}
	for range r.Count(minLoad) {
		l := load{node: protocols.NodeID(r.UvarintMax(1<<32 - 1)), ahead: time.Duration(r.UvarintMax(uint64(never))), age: time.Duration(r.UvarintMax(uint64(never)))}
		l.cores, l.speed = uint32(r.UvarintMax(1024)), task.Speed(r.UvarintMax(maxSpeed))
		if l.cores == 0 || l.speed == 0 {
			r.Fail(wire.ErrForm)
		}
		m.loads = append(m.loads, l)
	}
	if err := r.Close("load balancing"); err != nil {
		return nil, err
	}
	return m, nil
}

var lies = []protocols.LieSpec{
	{Name: "idle", Doc: "reports say that no node has anything to do, so that the liar is given tasks"},
	{Name: "busy", Doc: "reports say that every node has too much to do, so that none migrates"},
}

func alter(_ *protocols.Env, lie uint8, _ uint64, message protocols.Message) protocols.Message {
	m, ok := message.(*report)
	if !ok {
		return nil
	}
	l := &report{loads: append([]load(nil), m.loads...)}
	for i := range l.loads {
		l.loads[i].ahead = []time.Duration{0, never}[min(lie, 1)]
	}
	return l
}
