package protocoltest

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meshsim/protocols"
)

// called prints what a call asked for, keeps the messages and sets the timers.
func (k *talk) called(in *call, env *protocols.Env) {
	if in.do == crash {
		return
	}
	for _, s := range env.Sends {
		fmt.Fprintf(&k.out, "%d -> %d %s\n", in.node, s.To, text(s.Message))
		k.flight = append(k.flight, letter{in.node, s.To, s.Message})
	}
	for _, op := range env.Timers {
		k.setTimer(in.node, op)
	}
	for _, o := range env.Observations {
		if item := k.item(o); item != "" {
			fmt.Fprintf(&k.out, "%d observes %s %s\n", in.node, k.cluster.Protocol.Observations[o.Kind], item)
		}
	}
	for _, e := range env.Announcements {
		fmt.Fprintf(&k.out, "%d announces %s\n", in.node, formatEvent(e))
	}
	if env.Busy > 0 {
		fmt.Fprintf(&k.out, "%d works %v\n", in.node, env.Busy)
	}
	// The cluster must neither send nor time anything by itself.
	env.Sends, env.Timers = env.Sends[:0], env.Timers[:0]
}

func (k *talk) setTimer(id protocols.NodeID, op protocols.TimerOp) {
	if i := k.alarm(id, op.Timer); i >= 0 {
		k.timers = slices.Delete(k.timers, i, i+1)
	}
	if op.After < 0 {
		fmt.Fprintf(&k.out, "%d stops timer %s\n", id, k.timer(op.Timer))
		return
	}
	fmt.Fprintf(&k.out, "%d timer %s in %v\n", id, k.timer(op.Timer), round(op.After))
	k.timers = append(k.timers, alarm{id, op.Timer, k.cluster.now + protocols.Time(op.After)})
}

func (k *talk) item(o protocols.Observation) string {
	if k.Item != nil {
		return k.Item(o)
	}
	return fmt.Sprintf("%d %d", o.Key, o.Value)
}

func (k *talk) timer(t protocols.TimerID) string {
	name := k.cluster.Protocol.Timers[t.Name()]
	if t.Argument() != 0 {
		name += fmt.Sprintf(" %d", t.Argument())
	}
	return name
}

// pending lists what waits.
func (k *talk) pending() {
	for _, l := range k.flight {
		fmt.Fprintf(&k.out, "%d -> %d %s\n", l.from, l.to, text(l.message))
	}
	timers := slices.Clone(k.timers)
	slices.SortStableFunc(timers, func(a, b alarm) int { return cmp.Compare(a.at, b.at) })
	for _, a := range timers {
		fmt.Fprintf(&k.out, "%d timer %s in %v\n", a.node, k.timer(a.timer), round(time.Duration(a.at-k.cluster.now)))
	}
}

// round drops digits that tell a reader nothing.
func round(d time.Duration) time.Duration {
	if d > 10*time.Millisecond {
		return d.Round(time.Millisecond)
	}
	return d
}

func formatEvent(e protocols.Event) string {
	s := e.Kind.String() + fmt.Sprintf(" node=%d", e.Node)
	if e.ID != 0 {
		s += fmt.Sprintf(" id=%d", e.ID)
	}
	if e.Value != 0 {
		s += fmt.Sprintf(" value=%d", e.Value)
	}
	if e.Data != nil {
		s += " data=" + printable(e.Data)
	}
	return s
}

// printable is b as text, or its length where that cannot be shown.
func printable(b []byte) string {
	for _, c := range b {
		if c <= ' ' || c > '~' {
			return fmt.Sprintf("<%d bytes>", len(b))
		}
	}
	return string(b)
}

// parseEvent reads what formatEvent writes.
func parseEvent(words []string) (e protocols.Event, err error) {
	if len(words) == 0 {
		return e, fmt.Errorf("which event?")
	}
	for e.Kind = protocols.PeerUp; e.Kind.String() != words[0]; e.Kind++ {
		if e.Kind.String() == "unknown" {
			return e, fmt.Errorf("no event is called %q", words[0])
		}
	}
	for _, w := range words[1:] {
		key, value, _ := strings.Cut(w, "=")
		number := func() uint64 {
			n, e := strconv.ParseUint(value, 10, 64)
			if e != nil {
				err = e
			}
			return n
		}
		switch key {
		case "node":
			e.Node = protocols.NodeID(number())
		case "id":
			e.ID = number()
		case "value":
			e.Value = number()
		case "data":
			e.Data = []byte(value)
		default:
			return e, fmt.Errorf("an event has node, id, value and data, not %q", key)
		}
	}
	return e, err
}
