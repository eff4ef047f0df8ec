package pbft

import (
	"bytes"
	"fmt"
	"hash"
	"hash/fnv"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
	"meshsim/protocols/protocoltest"
	"meshsim/protocols/wire"
)

// target is a node to which each message is handed, before it is, in many
// altered forms. None of them may have any effect.
type target struct {
	protocols.Node
	t      *testing.T
	macs   bool
	rand   draw.Rand
	tried  map[protocols.Kind]int // forms, by kind
	copied *protocols.Env
}

func (x *target) Receive(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	if x.tried[m.Kind()] < 700 {
		x.bits(env, from, m)
		x.senders(env, from, m)
	}
	x.Node.Receive(env, from, m)
}

// bits flips bits of the wire form, of each byte once.
func (x *target) bits(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	b := m.AppendTo(nil)
	step := max(len(b)/200, 1)
	for at := x.rand.IntN(step); at < len(b)-wire.ChecksumSize; at += step {
		altered := bytes.Clone(b[:len(b)-wire.ChecksumSize])
		altered[at] ^= 1 << x.rand.IntN(8)
		back, err := decode(wire.AppendChecksum(altered, 0))
		if err != nil || x.macs && sameButOthersTags(m, back, x.Node) {
			continue
		}
		x.try(env, from, back, fmt.Sprintf("a flipped bit in byte %d of", at))
	}
}

// senders lets another node send it. What is signed by its author, or known by
// its digest, may come from anybody.
func (x *target) senders(env *protocols.Env, from protocols.NodeID, m protocols.Message) {
	switch m.Kind() {
	case KindRequest, KindNewView, KindBatch, KindState:
		return
	}
	for id := range protocols.NodeID(6) {
		if id != from {
			x.try(env, id, m, fmt.Sprintf("node %d sends what is of %d:", id, from))
		}
	}
}

func (x *target) try(env *protocols.Env, from protocols.NodeID, m protocols.Message, how string) {
	x.tried[m.Kind()]++
	before := state(x.Node)
	size := env.Disk.Size()
	x.copied.Reset(env.Self, env.Now, x.rand.Uint64(), env.Disk)
	x.Node.Receive(x.copied, from, m)
	e := x.copied
	if len(e.Sends)+len(e.Timers)+len(e.Observations)+len(e.Announcements) > 0 || env.Disk.Size() != size {
		x.t.Errorf("%s %v has effects: %d sends, %v", how, m, len(e.Sends), e.Observations)
	}
	if state(x.Node) != before {
		x.t.Errorf("%s %v changes node %d", how, m, env.Self)
	}
}

// sameButOthersTags reports whether two messages differ in tags for others alone:
// those prove nothing to this node, and nothing is lost by them.
func sameButOthersTags(a, b protocols.Message, n protocols.Node) bool {
	r, ok := n.(*replica)
	h, k := headOf(a), headOf(b)
	if !ok || h == nil || k == nil || h.form != byTags || k.form != byTags || h.digest != k.digest || len(h.tags) != len(k.tags) {
		return false
	}
	p, isProposal := a.(*PrePrepare)
	if isProposal && p.batch.digest != b.(*PrePrepare).batch.digest {
		return false
	}
	return h.tags[r.self] == k.tags[r.self]
}

func headOf(m protocols.Message) *head {
	switch m := m.(type) {
	case *PrePrepare:
		return &m.head
	case *Vote:
		return &m.head
	case *Checkpoint:
		return &m.head
	case *Status:
		return &m.head
	case *Fetch:
		return &m.head
	}
	return nil
}

// state is a hash of all that a node knows.
func state(n protocols.Node) uint64 {
	h := fnv.New64a()
	walk(h, reflect.ValueOf(n), 0)
	return h.Sum64()
}

// immutable are what is never changed: it is the same if its address is.
var immutable = []reflect.Type{
	reflect.TypeFor[*cluster](), reflect.TypeFor[*Request](), reflect.TypeFor[*batch](), reflect.TypeFor[*PrePrepare](),
	reflect.TypeFor[*Vote](), reflect.TypeFor[*Checkpoint](), reflect.TypeFor[*ViewChange](), reflect.TypeFor[*NewView](),
	reflect.TypeFor[*certificate](), reflect.TypeFor[*client.Plan](),
}

func walk(h hash.Hash64, v reflect.Value, depth int) {
	if depth > 40 {
		return // a client knows its host
	}
	word := func(x uint64) { h.Write(wire.AppendUint64(nil, x)) }
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		switch {
		case v.IsNil():
			word(0)
		case v.Kind() == reflect.Pointer && slices.Contains(immutable, v.Type()):
			word(uint64(v.Pointer()))
		case depth > 0 && v.Kind() == reflect.Interface && v.Type().Name() == "Host":
		default:
			walk(h, v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walk(h, v.Field(i), depth+1)
		}
	case reflect.Slice, reflect.Array:
		word(uint64(v.Len()))
		for i := range v.Len() {
			walk(h, v.Index(i), depth+1)
		}
	case reflect.Map:
		sum := uint64(v.Len())
		for _, k := range v.MapKeys() {
			one := fnv.New64a()
			walk(one, k, depth+1)
			walk(one, v.MapIndex(k), depth+1)
			sum += one.Sum64()
		}
		word(sum)
	case reflect.String:
		h.Write([]byte(v.String()))
	case reflect.Bool:
		word(map[bool]uint64{true: 1}[v.Bool()])
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		word(uint64(v.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		word(v.Uint())
	}
}

// A message that was altered on its way, or that another node sends than its
// author, changes nothing at an honest node: every kind, every byte.
func TestForgery(t *testing.T) {
	for _, a := range []string{Signatures, MACs} {
		c := Default()
		c.Authentication = a
		c.Checkpoint, c.Window, c.InFlight = 2, 4, 2
		c.ViewTimeout, c.Retransmit = 20*time.Millisecond, 10*time.Millisecond
		c.Client = client.Default()
		c.Client.Closed.Think, c.Client.Timeout = 30*time.Millisecond, 40*time.Millisecond
		c.Replicas = []protocols.NodeID{0, 1, 2, 3}
		tried := map[protocols.Kind]int{}
		p := New(c)
		inner := p.New
		p.New = func(w protocols.World, ids []protocols.NodeID) protocols.Nodes {
			nodes, list := inner(w, ids), protocols.NodeList{}
			for i := range nodes.Len() {
				e := &protocols.Env{Crypto: keys.Costed(1), Costs: &keys.Measured}
				list = append(list, &target{Node: nodes.At(i), t: t, macs: a == MACs, rand: draw.New(uint64(i)), tried: tried, copied: e})
			}
			return list
		}
		cluster := protocoltest.NewCluster(p, 6, protocoltest.Options{Seed: 1, Loss: draw.Ratio(1, 8)})
		for range 20 {
			cluster.Run(200 * time.Millisecond)
			cluster.Crash(3)
			cluster.Run(100 * time.Millisecond)
			cluster.Restart(3)
		}
		for k, name := range kindNames {
			if tried[protocols.Kind(k)] < 200 {
				t.Errorf("%s: only %d altered forms of %s were tried", a, tried[protocols.Kind(k)], name)
			}
		}
	}
}
