package dht

import (
	"slices"

	"meshsim/protocols"
)

// What a liar may do with its messages.
const (
	lieAnswer uint8 = iota
	lieClaim
	lieForget
)

var lies = []protocols.LieSpec{
	lieAnswer: {Name: "answer", Doc: "lookups end at the liar: it names itself as the node that is responsible"},
	lieClaim:  {Name: "claim", Doc: "neighbours are told that the liar stands right before them, and right behind those who ask; nobody believes what its identity does not bear out"},
	lieForget: {Name: "forget", Doc: "what is stored is denied, and writes are acknowledged but not stored by anybody else"},
}

// alter makes a lie out of a message, nil if it cannot be changed so.
func alter(env *protocols.Env, lie uint8, variant uint64, message protocols.Message) protocols.Message {
	m, ok := message.(*Message)
	if !ok {
		return nil
	}
	x := *m
	me := []Peer{{Node: env.Self}}
	switch {
	case lie == lieAnswer && m.kind == KindStep:
		x.Flag, x.Peers = true, me
	case lie == lieAnswer && m.kind == KindFound:
		x.Peers = me
	case lie == lieClaim && m.kind == KindTell:
		x.Pred, x.Peers = Peer{Node: env.Self}, slices.Concat(me, m.Peers[:min(len(m.Peers), maxPeers-1)])
	case lie == lieForget && m.kind == KindReply && m.Status == OK:
		x.Status, x.Version, x.Value = Missing, 0, nil
	case lie == lieForget && m.kind == KindTransfer:
		x.Items = nil
	default:
		return nil
	}
	return &x
}
