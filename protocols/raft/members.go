package raft

import (
	"fmt"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/quorum"
	"meshsim/protocols/wire"
)

// members is a configuration of the cluster: who votes, and who only learns.
// It is in force from the index of its entry on, committed or not
// (dissertation, 4.1).
type members struct {
	index    uint64 // of its entry; 0: the one the cluster began with
	voters   []protocols.NodeID
	learners []protocols.NodeID
}

// isVoter reports whether a replica votes.
func (m *members) isVoter(id protocols.NodeID) bool {
	_, ok := slices.BinarySearch(m.voters, id)
	return ok
}

// isLearner reports whether a replica gets the log without a vote.
func (m *members) isLearner(id protocols.NodeID) bool {
	_, ok := slices.BinarySearch(m.learners, id)
	return ok
}

// quorum is how many voters decide.
func (m *members) quorum() int { return quorum.Majority(len(m.voters)) }

// String returns the voters, and the learners behind a plus.
func (m members) String() string {
	if len(m.learners) == 0 {
		return fmt.Sprint(m.voters)
	}
	return fmt.Sprintf("%v+%v", m.voters, m.learners)
}

// with returns a configuration in which one replica has another standing.
func (m *members) with(op ChangeOp, id protocols.NodeID) members {
	next := members{voters: without(m.voters, id), learners: without(m.learners, id)}
	switch op {
	case AddVoter:
		next.voters = insert(next.voters, id)
	case AddLearner:
		next.learners = insert(next.learners, id)
	}
	return next
}

// holds reports whether a change would change nothing.
func (m *members) holds(op ChangeOp, id protocols.NodeID) bool {
	switch op {
	case AddVoter:
		return m.isVoter(id)
	case AddLearner:
		return m.isVoter(id) || m.isLearner(id)
	}
	return !m.isVoter(id) && !m.isLearner(id)
}

func without(list []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	return slices.DeleteFunc(slices.Clone(list), func(x protocols.NodeID) bool { return x == id })
}

func insert(list []protocols.NodeID, id protocols.NodeID) []protocols.NodeID {
	i, _ := slices.BinarySearch(list, id)
	return slices.Insert(list, i, id)
}

func (m *members) appendTo(b []byte) []byte {
	for _, list := range [2][]protocols.NodeID{m.voters, m.learners} {
		b = wire.AppendUvarint(b, uint64(len(list)))
		for _, id := range list {
			b = wire.AppendUvarint(b, uint64(id))
		}
	}
	return b
}

// readMembers reads what appendTo wrote.
func readMembers(b []byte) (members, error) {
	r := wire.NewReader(b)
	m := membersFrom(&r)
	return m, r.Close("configuration")
}

func membersFrom(r *wire.Reader) (m members) {
	for _, list := range [2]*[]protocols.NodeID{&m.voters, &m.learners} {
		n := r.Count(1)
		for range n {
			id := protocols.NodeID(r.UvarintMax(uint64(nobody) - 1))
			if k := len(*list); k > 0 && (*list)[k-1] >= id {
				r.Fail(wire.ErrForm)
			}
			*list = append(*list, id)
		}
	}
	return m
}
