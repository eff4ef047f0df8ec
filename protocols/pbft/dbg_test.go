package pbft_test

import (
	"fmt"
	"testing"

	"meshsim/protocols/pbft"
)

func TestDbg(t *testing.T) {
	k := quick(pbft.Signatures)
	c := rough(mesh(k, 0, 4, 2, busy(40)), 4)
	c.Faults = nil
	r := run(t, c)
	for _, k := range r.Kinds {
		fmt.Println(k)
	}
	for _, s := range r.Figures["pbft"].Scalars {
		fmt.Println(s)
	}
}
