package sim

import "meshsim/protocols/draw"

// domain separates the uses of a causal key, so that no two draws or children
// of an event share a key by construction. The constants are random odd words.
type domain uint64

const (
	domainSend     domain = 0xd1342543de82ef95
	domainTimer    domain = 0xaef17502108ef2d9
	domainAnnounce domain = 0xf1357aea2e62a9c5
	domainCall     domain = 0xa0761d6478bd642f // draws of protocol code
	domainLoss     domain = 0xe7037ed1a0b428db
	domainLatency  domain = 0x8ebc6af09c88c6e3
	domainBurst    domain = 0x589965cc75374cc3
	domainCopy     domain = 0x1d8e4e27c47d124f // duplicates
	domainHold     domain = 0xeb44accab455d165 // reordering
	domainCorrupt  domain = 0x9c6e6877736c46e3
	domainDegrade  domain = 0xca5a826395121157
	domainClock    domain = 0xb492b66fbe98f273
	domainChurn    domain = 0x72be5d74f27b8965
	domainRetry    domain = 0x9fb21c651e98df25
	domainStrike   domain = 0xc13fa9a902a6328f
	domainDisk     domain = 0x94d049bb133111eb
)

// child is the key of what an event makes. The label must be unique among the
// children of parent in that domain: target or name, kind, and occurrence.
func child(parent uint64, d domain, label uint64) uint64 {
	return draw.Mix(parent ^ (label*uint64(d) + uint64(d)>>1))
}

// draws is the source of draws of one purpose that belong to an event.
func draws(key uint64, d domain) draw.Rand { return draw.New(key ^ uint64(d)) }

// word is the first draw of a stream.
func word(key uint64, d domain) uint64 {
	r := draws(key, d)
	return r.Uint64()
}

// sendLabel names a send: target, kind, and how many of the same came before it
// in the call.
func sendLabel(to uint32, kind uint8, occurrence int) uint64 {
	return uint64(to)<<32 | uint64(kind)<<24 | uint64(occurrence)&0xffffff
}
