package partition_test

import (
	"bytes"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/partition"
	"meshsim/protocols/protocoltest"
)

// messages is one of each form.
func messages() []protocols.Message {
	signature := protocols.Signature{1, 2, 3}
	return []protocols.Message{
		&partition.Claim{Epoch: partition.NewEpoch(2, 3), Round: 1},
		&partition.Claim{Epoch: partition.NewEpoch(2, 3), Round: 9, Confirmed: 7, Out: partition.Places(1, 64), Unheard: partition.Places(0)},
		&partition.Claim{Epoch: 5, Round: 9, Confirmed: 8, Votes: []partition.Vote{{Place: 1, Signature: signature}, {Place: 1 << 31, Signature: signature}}},
		&partition.Pledge{Epoch: 5, Round: 9},
		&partition.Pledge{Epoch: 5, Round: 9, Unreached: partition.Places(200), Signature: signature},
		&partition.Release{Epoch: partition.NewEpoch(1<<32-1, 1<<32-2), Confirmed: 3},
	}
}

func TestCodec(t *testing.T) {
	decode := partition.New(partition.Default()).Decode
	for _, m := range messages() {
		b := m.AppendTo(nil)
		got, err := decode(b)
		if err != nil || m.Size() != len(b) || !bytes.Equal(got.AppendTo(nil), b) {
			t.Errorf("%v: %d bytes, size %d, read as %v, %v", m, len(b), m.Size(), got, err)
		}
		for cut := range b {
			if m, err := decode(protocoltest.Reseal(b[:cut])); err == nil && cut > 5 {
				t.Errorf("the first %d bytes are read as %v", cut, m)
			}
		}
	}
}

// Whatever bytes arrive, Decode refuses them or reads back what was written.
func FuzzDecode(f *testing.F) {
	for _, m := range messages() {
		f.Add(m.AppendTo(nil))
	}
	for kind := range byte(6) {
		f.Add([]byte{kind, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	}
	protocoltest.FuzzDecode(f, partition.New(partition.Default()))
}
