package capability

import (
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/task"
)

// The lies, as Alter numbers them.
const (
	lieClaim = iota
	lieSwallow
	lieIdle
	lieBusy
)

var lies = []protocols.LieSpec{
	{Name: "claim", Doc: "announcements say that the node offers all that is offered by those that it tells of, too"},
	{Name: "swallow", Doc: "so do these, and tasks are said to be taken that the node cannot run: nothing more is heard of them"},
	{Name: "idle", Doc: "the node says that it has very much room, so that it is given more than it takes"},
	{Name: "busy", Doc: "the node says that it has no room, so that it is given nothing"},
}

// alter makes a lie out of a message.
func alter(env *protocols.Env, lie uint8, _ uint64, message protocols.Message) protocols.Message {
	switch m := message.(type) {
	case *announce:
		if len(m.list) == 0 || m.list[0].id != env.Self {
			return nil
		}
		list := slices.Clone(m.list)
		alterOwn(lie, &list[0], list[1:])
		return &announce{list}
	case *feedback:
		return alterFeedback(lie, m)
	case *task.Tally:
		if lie == lieSwallow && m.Kind() == task.KindTaken && len(m.IDs) > 0 {
			c := *m
			c.IDs = nil
			return &c
		}
	}
	return nil
}

// alterOwn changes what a node says of itself.
func alterOwn(lie uint8, own *announcement, others []announcement) {
	switch lie {
	case lieIdle:
		own.room = liedRoom
	case lieBusy:
		own.room = 0
	default:
		own.room, own.memory = max(own.room, 1), 0
		for i := range others {
			own.offers = union(own.offers, others[i].offers)
		}
	}
}

// liedRoom is what a node claims that wants all.
const liedRoom = 1000

// union is all that is in either vector, in the higher level.
func union(a, b task.Vector) task.Vector {
	all := slices.Clone(a)
	for _, c := range b {
		at := slices.IndexFunc(all, func(have task.Component) bool { return have.Key >= c.Key })
		switch {
		case at < 0:
			all = append(all, c)
		case all[at].Key == c.Key:
			all[at].Level = max(all[at].Level, c.Level)
		default:
			all = slices.Insert(all, at, c)
		}
	}
	return all
}

func alterFeedback(lie uint8, m *feedback) protocols.Message {
	c := *m
	switch {
	case lie == lieIdle:
		c.room = liedRoom
	case lie == lieBusy:
		c.room = 0
	case lie == lieSwallow && m.reason != taken:
		c.reason = taken
	default:
		return nil
	}
	return &c
}
