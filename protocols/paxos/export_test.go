package paxos

import "meshsim/protocols"

// What mutants need, which wrap a correct node from outside.

// ForgetPromise removes from a disk what the acceptor promised beyond what it
// accepted.
func ForgetPromise(disk *protocols.Disk) {
	var r record
	if r.load(disk) == nil {
		r.promised = r.accepted
		_ = r.save(disk)
	}
}

// With returns a message with another kind, other ballot and value.
func With(m *Message, kind protocols.Kind, other Ballot, value []byte) *Message {
	return &Message{kind, m.Ballot, other, value}
}

// BackOff is the time that the next tries of a node wait.
func BackOff(c Config, tries uint, env *protocols.Env) {
	n := node{shared: &shared{Config: c}, proposer: proposer{tries: tries}}
	n.retryLater(env)
}

// File is the name of the record on disk.
const File = file
