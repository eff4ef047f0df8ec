package scenarios

import "meshsim/protocols/draw"

func newRand() *draw.Rand {
	r := draw.New(5)
	return &r
}
