package raft

import (
	"fmt"

	"meshsim/protocols"
	"meshsim/protocols/kv"
)

// Kind tells the message's kind.
func (m *RequestVote) Kind() protocols.Kind { return KindRequestVote }

// Kind tells the message's kind.
func (m *Vote) Kind() protocols.Kind { return KindVote }

// Kind tells the message's kind.
func (m *AppendEntries) Kind() protocols.Kind { return KindAppendEntries }

// Kind tells the message's kind.
func (m *AppendReply) Kind() protocols.Kind { return KindAppendReply }

// Kind tells the message's kind.
func (m *InstallSnapshot) Kind() protocols.Kind { return KindInstallSnapshot }

// Kind tells the message's kind.
func (m *InstallReply) Kind() protocols.Kind { return KindInstallReply }

// Kind tells the message's kind.
func (m *TimeoutNow) Kind() protocols.Kind { return KindTimeoutNow }

// Kind tells the message's kind.
func (m *Synced) Kind() protocols.Kind { return KindSynced }

// Kind tells the message's kind.
func (m *Change) Kind() protocols.Kind { return KindChange }

// Kind tells the message's kind.
func (m *Transfer) Kind() protocols.Kind { return KindTransfer }

// Kind tells the message's kind.
func (m *Forward) Kind() protocols.Kind { return KindForward }

// Kind tells the message's kind.
func (m *Request) Kind() protocols.Kind { return KindRequest }

// Kind tells the message's kind.
func (m *Reply) Kind() protocols.Kind { return KindReply }

// String returns the kind and what it carries.
func (m *RequestVote) String() string {
	s := fmt.Sprintf("request-vote term=%d last=%d@%d", m.Term, m.LastIndex, m.LastTerm)
	if m.Pre {
		s = "pre-" + s
	}
	if m.Transfer {
		s += " transfer"
	}
	return s
}

// String returns the kind and what it carries.
func (m *Vote) String() string {
	s, answer := "vote", "no"
	if m.Pre {
		s = "pre-vote"
	}
	if m.Granted {
		answer = "yes"
	}
	return fmt.Sprintf("%s term=%d %s", s, m.Term, answer)
}

// String returns the kind and what it carries.
func (m *AppendEntries) String() string {
	s := fmt.Sprintf("append-entries term=%d prev=%d@%d commit=%d", m.Term, m.PrevIndex, m.PrevTerm, m.Commit)
	for i := range m.Entries {
		if i == 4 && len(m.Entries) > 5 {
			return s + fmt.Sprintf(" and %d more", len(m.Entries)-i)
		}
		s += " " + m.Entries[i].String()
	}
	return s
}

// String returns the kind and what it carries.
func (m *AppendReply) String() string {
	if !m.Rejected {
		return fmt.Sprintf("append-reply term=%d match=%d", m.Term, m.Index)
	}
	return fmt.Sprintf("append-reply term=%d rejects %d, hint %d@%d", m.Term, m.Index, m.HintIndex, m.HintTerm)
}

// String returns the kind and what it carries.
func (m *InstallSnapshot) String() string {
	return fmt.Sprintf("install-snapshot term=%d index=%d bytes %d-%d of %d", m.Term, m.Index, m.Offset, m.Offset+uint64(len(m.Data)), m.Total)
}

// String returns the kind and what it carries.
func (m *InstallReply) String() string {
	return fmt.Sprintf("install-reply term=%d index=%d next=%d", m.Term, m.Index, m.Offset)
}

// String returns the kind and what it carries.
func (m *TimeoutNow) String() string { return fmt.Sprintf("timeout-now term=%d", m.Term) }

// String returns the kind and what it carries.
func (m *Synced) String() string { return fmt.Sprintf("synced term=%d index=%d", m.Term, m.Index) }

// String returns what is to be changed.
func (m *Change) String() string { return fmt.Sprintf("change %s %d", changeNames[m.Op], m.Node) }

// String returns who is to lead.
func (m *Transfer) String() string {
	if m.To == nobody {
		return "transfer"
	}
	return fmt.Sprintf("transfer to %d", m.To)
}

// String returns the kind and what it carries.
func (m *Forward) String() string { return fmt.Sprintf("forward %q", m.Data) }

// String returns the kind and what it carries.
func (m *Request) String() string {
	c, err := kv.Decode(m.Command)
	if err != nil {
		return fmt.Sprintf("request %d of %d bytes", m.Sequence, len(m.Command))
	}
	return fmt.Sprintf("request %d %v", m.Sequence, c)
}

// String returns the kind and what it carries.
func (m *Reply) String() string {
	s := fmt.Sprintf("reply %d %s", m.Sequence, statusNames[m.Status])
	if m.Status == NotLeader && m.Leader != nobody {
		return s + fmt.Sprintf(", %d leads", m.Leader)
	}
	if r, err := kv.DecodeResult(m.Result); err == nil {
		return s + fmt.Sprintf(": %v", r)
	}
	return s
}
