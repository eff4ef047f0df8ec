package decision

import (
	"meshsim/protocols"
	"meshsim/protocols/wal"
	"meshsim/protocols/wire"
)

const file = "decision.log"

// The kinds of records.
const (
	proposedRecord uint8 = iota + 1 // a proposal of this node's
	orderedRecord                   // a proposal that is in the order; the number is the node's own vote
	decidedRecord                   // a decision; the number is its place
)

// save makes a record durable before anything that is sent from now on. A node
// whose disk cannot take it does not vote any more.
func (n *node) save(env *protocols.Env, kind uint8, number uint64, entry []byte) bool {
	if n.log == nil {
		return false
	}
	b := wire.AppendUvarint([]byte{kind}, number)
	if _, err := n.log.Append(env.Disk, wire.AppendBytes(b, entry)); err != nil {
		n.silence(env)
		return false
	}
	env.Disk.Sync()
	return true
}

// saveDecided keeps a decision with what proves it. Without the record, the node
// learns of it again after a restart.
func (n *node) saveDecided(env *protocols.Env, r *Report) {
	n.save(env, decidedRecord, r.Place, r.AppendTo(nil))
}

func (n *node) silence(env *protocols.Env) {
	if !n.mute {
		env.Observe(Muted, 0, 0)
	}
	n.mute, n.log = true, nil
}

// load takes up what save kept. What it is, save has written and wal has checked.
func (n *node) load(env *protocols.Env) {
	log, kept, err := wal.Open(env.Disk, file)
	if err != nil {
		n.silence(env)
		return
	}
	n.log = log
	for _, b := range kept.Records {
		r := wire.NewReader(b)
		kind, number, entry := r.Uint8(), r.Uvarint(), r.Bytes(len(b))
		if r.Close("record") != nil || !n.restore(env, kind, number, entry) {
			n.silence(env)
			return
		}
	}
}

// restore does again what a record tells of.
func (n *node) restore(env *protocols.Env, kind uint8, number uint64, entry []byte) bool {
	if kind == decidedRecord {
		m, err := decode(entry)
		r, ok := m.(*Report)
		if err != nil || !ok {
			return false
		}
		c := n.proceeding(r.Verdict.ID, true)
		n.enter(c, r.Proposal)
		n.take(c, r.Place, r.Verdict)
		return true
	}
	p, err := decodeProposal(entry)
	if err != nil {
		return false
	}
	if p.ID.Proposer() == env.Self {
		n.number = max(n.number, uint32(p.ID))
	}
	c := n.proceeding(p.ID, true)
	n.enter(c, p)
	if kind == orderedRecord {
		c.ordered = true
		n.revote(env, c, Outcome(number))
	}
	return true
}

// revote makes the vote again that was made before a restart.
func (n *node) revote(env *protocols.Env, c *proceeding, own Outcome) {
	if place, ok := n.voter(env.Self); ok && own != Open && c.ballots != nil {
		c.own = own
		c.ballots[place] = ballot{own, c.proposal.digest, env.Sign(ballotDigest(c.proposal.digest, own))}
	}
}
