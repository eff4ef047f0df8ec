package paxos

import (
	"math"
	"slices"

	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// record is what a node must not forget: it is on disk before the node sends
// anything that depends on it.
type record struct {
	round    uint32 // the last that this proposer used
	promised Ballot // nothing below it is accepted
	accepted Ballot // the highest accepted, 0 if none; at most promised
	value    []byte // accepted with it
	asked    bool   // the node was asked to have a value decided
	own      []byte // that value
	decided  bool
	decision []byte
}

const file = "paxos.record"

// save makes the record durable: what is sent later leaves when the disk is done.
// The record is written whole or not at all.
func (r *record) save(disk *protocols.Disk) error {
	b := wire.AppendUint32(nil, r.round)
	b = wire.AppendUint64(b, uint64(r.promised))
	b = wire.AppendUint64(b, uint64(r.accepted))
	b = wire.AppendBytes(b, r.value)
	b = wire.AppendBool(b, r.asked)
	b = wire.AppendBytes(b, r.own)
	b = wire.AppendBool(b, r.decided)
	b = wire.AppendBytes(b, r.decision)
	if err := disk.Replace(file, wire.AppendChecksum(b, 0)); err != nil {
		return err
	}
	disk.Sync()
	return nil
}

// load reads what save wrote; a disk without a record is that of a new node. The
// record is of no use after an error.
func (r *record) load(disk *protocols.Disk) error {
	b, err := disk.Read(file)
	if b == nil || err != nil {
		return err
	}
	p := wire.NewChecked(b)
	r.round = p.Uint32()
	r.promised = Ballot(p.Uint64())
	r.accepted = Ballot(p.Uint64())
	r.value = slices.Clone(p.Bytes(math.MaxInt))
	r.asked = p.Bool()
	r.own = slices.Clone(p.Bytes(math.MaxInt))
	r.decided = p.Bool()
	r.decision = slices.Clone(p.Bytes(math.MaxInt))
	return p.Close(file)
}
