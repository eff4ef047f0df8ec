package kv_test

import (
	"bytes"
	"fmt"
	"maps"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/kv"
)

// model is a store without digests, journal or bytes.
type model struct {
	values map[uint64][2]uint64 // value and payload
	last   map[kv.Session]uint64
	result map[kv.Session]kv.Result
}

func newModel() *model {
	return &model{map[uint64][2]uint64{}, map[kv.Session]uint64{}, map[kv.Session]kv.Result{}}
}

func (m *model) copy() *model {
	return &model{maps.Clone(m.values), maps.Clone(m.last), maps.Clone(m.result)}
}

func (m *model) apply(c kv.Command) kv.Result {
	if c.Sequence != 0 {
		if c.Sequence == m.last[c.Session] {
			return m.result[c.Session]
		}
		if c.Sequence < m.last[c.Session] {
			return kv.Result{Status: kv.Stale, Value: m.last[c.Session]}
		}
	}
	r := kv.Result{Status: kv.Done}
	old := m.values[c.Key]
	switch c.Op {
	case kv.Get:
		r.Value, r.Payload = old[0], int(old[1])
	case kv.Put:
		m.values[c.Key] = [2]uint64{c.Value, uint64(c.Payload)}
	case kv.CompareAndSwap:
		if old[0] == c.Expect {
			m.values[c.Key] = [2]uint64{c.Value, uint64(c.Payload)}
		} else {
			r = kv.Result{Status: kv.Mismatch, Value: old[0], Payload: int(old[1])}
		}
	case kv.Delete:
		r.Value, r.Payload = old[0], int(old[1])
		delete(m.values, c.Key)
	}
	if c.Sequence != 0 {
		m.last[c.Session], m.result[c.Session] = c.Sequence, r
	}
	return r
}

// rebuilt is a store in the model's state, reached in another way.
func (m *model) rebuilt() *kv.Store {
	s := &kv.Store{}
	for key, v := range m.values {
		s.ApplyCommand(kv.Command{Op: kv.Put, Key: key, Value: v[0], Payload: int(v[1])})
	}
	return s
}

// some draws a command of a few keys and sessions.
func some(r *draw.Rand, i int) kv.Command {
	c := kv.Command{Op: kv.Op(1 + r.IntN(4)), Key: uint64(r.IntN(8)), Session: kv.NewSession(protocols.NodeID(r.IntN(3)), uint16(r.IntN(2)))}
	if r.IntN(5) > 0 {
		c.Sequence = uint64(1 + max(i-r.IntN(4), 0))
	}
	if c.Op == kv.CompareAndSwap {
		c.Expect = uint64(r.IntN(6))
	}
	if c.Op == kv.Put || c.Op == kv.CompareAndSwap {
		c.Value, c.Payload = uint64(1+r.IntN(5)), r.IntN(3)*2100
	}
	return c
}

// The store does what the model does, through bytes; its snapshot holds all of
// it, and its digest is that of every store in the same state and of no other.
func TestAgainstModel(t *testing.T) {
	states := map[protocols.Digest]string{}
	for seed := range uint64(60) {
		r := draw.New(draw.Mix(seed))
		s, m := &kv.Store{}, newModel()
		type mark struct {
			kv.Mark
			then *model
		}
		var marks []mark
		for i := range 150 {
			c := some(&r, i)
			if got, want := s.Apply(c.AppendTo(nil)), m.apply(c); !bytes.Equal(got, want.AppendTo(nil)) {
				t.Fatalf("seed %d, step %d: %v gives %x, want %v", seed, i, c, got, want)
			}
			switch r.IntN(12) {
			case 0:
				marks = append(marks, mark{s.Mark(), m.copy()})
			case 1:
				if len(marks) > 0 {
					k := r.IntN(len(marks))
					s.Rollback(marks[k].Mark)
					m, marks = marks[k].then.copy(), marks[:k+1]
				}
			case 2:
				if len(marks) > 1 {
					s.Forget(marks[1].Mark)
					marks = marks[1:]
				}
			case 3:
				for _, k := range marks {
					var then kv.Store
					if err := then.Restore(s.SnapshotAt(k.Mark)); err != nil {
						t.Fatal(err)
					}
					agree(t, &then, k.then)
				}
			}
			agree(t, s, m)
			if r.IntN(3) == 0 {
				snapshot := s.Snapshot()
				var copy kv.Store
				if err := copy.Restore(snapshot); err != nil || copy.Digest() != s.Digest() || !bytes.Equal(copy.Snapshot(), snapshot) {
					t.Fatalf("seed %d, step %d: the snapshot makes another store (%v)", seed, i, err)
				}
				if other, ok := states[s.Digest()]; ok && other != string(snapshot) {
					t.Fatal("two states have one digest")
				}
				states[s.Digest()] = string(snapshot)
			}
		}
	}
	if len(states) < 1000 {
		t.Errorf("only %d states were seen", len(states))
	}
}

func agree(t *testing.T, s *kv.Store, m *model) {
	t.Helper()
	for key := range uint64(8) {
		if got, want := s.Value(key), m.values[key][0]; got != want {
			t.Fatalf("key %d holds %d, want %d", key, got, want)
		}
		get := kv.Command{Op: kv.Get, Key: key}
		want := kv.Result{Status: kv.Done, Value: m.values[key][0], Payload: int(m.values[key][1])}
		if got := s.Read(get.AppendTo(nil)); !bytes.Equal(got, want.AppendTo(nil)) {
			t.Fatalf("key %d reads as %x, want %v", key, got, want)
		}
	}
	if s.Len() != len(m.values) {
		t.Fatalf("%d keys, want %d", s.Len(), len(m.values))
	}
	for of, last := range m.last {
		if s.Last(of) != last {
			t.Fatalf("session %d is at %d, want %d", of, s.Last(of), last)
		}
	}
}

// Equal states have equal digests, whatever led there.
func TestDigestForgetsTheWay(t *testing.T) {
	for seed := range uint64(50) {
		r := draw.New(draw.Mix(seed))
		s, m := &kv.Store{}, newModel()
		for i := range 100 {
			c := some(&r, i)
			c.Sequence = 0
			s.ApplyCommand(c)
			m.apply(c)
			if r.IntN(4) == 0 {
				s.Digest()
			}
		}
		if s.Digest() != m.rebuilt().Digest() {
			t.Fatalf("seed %d: the digest depends on the way", seed)
		}
	}
	if (&kv.Store{}).Digest() != (protocols.Digest{}) {
		t.Error("an empty store has a digest that is not zero")
	}
}

// A key that is written and deleted for ever does not make the store grow.
func TestDeletedKeysAreForgotten(t *testing.T) {
	s := &kv.Store{}
	for i := range uint64(100000) {
		s.ApplyCommand(kv.Command{Op: kv.Put, Key: i, Value: 1})
		s.ApplyCommand(kv.Command{Op: kv.Delete, Key: i})
	}
	if n := kv.Changed(s); n > 2000 || s.Len() != 0 {
		t.Errorf("%d changes are remembered of %d keys", n, s.Len())
	}
}

// What is no command changes nothing, and only a get is read-only.
func TestInvalid(t *testing.T) {
	s := &kv.Store{}
	put := kv.Command{Op: kv.Put, Key: 1, Value: 2}
	for _, b := range [][]byte{nil, {0}, {9, 1, 1, 1}, append(put.AppendTo(nil), 0)} {
		if r, err := kv.DecodeResult(s.Apply(b)); err != nil || r.Status != kv.Invalid {
			t.Errorf("%x gives %v, %v", b, r, err)
		}
	}
	if r, err := kv.DecodeResult(s.Read(put.AppendTo(nil))); err != nil || r.Status != kv.Invalid {
		t.Errorf("a put read gives %v, %v", r, err)
	}
	if s.Len() != 0 || s.Digest() != (protocols.Digest{}) {
		t.Error("something changed")
	}
}

func TestTexts(t *testing.T) {
	for want, x := range map[string]fmt.Stringer{
		"get 3":             kv.Command{Op: kv.Get, Key: 3},
		"put 3 to 9":        kv.Command{Op: kv.Put, Key: 3, Value: 9},
		"cas 3 from 0 to 9": kv.Command{Op: kv.CompareAndSwap, Key: 3, Value: 9},
		"delete 3":          kv.Command{Op: kv.Delete, Key: 3},
		"done":              kv.Result{Status: kv.Done},
		"done 4":            kv.Result{Status: kv.Done, Value: 4},
		"mismatch 4":        kv.Result{Status: kv.Mismatch, Value: 4},
		"unknown":           kv.Op(77),
	} {
		if x.String() != want {
			t.Errorf("%q, want %q", x, want)
		}
	}
	if s := kv.NewSession(1<<32-2, 1<<16-1); s.Node() != 1<<32-2 || s.Slot() != 1<<16-1 {
		t.Errorf("session %x is of node %d, slot %d", s, s.Node(), s.Slot())
	}
}

// A put in a session, decoded and encoded, with a digest every 128.
func BenchmarkApply(b *testing.B) {
	b.ReportAllocs()
	var s kv.Store
	var command []byte
	for i := range b.N {
		c := kv.Command{Session: kv.NewSession(1, uint16(i%16)), Sequence: uint64(i + 1), Op: kv.Put, Key: draw.Mix(uint64(i)) % 1000, Value: 1, Payload: 100}
		command = c.AppendTo(command[:0])
		s.Apply(command)
		if i%128 == 0 {
			s.Digest()
		}
	}
}
