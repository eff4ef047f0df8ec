package sim

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// feed is a workload and the message that it has ready.
type feed struct {
	work  Workload
	rand  draw.Rand
	key   uint64
	count uint64
	next  Injection
	ok    bool
}

// external is the origin of what workloads inject.
const external = uint32(protocols.External)

func (k *kernel) compileFeeds() {
	for i, work := range k.cfg.Workload {
		key := draw.Derive(draw.DeriveString(k.root, "workload"), uint64(i))
		f := feed{work: work, rand: draw.New(key), key: key}
		f.next, f.ok = work.Next(&f.rand)
		k.feeds = append(k.feeds, f)
	}
}

// feed puts the messages from outside that arrive before until into the future.
func (k *kernel) feed(until int64) {
	for i := range k.feeds {
		f := &k.feeds[i]
		for f.ok && int64(f.next.At) < until {
			k.inject(f)
			f.next, f.ok = f.work.Next(&f.rand)
		}
	}
}

func (k *kernel) inject(f *feed) {
	in := &f.next
	number, ok := k.table.number(in.Protocol)
	if !ok || int(in.To) >= len(k.states) || int64(in.At) < k.now {
		panic(fmt.Sprintf("sim: a workload injects a message for %s on node %d at %v, which cannot be", in.Protocol, in.To, in.At))
	}
	f.count++
	k.injected++
	k.workerOf(uint32(in.To)).put(&event{at: int64(in.At), key: child(f.key, domainSend, f.count),
		seq: k.injected<<8 | uint64(number), from: external, to: uint32(in.To), msg: in.Message})
}
