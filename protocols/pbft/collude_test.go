package pbft

import (
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/keys"
)

// What liars invent is believed if a quorum of them shares their keys, and not
// if one is missing.
func TestInventedCertificate(t *testing.T) {
	c := Default()
	c.Replicas = []protocols.NodeID{0, 1, 2, 3}
	env := &protocols.Env{Self: 3, Crypto: keys.Costed(1), Costs: &keys.Measured, Disk: new(protocols.Disk)}
	honest := newNodes(newCluster(c, nil), nil, []protocols.NodeID{2}).At(0).(*replica)
	for accomplices, believed := range map[[2]protocols.NodeID]bool{{0, 1}: true, {0, 3}: false, {1, 3}: false} {
		env.Accomplices = append(accomplices[:], 3)
		lie := c.alter(env, inventPrepared, 1, &ViewChange{View: 1, Replica: 3})
		x := lie.(*ViewChange)
		if got := honest.validViewChange(env, x); got != believed {
			t.Errorf("with the keys of %v: believed is %v, want %v", env.Accomplices, got, believed)
		}
	}
}
