package raft

import "meshsim/protocols"

// reign follows who leads a cluster, as far as observations tell: the leader of
// the highest term. It lacks a leader from when that one crashes, is paused or
// steps down; one that is deposed otherwise, as behind a partition, is taken to
// have failed when the first to campaign, since its last commitment, heard from
// it last.
type reign struct {
	term    uint64
	leader  protocols.NodeID
	lacks   bool           // nothing can be committed
	elected bool           // a leader is there, but has not committed anything
	since   protocols.Time // when that began
	first   bool           // there was no leader before
	paused  bool           // the leader lacks because it was paused

	stood    bool // somebody campaigned since the last commitment
	campaign protocols.Time

	index uint64           // highest committed
	next  uint64           // index of the oldest entry whose time is known
	added []protocols.Time // when the leader appended next and those after
}

// node follows crashes and pauses of the leader.
func (r *reign) node(o protocols.Observed) {
	if r.term == 0 || o.Node != r.leader {
		return
	}
	switch o.Kind {
	case protocols.NodeDown:
		r.lose(o.At)
	case protocols.NodePaused:
		r.paused = !r.lacks
		r.lose(o.At)
	case protocols.NodeResumed:
		if r.paused {
			r.lacks, r.paused = false, false
		}
	}
}

func (r *reign) lose(at protocols.Time) {
	r.elected = false
	if !r.lacks {
		r.lacks, r.since = true, at
	}
}

// observe follows resignations, campaigns and the leader's entries.
func (r *reign) observe(o protocols.Observed) {
	switch o.Kind {
	case SteppedDown:
		if o.Node == r.leader && o.Value == r.term {
			r.lose(o.At)
		}
	case Canvassed, Stood:
		if !r.stood && o.Value > r.term {
			r.stood, r.campaign = true, max(o.At-protocols.Time(o.Key), 0)
		}
	case Appended:
		if o.Node == r.leader && r.term > 0 {
			r.added = append(r.added, o.At)
		}
	}
}

// began is when the search for a leader began that has just been elected.
func (r *reign) began() (since protocols.Time, ok bool) {
	if !r.lacks && r.stood {
		r.lacks, r.since = true, r.campaign
	}
	return r.since, r.lacks && !r.elected
}

func (r *reign) elect(o protocols.Observed) {
	r.term, r.leader, r.elected, r.paused = o.Value, o.Node, true, false
	r.next, r.added = o.Key+1, r.added[:0]
}

// served ends the time without a leader, at the first commitment.
func (r *reign) served() (since protocols.Time, ok bool) {
	ok = r.lacks
	r.lacks, r.stood, r.elected = false, false, false
	return r.since, ok
}

// commit is when the leader appended an entry that it has committed now.
func (r *reign) commit(index uint64) (at protocols.Time, ok bool) {
	r.index = max(r.index, index)
	if index < r.next || index >= r.next+uint64(len(r.added)) {
		return 0, false
	}
	i := index - r.next
	at = r.added[i]
	r.added, r.next = r.added[i+1:], index+1
	return at, true
}
