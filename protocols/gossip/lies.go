package gossip

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// What a liar may do with its messages. Nothing is signed, so it can do so in
// another node's name.
const (
	liePoison uint8 = iota
	lieInvent
	lieWithhold
	lieVersion
	lieAggregate
)

var lies = []protocols.LieSpec{
	liePoison:    {Name: "poison", Doc: "rumors have another payload, and writes another value"},
	lieInvent:    {Name: "invent", Doc: "a rumor is added that the origin of another one has not published"},
	lieWithhold:  {Name: "withhold", Doc: "half of the rumors are not forwarded, and half of the writes are not handed over, as if there were none"},
	lieVersion:   {Name: "wrong-version", Doc: "writes are of a later time than they were made, and more of them are known than there are"},
	lieAggregate: {Name: "wrong-aggregate", Doc: "what the node has to average is a million more than it has, or less where the minimum is sought; where nodes are counted, it holds too much of each share"},
}

// alter makes a lie out of a message, nil if it cannot be changed so.
func (f function) alter(lie uint8, variant uint64, m protocols.Message) protocols.Message {
	switch m := m.(type) {
	case *Rumors:
		return alterRumors(lie, variant, m)
	case *Delta:
		return alterDelta(lie, variant, m)
	case *Digest:
		if lie == lieVersion {
			return m.ahead(variant)
		}
	case *Swap:
		if lie == lieAggregate {
			return &Swap{m.epoch, m.sequence, f.wrong(m.value, variant), f.wrongShares(m.shares, variant)}
		}
	case *Swapped:
		if lie == lieAggregate {
			return &Swapped{m.sequence, f.wrong(m.value, variant), f.wrongShares(m.shares, variant)}
		}
	case *Gift:
		if lie == lieAggregate {
			return &Gift{m.epoch, f.wrong(m.value, variant), m.weight, f.wrongShares(m.shares, variant)}
		}
	}
	return nil
}

func alterRumors(lie uint8, variant uint64, m *Rumors) protocols.Message {
	list := slices.Clone(m.of.list)
	switch {
	case len(list) == 0:
		return nil
	case lie == liePoison:
		for i, r := range list {
			list[i] = newRumor(r.ID, poisoned(r.Payload, draw.Derive(variant, uint64(r.ID))))
		}
	case lie == lieInvent:
		id := list[len(list)-1].ID
		id = NewID(id.Origin(), id.Sequence()+uint32(variant%(1<<20))*1000)
		list = append(list, newRumor(id, poisoned(make([]byte, 8), draw.Derive(variant, uint64(id)))))
	case lie == lieWithhold:
		list = slices.DeleteFunc(list, func(r *Rumor) bool { return hidden(variant, uint64(r.ID)) })
	default:
		return nil
	}
	b := newBatch(list)
	switch m.kind {
	case KindPush:
		return &b.push
	case KindExchange:
		return &b.exchange
	}
	return &b.answer
}

// hidden reports whether a liar keeps a thing to itself: half of all things.
func hidden(variant, thing uint64) bool { return draw.Derive(variant, thing)&1 != 0 }

// poisoned is as many other bytes. A write that travels as a rumor stays one.
func poisoned(payload []byte, key uint64) []byte {
	if m, _ := decode(payload); m != nil {
		if d, ok := m.(*Delta); ok {
			return alterDelta(liePoison, key, d).AppendTo(nil)
		}
	}
	r := draw.New(key)
	b := make([]byte, len(payload))
	for i := range b {
		b[i] = byte(r.Uint64())
	}
	return b
}

func alterDelta(lie uint8, variant uint64, m *Delta) protocols.Message {
	d := &Delta{more: m.more, whole: m.whole, fresh: m.fresh, last: m.last, parts: slices.Clone(m.parts)}
	for i := range d.parts {
		p := &d.parts[i]
		p.entries = slices.Clone(p.entries)
		switch lie {
		case liePoison:
			for k, e := range p.entries {
				p.entries[k] = newEntry(e.key, poisoned(e.value, draw.Derive(variant, e.packed())), e.version, e.deleted)
			}
		case lieWithhold:
			p.entries = slices.DeleteFunc(p.entries, func(e *entry) bool { return hidden(variant, e.packed()) })
		case lieVersion:
			p.upTo = ahead(p.upTo, variant)
			for k, e := range p.entries {
				p.entries[k] = newEntry(e.key, e.value, version{ahead(e.version.time, variant), e.version.by}, e.deleted)
			}
		default:
			return nil
		}
	}
	return d
}

// ahead is a later time. The order of times stays.
func ahead(time, variant uint64) uint64 {
	if by := 1000 * (variant % 1000); time <= maxTime-by {
		return time + by
	}
	return time
}

// ahead claims that more writes are known.
func (m *Digest) ahead(variant uint64) *Digest {
	d := *m
	d.list = slices.Clone(m.list)
	for i := range d.list {
		d.list[i].upTo = ahead(d.list[i].upTo, variant)
	}
	return &d
}

// wrong is a value that moves the aggregate.
func (f function) wrong(value int64, variant uint64) int64 {
	by := int64(1_000_000*max(variant%1000, 1)) * scale
	if f == least {
		by = -by
	}
	return value + by
}

// wrongShares makes the mesh look smaller, where nodes are counted: each leader's
// unit seems to be divided among fewer.
func (f function) wrongShares(s shares, variant uint64) shares {
	if f != count {
		return s
	}
	s = slices.Clone(s)
	for i := range s {
		s[i].part += max(variant%4, 1) * (unitShare / 16)
	}
	return s
}
