package task

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshsim/protocols/draw"
	"meshsim/protocols/wire"
)

// Capability is something that nodes offer and tasks need, in a level: gpu, or
// gpu:2 for twice as much of it.
type Capability struct {
	Name  string
	Level uint8
}

// UnmarshalText reads a name, or a name and a level as in gpu:2.
func (c *Capability) UnmarshalText(b []byte) error {
	name, level, found := strings.Cut(string(b), ":")
	n := uint64(1)
	var err error
	if found {
		n, err = strconv.ParseUint(level, 10, 8)
	}
	if name == "" || err != nil || n == 0 {
		return fmt.Errorf("%q is no capability; write gpu, or gpu:2 with a level of 1 to 255", b)
	}
	*c = Capability{name, uint8(n)}
	return nil
}

// MarshalText writes the name, and the level unless it is 1.
func (c Capability) MarshalText() ([]byte, error) {
	if c.Level == 1 {
		return []byte(c.Name), nil
	}
	return fmt.Appendf(nil, "%s:%d", c.Name, c.Level), nil
}

// Vector is a set of capabilities, ascending by key. It is shared and never
// changed.
type Vector []Component

// Component is one capability of a vector.
type Component struct {
	Key   uint32 // stands for the name
	Level uint8
}

// NewVector makes a vector of capabilities; of a name that stands twice, the
// higher level counts. One of level 0 is none.
func NewVector(list []Capability) Vector {
	var v Vector
	for _, c := range list {
		if c.Level == 0 {
			continue
		}
		k := uint32(draw.DeriveString(0, c.Name))
		at, found := v.find(k)
		if !found {
			v = slices.Insert(v, at, Component{Key: k})
		}
		v[at].Level = max(v[at].Level, c.Level)
	}
	return v
}

func (v Vector) find(key uint32) (int, bool) {
	return slices.BinarySearchFunc(v, key, func(c Component, k uint32) int {
		switch {
		case c.Key < k:
			return -1
		case c.Key > k:
			return 1
		}
		return 0
	})
}

// Offers is the level of a capability, 0 if it is not there.
func (v Vector) Offers(key uint32) uint8 {
	if at, ok := v.find(key); ok {
		return v[at].Level
	}
	return 0
}

// Match is how well an offer meets needs, from 0 to one in units of 2^-64: the
// mean, over all that is needed, of the share of its level that is offered. It
// is one if nothing is needed.
func (v Vector) Match(needs Vector) draw.Probability {
	met, all := uint64(0), uint64(0)
	for _, n := range needs {
		// The least common denominator of all levels would be exact; 2^16 is close.
		// Rounded up, so that 7 of 10 are enough where 70% is asked for.
		met += (uint64(min(v.Offers(n.Key), n.Level))<<16 + uint64(n.Level) - 1) / uint64(n.Level)
		all += 1 << 16
	}
	if all == 0 {
		return draw.Always
	}
	return draw.Ratio(met, all)
}

func (v Vector) encodedSize() int {
	return wire.UvarintSize(uint64(len(v))) + 5*len(v)
}

func (v Vector) appendTo(b []byte) []byte {
	b = wire.AppendUvarint(b, uint64(len(v)))
	for _, c := range v {
		b = append(wire.AppendUint32(b, c.Key), c.Level)
	}
	return b
}

func readVector(r *wire.Reader) (v Vector) {
	for range r.Count(5) {
		c := Component{Key: r.Uint32(), Level: r.Uint8()}
		if c.Level == 0 || len(v) > 0 && v[len(v)-1].Key >= c.Key {
			r.Fail(wire.ErrForm)
		}
		v = append(v, c)
	}
	return v
}
