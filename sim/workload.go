package sim

import (
	"fmt"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Workload is what enters the mesh from outside. Each run starts it anew, so a
// Config can be run as often as one likes.
type Workload interface {
	Start() Feed
}

// Feed yields the messages of a workload in one run.
type Feed interface {
	// Next returns the next message, in order of time; ok is false after the
	// last one. Random draws come from r, which belongs to this feed.
	Next(r *draw.Rand) (in Injection, ok bool)
}

// Injection is a message from [protocols.External] to one node. It arrives at
// At, without a network between.
type Injection struct {
	At       time.Duration
	To       protocols.NodeID
	Protocol string
	Message  protocols.Message
}

// Injections are a workload that is a list, in order of time.
type Injections []Injection

// Start begins the list.
func (l Injections) Start() Feed { return &listFeed{l} }

type listFeed struct{ left Injections }

func (f *listFeed) Next(*draw.Rand) (in Injection, ok bool) {
	if len(f.left) == 0 {
		return in, false
	}
	in, f.left = f.left[0], f.left[1:]
	return in, true
}

// source is a feed and the message that it has ready.
type source struct {
	feed  Feed
	rand  draw.Rand
	key   uint64
	count uint64
	next  Injection
	ok    bool
}

// external is the origin of what workloads inject.
const external = uint32(protocols.External)

func (k *kernel) startWorkload() {
	for i, work := range k.cfg.Workload {
		key := draw.Derive(draw.DeriveString(k.root, "workload"), uint64(i))
		s := source{feed: work.Start(), rand: draw.New(key), key: key}
		s.next, s.ok = s.feed.Next(&s.rand)
		k.sources = append(k.sources, s)
	}
}

// inject puts the messages from outside that arrive before until into the
// future. A message that cannot be ends the run.
func (k *kernel) inject(until int64) {
	for i := range k.sources {
		s := &k.sources[i]
		for s.ok && int64(s.next.At) < until && k.err == nil {
			if k.err = k.injectOne(s); k.err != nil {
				k.err = fmt.Errorf("workload %d injects a message at %v: %w", i, s.next.At, k.err)
			}
			s.next, s.ok = s.feed.Next(&s.rand)
		}
	}
}

func (k *kernel) injectOne(s *source) error {
	in := &s.next
	number, ok := k.table.number(in.Protocol)
	switch {
	case !ok:
		return fmt.Errorf("no node runs the protocol %q", in.Protocol)
	case int(in.To) >= len(k.states):
		return fmt.Errorf("there is no node %d; the last is %d", in.To, len(k.states)-1)
	case int64(in.At) < k.now:
		return fmt.Errorf("it is out of order: the run has reached %v", time.Duration(k.now))
	case in.Message == nil:
		return fmt.Errorf("the message to node %d is nil", in.To)
	case int(in.Message.Kind()) >= len(k.table.protocols[number].Kinds):
		return fmt.Errorf("the message to node %d is of kind %d, but %s lists %d", in.To, in.Message.Kind(), in.Protocol, len(k.table.protocols[number].Kinds))
	}
	s.count++
	k.injected++
	k.workerOf(uint32(in.To)).put(&event{at: int64(in.At), key: child(s.key, domainSend, s.count),
		seq: k.injected<<8 | uint64(number), from: external, to: uint32(in.To), msg: in.Message})
	return nil
}
