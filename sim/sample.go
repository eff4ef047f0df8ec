package sim

import (
	"math"
	"time"

	"meshsim/protocols"
)

// sample takes the kernel's and the probes' series at an instant.
func (k *kernel) sample(at int64) {
	c := k.counted()
	row := SampleRow{At: time.Duration(at), Live: k.live, Events: c.events, Connected: math.NaN(),
		Partitioned: len(k.cuts), Degraded: len(k.degrades), Churn: k.inForce("churn", at), Byzantine: k.inForce("byzantine", at)}
	for _, kinds := range c.kinds {
		for i := range kinds {
			row.Sent += kinds[i].Sent
			row.SentBytes += kinds[i].Bytes
			row.Delivered += kinds[i].Delivered
		}
	}
	row.Delivered -= c.injected
	row.Syncs, row.Written = c.syncs, c.written
	row.Cores, row.Busy, row.Busiest = k.cpuUse(at)
	row.Disks, row.DiskBytes, row.LargestDisk = k.diskUse()
	if k.cfg.Detail.Connectivity {
		row.Connected = k.connected()
	}
	k.sampleLatency(c.latency, &row)
	k.result.Samples = append(k.result.Samples, row)
	k.checkpoint(at, c.events)
	for i := range k.probes {
		p := &k.probes[i]
		f := k.result.Figures[p.protocol]
		p.probe.Sample(protocols.Time(at), &f)
		k.result.Figures[p.protocol] = f
	}
	if k.cfg.Stop.Reached && k.settled(at) {
		k.stopped = EndReached
	}
}

// sampleLatency adds what is known of the latency, if it is recorded.
func (k *kernel) sampleLatency(now *Histogram, row *SampleRow) {
	if now == nil {
		return
	}
	since := now
	if k.timed != nil {
		since = now.Since(k.timed)
	}
	row.Timed, row.OnTheWay, row.Slow = now.N, now.Sum, time.Duration(since.Quantile(99, 100))
	k.timed = now
}

// inForce is the number of faults with that verb in force.
func (k *kernel) inForce(verb string, at int64) int {
	n := 0
	for _, s := range k.result.Spans {
		if s.Verb == verb && int64(s.From) <= at && at < int64(s.To) {
			n++
		}
	}
	return n
}

// checkpoints is about how many checkpoints a run has at most: each walks over
// all nodes.
const checkpoints = 64

// checkpoint notes the fingerprint of all that happened before at, unless the
// last one was a short while ago.
func (k *kernel) checkpoint(at int64, events uint64) {
	if n := len(k.result.Checkpoints); n > 0 && at < k.end && at-int64(k.result.Checkpoints[n-1].At) < k.end/checkpoints {
		return
	}
	k.result.Checkpoints = append(k.result.Checkpoints, Checkpoint{At: time.Duration(at), Events: events, Fingerprint: k.fingerprint()})
}

// fingerprint is the sum of all nodes' chains: it depends on the order of a
// node's events, not on who ran them.
func (k *kernel) fingerprint() uint64 {
	var sum uint64
	for i := range k.states {
		sum += k.states[i].chain * (2*uint64(i) + 1)
	}
	return sum
}

// settled reports that no goal is open and nothing is planned but samples.
func (k *kernel) settled(at int64) bool {
	for i := range k.sources {
		if k.sources[i].ok {
			return false
		}
	}
	for _, a := range k.timeline.actions {
		if a.rank != rankSample {
			return false
		}
	}
	for _, s := range k.result.Spans {
		if int64(s.To) > at && int64(s.To) < k.end {
			return false
		}
	}
	asked := false
	for i := range k.probes {
		if p := &k.probes[i]; p.goals {
			asked = true
			if s, ok := p.probe.(protocols.Settler); !ok || !s.Settled() {
				return false
			}
		}
	}
	return asked
}

// finish makes the Result of a run that is over.
func (k *kernel) finish() *Result {
	r := k.result
	k.flush()
	k.finishChecks()
	if k.cfg.Detail.Waits {
		r.Waits = k.waits()
	}
	c := k.counted()
	r.Nodes, r.End, r.Ending, r.Events, r.Payload = len(k.states), time.Duration(k.now), k.stopped, c.events, c.payload
	if r.Ending == "" {
		r.Ending = EndDuration
	}
	r.Fingerprint = k.fingerprint()
	if n := len(r.Samples); n == 0 || int64(r.Samples[n-1].At) < k.now {
		k.sample(k.now)
	}
	r.Injected, r.Missed = c.injected, c.missed
	r.Drops, r.Latency, r.PerNode = c.drops, c.latency, k.workers[0].counts.perNode
	for i, p := range k.table.protocols {
		for kind, name := range p.Kinds {
			t := c.kinds[i][kind]
			t.Protocol, t.Kind = p.Name, name
			r.Kinds = append(r.Kinds, t)
		}
	}
	k.finishProbes(c)
	r.Cost.Mode, r.Cost.Workers = Windowed, len(k.workers)
	if k.ordered != nil {
		r.Cost.Mode = Ordered
	}
	return r
}

func (k *kernel) finishProbes(c *counters) {
	for i := range k.probes {
		p := &k.probes[i]
		t := protocols.RunTotals{At: protocols.Time(k.now), Live: k.liveMembers(p.number), Observations: c.observed[p.number]}
		for _, kind := range c.kinds[p.number] {
			t.Messages = append(t.Messages, protocols.Total{Count: kind.Sent, Sum: kind.Bytes})
		}
		f := k.result.Figures[p.protocol]
		p.probe.Finish(t, &f)
		k.result.Figures[p.protocol] = f
	}
}

func (k *kernel) liveMembers(number uint8) int {
	n := 0
	for _, id := range k.table.members[number] {
		if k.states[id].flags&nodeDown == 0 {
			n++
		}
	}
	return n
}
