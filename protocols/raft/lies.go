package raft

import (
	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
)

// The lies that Alter can tell. Raft believes each of them.
const (
	equivocate uint8 = iota
	doubleVote
	falseAck
	falseReply
	shortLog
)

var lies = []protocols.LieSpec{
	equivocate: {Name: "equivocate", Doc: "append-entries carry other values to write, or no-ops in place of commands"},
	doubleVote: {Name: "double-vote", Doc: "votes and pre-votes are granted to every candidate of the voter's term"},
	falseAck:   {Name: "false-ack", Doc: "append-replies say that entries match which were refused"},
	falseReply: {Name: "false-reply", Doc: "replies give another result"},
	shortLog:   {Name: "short-log", Doc: "request-votes tell of an empty log, so that nobody whose log is not empty votes for the candidate; it does no harm"},
}

// alter tells a lie.
func alter(_ *protocols.Env, lie uint8, variant uint64, message protocols.Message) protocols.Message {
	switch m := message.(type) {
	case *RequestVote:
		if lie == shortLog && m.LastIndex > 0 {
			return &RequestVote{Term: m.Term, Pre: m.Pre, Transfer: m.Transfer}
		}
	case *AppendEntries:
		if lie == equivocate && len(m.Entries) > 0 {
			return otherEntries(m, variant)
		}
	case *Vote:
		if lie == doubleVote && !m.Granted {
			return &Vote{Term: m.Term, Pre: m.Pre, Granted: true}
		}
	case *AppendReply:
		if lie == falseAck && m.Rejected {
			return &AppendReply{Term: m.Term, Index: m.Index, Round: m.Round}
		}
	case *Reply:
		if lie == falseReply && m.Status == Answered {
			return otherResult(m, variant)
		}
	}
	return nil
}

// otherEntries changes all entries that are commands.
func otherEntries(m *AppendEntries, variant uint64) protocols.Message {
	x, changed := *m, false
	x.Entries = make([]Entry, len(m.Entries))
	for i, e := range m.Entries {
		if e.Kind == EntryCommand {
			e, changed = otherEntry(e, variant), true
		}
		x.Entries[i] = e
	}
	if !changed {
		return nil
	}
	return newAppend(x)
}

func otherEntry(e Entry, variant uint64) Entry {
	c, err := kv.Decode(e.Data)
	if err != nil || c.Value == 0 || c.Op == kv.Delete {
		return newEntry(e.Term, EntryNoOp, nil)
	}
	c.Value = max(draw.Derive(c.Value, variant), 1)
	return newEntry(e.Term, e.Kind, c.AppendTo(nil))
}

func otherResult(m *Reply, variant uint64) protocols.Message {
	r, err := kv.DecodeResult(m.Result)
	if err != nil {
		return nil
	}
	r.Value = draw.Derive(r.Value, variant)
	return &Reply{Sequence: m.Sequence, Status: m.Status, Leader: m.Leader, Result: r.AppendTo(nil)}
}
