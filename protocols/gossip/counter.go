package gossip

import (
	"meshsim/protocols"
	"meshsim/protocols/wire"
)

// A counter gives numbers that grow over a node's whole life, crashes included.
// It takes them from the disk in blocks; a restart skips what was left of one.
// Where the disk has nothing (a first boot, or the disk was lost) it begins at
// the clock's milliseconds: so a node that has lost its disk goes on above what
// it gave before, unless it gave more than 1000 a second or its clock went back.
// The same holds where the disk cannot be read, or what it has is damaged.
type counter struct{ last, reserved uint64 }

// Numbers taken from the disk at a time. A sync delays what the node sends.
const counterBlock = 64

// next returns the next number, at least 1, and above atLeast; 0 if the disk has
// no room to note that it is given.
func (c *counter) next(env *protocols.Env, file string, atLeast uint64) uint64 {
	if c.reserved == 0 {
		c.last = stored(env, file)
		c.reserved = c.last
	}
	next := max(c.last, atLeast) + 1
	if next > c.reserved {
		b := wire.AppendUint64(nil, next+counterBlock)
		if env.Disk.Write(file, wire.AppendChecksum(b, 0)) != nil {
			return 0
		}
		env.Disk.Sync()
		c.reserved = next + counterBlock
	}
	c.last = next
	return next
}

func stored(env *protocols.Env, file string) uint64 {
	b, err := env.Disk.Read(file)
	r := wire.NewChecked(b)
	v := r.Uint64()
	if err != nil || r.Close(file) != nil {
		return uint64(max(env.Now, 0)) / 1e6
	}
	return v
}
