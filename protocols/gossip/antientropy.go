package gossip

import (
	"time"

	"meshsim/protocols"
)

// AntiEntropy says how nodes keep a replicated key-value state the same.
type AntiEntropy struct {
	Mode       string        `key:"mode" default:"push-pull" enum:"push,pull,push-pull" doc:"who is brought up to date: the partner, the node that starts, or both"`
	Interval   time.Duration `key:"interval" default:"10s" doc:"time between a node's exchanges, each with one partner"`
	Tombstones time.Duration `key:"tombstones" default:"10m" doc:"how long a node remembers that a key was deleted; who is cut off for longer may keep the key"`
	MaxKeys    int           `key:"max_keys" default:"65536" doc:"keys that a node stores, deleted ones included; more are refused"`
	Rumors     bool          `key:"rumors" default:"false" doc:"also spread each write as a rumor, so that the exchanges only fill gaps"`
}

// DefaultAntiEntropy returns the configuration of an empty anti_entropy block.
func DefaultAntiEntropy() *AntiEntropy {
	return &AntiEntropy{Mode: "push-pull", Interval: 10 * time.Second, Tombstones: 10 * time.Minute, MaxKeys: 1 << 16}
}

func (a *AntiEntropy) validate(v *validation) {
	v.word("anti_entropy.mode", a.Mode, "push", "pull", "push-pull")
	v.period("anti_entropy.interval", a.Interval)
	if a.Tombstones < a.Interval {
		v.add("anti_entropy.tombstones", "%v is shorter than the interval of %v", a.Tombstones, a.Interval)
	}
	v.between("anti_entropy.max_keys", a.MaxKeys, 1, 1<<24)
}

func (a *AntiEntropy) direction() direction {
	switch a.Mode {
	case "push":
		return offering
	case "pull":
		return wanting
	}
	return wanting | offering
}

// startAntiEntropy reads the node's own writes back and begins the exchanges.
func (n *node) startAntiEntropy(env *protocols.Env) {
	r := &replica{}
	n.extra().replica = r
	r.restore(env)
	if r.digest != 0 {
		env.Observe(State, r.digest, uint64(len(r.entries)))
	}
	env.SetTimer(protocols.Timer(antiEntropyTimer, 0), time.Duration(env.Rand.Int64N(int64(n.AntiEntropy.Interval))))
}

// exchange starts an exchange with one partner: a Summary, which says little
// and is all there is when both know the same; to a Digest, a Delta.
func (n *node) exchange(env *protocols.Env) {
	r := n.more.replica
	r.collect(env.Now, int64(n.AntiEntropy.Tombstones))
	var room [1]protocols.NodeID
	env.Multicast(n.partners(env, room[:0], 1), &Summary{n.AntiEntropy.direction(), r.vector})
	env.SetTimer(protocols.Timer(antiEntropyTimer, 0), n.AntiEntropy.Interval)
}

// write makes a write of this node.
func (n *node) write(env *protocols.Env, m *Put) {
	r := n.replica()
	if r == nil || n.turnsAway(env, len(m.Key)+len(m.Value)) {
		return
	}
	e := newEntry(m.Key, m.Value, version{r.clock + 1, 0}, m.deleted)
	if r.clock >= maxTime || len(m.Key) > maxKeyBytes || !n.fits(1, deltaOverhead+e.size()) || !r.room(m.Key, n.AntiEntropy.MaxKeys) {
		env.Observe(Refused, 0, uint64(len(m.Key)+len(m.Value)))
		return
	}
	if r.journal.by == 0 && !r.open(env) {
		env.Observe(Refused, 0, uint64(e.size()))
		return
	}
	e.version.by = r.journal.by
	from := r.upTo(e.version.by)
	if !r.record(env, e) {
		env.Observe(Refused, 0, uint64(e.size()))
		return
	}
	e.observe(env, Written)
	r.apply(env, e)
	r.reach(e.version.by, e.version.time)
	r.tidy(env)
	env.Observe(State, r.digest, uint64(len(r.entries)))
	if n.AntiEntropy.Rumors {
		d := &Delta{parts: []part{{e.version.by, from, e.version.time, []*entry{e}}}}
		n.begin(env, d.AppendTo(nil))
	}
}

// What a Delta with one entry needs at most besides it: as a rumor, too.
const deltaOverhead = digestOverhead + partOverhead + maxOverhead

// What a part needs at most besides its entries.
const partOverhead = 2*5 + 2*6 + 5

func (n *node) replica() *replica {
	if n.more == nil {
		return nil
	}
	return n.more.replica
}

// onSummary answers a vector that differs.
func (n *node) onSummary(env *protocols.Env, from protocols.NodeID, m *Summary) {
	r := n.replica()
	if r == nil || m.vector == r.vector || m.direction == 0 {
		return
	}
	d := r.digestFrom(r.cursor, ^writer(0), m.direction.reversed(), n.MaxMessageBytes)
	r.cursor = d.last + 1 // after the last possible writer comes the first
	env.Send(from, d)
}

// onDigest sends what the other lacks, and asks for what this node lacks.
func (n *node) onDigest(env *protocols.Env, from protocols.NodeID, m *Digest) {
	r := n.replica()
	if r == nil {
		return
	}
	if m.direction&wanting != 0 {
		d := r.deltaFor(m, n.MaxMessageBytes)
		if m.direction&confirming != 0 {
			d = n.confirmed(m, d)
		}
		if d != nil {
			env.Send(from, d)
		}
	}
	if m.direction&offering != 0 && r.lacks(m) {
		env.Send(from, r.digestFrom(m.first, m.last, wanting, n.MaxMessageBytes))
	}
}

// onDelta takes the writes in and asks for the rest, if there is more and this
// was of use.
func (n *node) onDelta(env *protocols.Env, from protocols.NodeID, m *Delta) {
	r := n.replica()
	if r == nil || len(m.parts) == 0 && n.more.catchUp == nil {
		return
	}
	before := r.vector
	n.merge(env, m)
	if n.takesUp(env, from, m, r.vector != before) {
		return
	}
	if m.more && r.vector != before {
		env.Send(from, r.digestFrom(m.parts[0].by, m.last, wanting, n.MaxMessageBytes))
	}
}

// merge takes the writes of a Delta in.
func (n *node) merge(env *protocols.Env, m *Delta) {
	r := n.replica()
	before := r.digest
	for i := range m.parts {
		if uint64(m.parts[i].by.node()) < uint64(n.world.Nodes) {
			n.mergePart(env, &m.parts[i])
		}
	}
	if r.digest != before {
		env.Observe(State, r.digest, uint64(len(r.entries)))
	}
}

// mergePart takes the writes of one writer in. Those up to what is known of the
// writer are old, even if their keys are gone: a tombstone may have been
// collected. A part that begins later than that leaves a gap, so the writes
// count, but not as all there are.
func (n *node) mergePart(env *protocols.Env, p *part) {
	r := n.more.replica
	known := r.upTo(p.by)
	if _, ok := r.findWriter(p.by); !ok && len(r.writers) >= n.AntiEntropy.MaxKeys {
		return
	}
	reached := p.upTo
	for _, e := range p.entries {
		if e.version.time <= known {
			continue
		}
		if !r.room(e.key, n.AntiEntropy.MaxKeys) {
			env.Observe(Refused, 0, uint64(e.size()))
			reached = e.version.time - 1
			break
		}
		r.apply(env, e)
	}
	if p.from <= known {
		r.reach(p.by, reached)
	}
}

// learnWrite takes a write in that came as a rumor; it reports whether the
// rumor was one.
func (n *node) learnWrite(env *protocols.Env, payload []byte) bool {
	m, _ := decode(payload)
	d, ok := m.(*Delta)
	if ok {
		n.merge(env, d)
	}
	return ok
}
