package heartbeat

import (
	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// file holds the node's incarnation.
const file = "heartbeat.incarnation"

// board begins a new life: the incarnation is one above that on disk. A node
// whose disk was lost, or cannot be read, begins as a new one; the others tell it
// what they hold of it, and it goes on above that.
func (m *member) board(env *protocols.Env) {
	last := uint32(0)
	if b, err := env.Disk.Read(file); err == nil && b != nil {
		r := wire.NewChecked(b)
		if n := r.Uint32(); r.Close(file) == nil {
			last = min(n, maxIncarnation)
		}
	}
	m.live(env, last+1)
}

// live takes an incarnation, and notes it. A full disk does not keep the node from
// being alive: after a crash it is told, as if the disk were lost.
func (m *member) live(env *protocols.Env, incarnation uint32) {
	m.incarnation = min(incarnation, maxIncarnation)
	if env.Disk.Replace(file, wire.AppendChecksum(wire.AppendUint32(nil, m.incarnation), 0)) == nil {
		env.Disk.Sync()
	}
	env.Observe(Incarnated, 0, uint64(m.incarnation))
}

// refute begins an incarnation above one that somebody takes for suspect or failed.
// It reports whether there was anything to refute.
func (m *member) refute(env *protocols.Env, incarnation uint32) bool {
	if incarnation < m.incarnation || m.incarnation == maxIncarnation {
		return false
	}
	m.live(env, min(incarnation, maxIncarnation-1)+1)
	return true
}
