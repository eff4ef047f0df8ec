package client

import "meshsim/protocols/draw"

// Keys says which keys operations ask for: numbers from 0 up.
type Keys struct {
	Count        int     `key:"count" short:"true" default:"1000" doc:"how many keys there are"`
	Distribution string  `key:"distribution" default:"uniform" enum:"uniform,zipf" doc:"uniform: all alike; zipf: key k in proportion to 1/(k+1)^exponent"`
	Exponent     float64 `key:"exponent" default:"0.99" doc:"of zipf"`
}

// DefaultKeys returns the keys of a scenario that names none.
func DefaultKeys() Keys { return Keys{Count: 1000, Distribution: "uniform", Exponent: 0.99} }

// chooser draws keys.
type chooser struct {
	count int
	zipf  *draw.Zipf // nil: uniform
}

func newChooser(k Keys) chooser {
	c := chooser{count: k.Count}
	if k.Distribution == "zipf" {
		c.zipf = draw.NewZipf(k.Count, k.Exponent)
	}
	return c
}

func (c *chooser) draw(r *draw.Rand) uint64 {
	if c.zipf != nil {
		return uint64(c.zipf.Sample(r))
	}
	return uint64(r.IntN(c.count))
}
