package sim

import (
	"cmp"
	"slices"
	"time"

	"meshsim/protocols"
)

// Waiting is what a node waits for at the end of a run.
type Waiting struct {
	Node     protocols.NodeID
	Protocol string         // NodeProtocol if it is the kernel that knows
	Text     string         // what for, as the protocol says it; "" if it only has timers
	Timers   []PendingTimer // those of the protocol, the next one first
}

// PendingTimer is a timer that is set.
type PendingTimer struct {
	Name string
	Due  time.Duration // simulated time
}

// maxWaiting bounds the nodes that are asked what they wait for, and maxPending
// the timers told of each.
const (
	maxWaiting = 1000
	maxPending = 3
)

// waits asks the first nodes what they wait for: whatever a run was to reach, it
// has not without that.
func (k *kernel) waits() []Waiting {
	var all []Waiting
	for id := range k.states[:min(len(k.states), maxWaiting)] {
		all = append(all, k.waitsOf(uint32(id))...)
	}
	return all
}

func (k *kernel) waitsOf(id uint32) []Waiting {
	n := &k.states[id]
	w := Waiting{Node: protocols.NodeID(id), Protocol: protocols.NodeProtocol}
	switch {
	case n.flags&nodeDown != 0:
		w.Text = "it is down"
		return []Waiting{w}
	case n.flags&nodePaused != 0:
		w.Text = "it is paused"
		return []Waiting{w}
	}
	var all []Waiting
	g := &k.groups[n.group]
	for slot, number := range g.numbers {
		w.Protocol, w.Text = g.Stack[slot].Name, ""
		if waiter, ok := k.nodeAt(n, id, slot).(protocols.Waiter); ok {
			w.Text = waiter.Waits()
		}
		if w.Timers = k.pending(n, id, number); w.Text != "" || len(w.Timers) > 0 {
			all = append(all, w)
		}
	}
	return all
}

// nodeAt is a protocol's state on a node.
func (k *kernel) nodeAt(n *nodeState, id uint32, slot int) protocols.Node {
	g := &k.groups[n.group]
	if n.flags&nodeReborn != 0 {
		return k.workerOf(id).more[n.extras].reborn[slot]
	}
	return g.nodes[slot].At(int(id - g.start))
}

// pending lists the timers of a protocol on a node.
func (k *kernel) pending(n *nodeState, id uint32, protocol uint8) []PendingTimer {
	var list []PendingTimer
	pool := &k.workerOf(id).timers
	pool.each(&n.timers, func(slot uint32, t *timerSlot) {
		if uint8(t.seq) == protocol {
			list = append(list, PendingTimer{k.timerName(protocol, pool.timer(&n.timers, slot)), time.Duration(t.deadline)})
		}
	})
	slices.SortFunc(list, func(a, b PendingTimer) int { return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Name, b.Name)) })
	return list[:min(len(list), maxPending)]
}
