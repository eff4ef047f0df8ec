package sim

import "meshsim/protocols"

// counters is what one worker counted. Sums over workers do not depend on who
// counted what.
type counters struct {
	events        uint64
	retransmitted uint64
	injected      uint64        // messages from outside that were handed to a node
	payload       uint64        // sum of digests of wire forms, in wire mode
	missed        uint64        // messages from outside that were not
	kinds         [][]KindTotal // by protocol and kind; names are filled at the end
	observed      [][]protocols.Total
	drops         Drops
	syncs         uint64 // of disks
	written       uint64 // bytes that they covered
	latency       *Histogram
	perNode       []NodeTotal // shared by all workers, each writes its own nodes
}

func newCounters(t *table, d Detail, perNode []NodeTotal) counters {
	c := counters{perNode: perNode}
	for _, p := range t.protocols {
		c.kinds = append(c.kinds, apart[KindTotal](len(p.Kinds)))
		c.observed = append(c.observed, apart[protocols.Total](len(p.Observations)))
	}
	if d.Latency {
		c.latency = new(Histogram)
	}
	return c
}

// apart makes a slice with at least a cache line to spare behind it, so that no
// two workers write to the same line.
func apart[T any](n int) []T {
	const line = 64
	return make([]T, n, n+line)
}

func (c *counters) received(id uint32, size int) {
	t := &c.perNode[id]
	t.Received++
	t.ReceivedBytes += uint64(size)
}

func (c *counters) sent(id uint32, size int) {
	t := &c.perNode[id]
	t.Sent++
	t.SentBytes += uint64(size)
}

// merge adds what other counted.
func (c *counters) merge(other *counters) {
	c.events += other.events
	c.retransmitted += other.retransmitted
	c.injected += other.injected
	c.missed += other.missed
	c.syncs += other.syncs
	c.written += other.written
	c.payload += other.payload
	for p := range c.kinds {
		for i := range c.kinds[p] {
			c.kinds[p][i].add(&other.kinds[p][i])
		}
		for i := range c.observed[p] {
			c.observed[p][i].Count += other.observed[p][i].Count
			c.observed[p][i].Sum += other.observed[p][i].Sum
		}
	}
	c.drops.Add(&other.drops)
	if c.latency != nil {
		c.latency.Merge(other.latency)
	}
}

func (t *KindTotal) add(o *KindTotal) {
	t.Sent += o.Sent
	t.Bytes += o.Bytes
	t.Delivered += o.Delivered
	t.Lost += o.Lost
	t.Duplicated += o.Duplicated
}

// Add adds what o counted.
func (d *Drops) Add(o *Drops) {
	d.Loss += o.Loss
	d.Partition += o.Partition
	d.Crash += o.Crash
	d.Down += o.Down
	d.QueueFull += o.QueueFull
	d.Corrupt += o.Corrupt
	d.NoProtocol += o.NoProtocol
	d.StreamReset += o.StreamReset
}

// counted is the sum over all workers.
func (k *kernel) counted() *counters {
	sum := newCounters(&k.table, k.cfg.Detail, nil)
	for _, w := range k.workers {
		sum.merge(&w.counts)
	}
	return &sum
}
