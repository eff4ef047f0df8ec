package pbft

import (
	"encoding/binary"
	"slices"

	"meshsim/protocols"
)

// The lies that Alter can tell.
const (
	equivocate uint8 = iota
	falseCheckpoint
	omitPrepared
	inventPrepared
	badNewView
	falseReply
)

var lies = []protocols.LieSpec{
	equivocate: {Name: "equivocate", Doc: "pre-prepares give the number to another batch, prepares and commits vote for another: " +
		"in the first variant for the null request, so that colluders who tell it support one another"},
	falseCheckpoint: {Name: "false-checkpoint", Doc: "checkpoints tell the digest of another state"},
	omitPrepared:    {Name: "omit-prepared", Doc: "view-changes leave out a batch that has prepared"},
	inventPrepared:  {Name: "invent-prepared", Doc: "view-changes tell of a null request that has prepared in the view before, with the signatures of accomplices, and false ones of others"},
	badNewView:      {Name: "bad-new-view", Doc: "new-views propose another batch than the view-changes demand, or none"},
	falseReply:      {Name: "false-reply", Doc: "replies give another result"},
}

// alter tells the lies of a replica of this cluster.
func (c *Config) alter(env *protocols.Env, lie uint8, variant uint64, message protocols.Message) protocols.Message {
	l := liar{c, env, variant}
	switch m := message.(type) {
	case *PrePrepare:
		if lie == equivocate {
			return l.prePrepare(m)
		}
	case *Vote:
		if lie == equivocate {
			v := newVote(m.kind, m.View, m.Sequence, l.otherBatch(m.Batch), env.Self)
			v.prove(l.prove(v.digest, &m.proof), 0)
			return v
		}
	case *Checkpoint:
		if lie == falseCheckpoint {
			x := newCheckpoint(m.Sequence, l.digest(m.State), env.Self)
			x.prove(l.prove(x.digest, &m.proof), 0)
			return x
		}
	case *ViewChange:
		return l.viewChange(lie, m)
	case *NewView:
		if lie == badNewView {
			return l.newView(m)
		}
	case *Reply:
		if lie == falseReply {
			return l.reply(m)
		}
	}
	return nil
}

// liar makes one lie.
type liar struct {
	*Config
	env     *protocols.Env
	variant uint64
}

// prove proves what the truth proved in the same form.
func (l *liar) prove(d protocols.Digest, truth *proof) proof {
	if truth.form != byTags {
		return proof{signature: l.env.Sign(d)}
	}
	p := proof{form: byTags, tags: make([]protocols.Tag, len(truth.tags))}
	for i := range p.tags {
		to := protocols.NodeID(i)
		if i < len(l.Replicas) {
			to = l.Replicas[i]
		}
		p.tags[i] = l.env.Tag(to, d)
	}
	return p
}

// digest is another digest.
func (l *liar) digest(d protocols.Digest) protocols.Digest {
	binary.LittleEndian.PutUint64(d[8:], binary.LittleEndian.Uint64(d[8:])^(l.variant+1))
	return d
}

// otherBatch is the digest of the batch that a lie votes for.
func (l *liar) otherBatch(d protocols.Digest) protocols.Digest {
	if l.variant == 1 && d != null.digest {
		return null.digest
	}
	return l.digest(d)
}

// prePrepare gives the number to the null request or, in further variants, to the
// same requests several times over.
func (l *liar) prePrepare(m *PrePrepare) protocols.Message {
	if m.batch == nil || len(m.batch.requests) == 0 {
		return nil
	}
	b := null
	if l.variant != 1 {
		first := m.batch.requests[0]
		again := slices.Repeat([]*Request{first}, 1+int(l.variant%8))
		b = newBatch(append(again, m.batch.requests[1:]...))
	}
	x := newPrePrepare(m.View, m.Sequence, b.digest, l.env.Self)
	return x.carry(l.prove(x.digest, &m.proof), b)
}

func (l *liar) viewChange(lie uint8, m *ViewChange) protocols.Message {
	x := &ViewChange{View: m.View, Stable: m.Stable, Prepared: slices.Clone(m.Prepared), Accepted: m.Accepted, Made: m.Made, Replica: l.env.Self}
	switch {
	case lie == omitPrepared && len(m.Prepared) > 0:
		i := int((l.variant - 1) % uint64(len(m.Prepared)))
		x.Prepared = slices.Delete(x.Prepared, i, i+1)
	case lie == inventPrepared && m.View > 0:
		l.invent(x)
	default:
		return nil
	}
	x.seal(l.env.Sign(x.fixed()))
	return x
}

// invent adds a certificate behind the last one, in the view before, or puts it in
// the place of the last one if the window is full.
func (l *liar) invent(x *ViewChange) {
	sequence := x.Stable.sequence + 1
	if k := len(x.Prepared); k > 0 {
		sequence = x.Prepared[k-1].proposal.Sequence + 1
	}
	if sequence > x.Stable.sequence+uint64(l.Window) {
		sequence--
		x.Prepared = x.Prepared[:len(x.Prepared)-1]
	}
	d, view, n := null.digest, x.View-1, uint64(max(len(l.Replicas), 1))
	if l.variant != 1 {
		d = l.digest(d)
	}
	primary := l.env.Self
	if len(l.Replicas) > 0 {
		primary = l.Replicas[view%n]
	}
	c := &certificate{proposal: newPrePrepare(view, sequence, d, primary)}
	if l.Authentication == MACs {
		c.proposal.carry(proof{form: byNothing}, nil)
		x.Accepted = append(slices.Clone(x.Accepted), accepted{sequence, view, d})
	} else {
		c.proposal.carry(proof{signature: l.signAs(primary, c.proposal.digest)}, nil)
		want := newCluster(*l.Config, nil).quorum - 1
		for _, id := range l.friendsFirst() {
			if id != primary && len(c.prepares) < want {
				v := newVote(KindPrepare, view, sequence, d, id)
				v.prove(proof{signature: l.signAs(id, v.digest)}, 0)
				c.prepares = append(c.prepares, v)
			}
		}
	}
	x.Prepared = append(x.Prepared, c)
}

// signAs signs as another, in truth if the liar has the key.
func (l *liar) signAs(id protocols.NodeID, d protocols.Digest) protocols.Signature {
	if s, ok := l.env.SignAs(id, d); ok {
		return s
	}
	return l.env.Sign(d)
}

// friendsFirst are the replicas, those in front whose keys the liar has.
func (l *liar) friendsFirst() []protocols.NodeID {
	friend := func(id protocols.NodeID) bool { return id == l.env.Self || slices.Contains(l.env.Accomplices, id) }
	list := slices.Clone(l.Replicas)
	slices.SortStableFunc(list, func(a, b protocols.NodeID) int {
		switch {
		case friend(a) == friend(b):
			return 0
		case friend(a):
			return -1
		}
		return 1
	})
	return list
}

// newView replaces the last proposal: by the null request, or by none if it is
// that. Without proposals it invents one.
func (l *liar) newView(m *NewView) protocols.Message {
	x := &NewView{View: m.View, ViewChanges: m.ViewChanges, Proposals: slices.Clone(m.Proposals), Primary: l.env.Self}
	sequence, d := uint64(1), null.digest
	if l.variant != 1 {
		d = l.digest(d)
	}
	for _, v := range m.ViewChanges {
		sequence = max(sequence, v.Stable.sequence+1)
	}
	if k := len(x.Proposals); k > 0 {
		sequence, d = x.Proposals[k-1].Sequence, l.otherBatch(x.Proposals[k-1].Batch)
		x.Proposals = x.Proposals[:k-1]
	}
	q := newPrePrepare(m.View, sequence, d, l.env.Self)
	p := proof{form: byNothing}
	if l.Authentication != MACs {
		p = proof{signature: l.env.Sign(q.digest)}
	}
	x.Proposals = append(x.Proposals, q.carry(p, nil))
	x.seal(l.env.Sign(x.fixed()))
	return x
}

// reply gives a result as of another value.
func (l *liar) reply(m *Reply) protocols.Message {
	x := &Reply{View: m.View, Session: m.Session, Timestamp: m.Timestamp, Replica: l.env.Self, Tentative: m.Tentative, Result: m.Result}
	x.Result.Value ^= l.variant + 1
	x.fix(KindReply, x.body(nil))
	p := proof{form: byTags}
	if m.form == byTags {
		p.tags = []protocols.Tag{l.env.Tag(m.Session.Node(), x.digest)}
	} else {
		p = proof{signature: l.env.Sign(x.digest)}
	}
	x.prove(p, 0)
	return x
}
