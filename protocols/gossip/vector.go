package gossip

import "slices"

// digestFrom lists how far the writers from first to last are known, or only up
// to an earlier last if not all fit into a message.
func (r *replica) digestFrom(first, last writer, d direction, limit int) *Digest {
	m := &Digest{direction: d, first: first, last: last}
	size := digestOverhead
	at, _ := r.findWriter(first)
	for ; at < len(r.writers) && r.writers[at].by <= last; at++ {
		p := progress{r.writers[at].by, r.writers[at].upTo}
		if size += p.size(); size > limit && len(m.list) > 0 {
			m.last = m.list[len(m.list)-1].by
			break
		}
		m.list = append(m.list, p)
	}
	return m
}

// lacks reports whether the digest has anything that the replica has not.
func (r *replica) lacks(m *Digest) bool {
	for _, p := range m.list {
		if p.upTo > r.upTo(p.by) {
			return true
		}
	}
	return false
}

// deltaFor collects what the sender of the digest lacks, nil if nothing.
func (r *replica) deltaFor(m *Digest, limit int) *Delta {
	d := &Delta{last: m.last}
	room := limit - digestOverhead
	list := m.list
	at, _ := r.findWriter(m.first)
	for ; at < len(r.writers) && r.writers[at].by <= m.last; at++ {
		k := &r.writers[at]
		for len(list) > 0 && list[0].by < k.by {
			list = list[1:]
		}
		from := uint64(0)
		if len(list) > 0 && list[0].by == k.by {
			from = list[0].upTo
		}
		if k.upTo <= from {
			continue
		}
		p, whole := k.since(from, &room, len(d.parts) == 0)
		if p.upTo > from {
			d.parts = append(d.parts, p)
		}
		if !whole {
			d.more = true
			break
		}
	}
	if len(d.parts) == 0 {
		return nil
	}
	return d
}

// since is the part with the writes after from, as many as there is room for;
// whole is false if that is not all. The first write of a message goes along in
// any case: a message with one write may be longer than the limit.
func (k *known) since(from uint64, room *int, first bool) (p part, whole bool) {
	p = part{by: k.by, from: from, upTo: from}
	if *room -= partOverhead; *room < 0 && !first {
		return p, false
	}
	at, _ := k.find(from + 1)
	end := at
	for ; end < len(k.log) && k.log[end].version.time <= k.upTo; end++ {
		if *room -= k.log[end].size(); *room < 0 && !(first && end == at) {
			break
		}
		p.upTo = k.log[end].version.time
	}
	// The log changes, the message must not.
	p.entries = slices.Clone(k.log[at:end])
	if end < len(k.log) && k.log[end].version.time <= k.upTo {
		return p, false
	}
	p.upTo = k.upTo
	return p, true
}
