package decision_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/decision"
	"meshsim/protocols/draw"
	"meshsim/protocols/keys"
	"meshsim/protocols/protocoltest"
)

// Entries of the order are read as they were written, and nothing else is one:
// not what other protocols have ordered, not one with a damaged byte.
func FuzzEntry(f *testing.F) {
	var entries [][]byte
	c := protocoltest.NewCluster(onSequencer(decision.Default(), func(n protocols.Node) protocols.Node {
		return &mutant{Node: n, hear: func(_ protocols.Node, _ *protocols.Env, e protocols.Event) protocols.Event {
			entries = append(entries, e.Data)
			return e
		}}
	}), 4, protocoltest.Options{})
	c.Inject(1, decision.NewPropose("auth-service", 3, 5))
	c.Run(time.Second)
	if len(entries) != 8 {
		f.Fatalf("%d entries were heard, want a proposal and a verdict by each", len(entries))
	}
	for _, e := range entries {
		f.Add(e)
		for i := range e {
			b := bytes.Clone(e)
			b[i] ^= 0x10
			if _, err := decision.DecodeEntry(b); err == nil {
				f.Errorf("damage of byte %d goes unnoticed", i)
			}
			if again, err := decision.DecodeEntry(protocoltest.Reseal(b)); err == nil && !bytes.Equal(again, protocoltest.Reseal(b)) {
				f.Errorf("a change of byte %d is read as something else", i)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if again, err := decision.DecodeEntry(b); err == nil && !bytes.Equal(again, b) {
			t.Errorf("%x is read as %x", b, again)
		}
	})
}

// What somebody else signed, or nobody, moves no honest voter: votes with another
// outcome, digest or signature are not counted.
func TestForgedVotes(t *testing.T) {
	for seed := range uint64(50) {
		r := draw.New(draw.Mix(seed))
		counted := 0
		c := protocoltest.NewCluster(onSequencer(decision.Default(), nil), 4, protocoltest.Options{Observe: func(o protocols.Observed) {
			if o.Protocol == "decision" && o.Kind == decision.Counted && o.Node == 0 {
				counted++
			}
		}})
		env := &protocols.Env{}
		c.Inject(1, decision.NewPropose("auth-service", 3, 5))
		// Votes that node 0 is shown in the name of node 2, with random content.
		for range 20 {
			v := &decision.Vote{ID: decision.NewID(1, 1), Outcome: decision.Outcome(1 + r.IntN(2))}
			v.Digest[0], v.Signature[0] = byte(r.IntN(256)), byte(r.IntN(256))
			env.Reset(0, c.Now(), r.Uint64(), &c.Disks[0])
			env.Crypto, env.Costs = keys.Costed(1), &keys.Measured
			c.Nodes[0].Receive(env, 2, v)
			if len(env.Sends)+len(env.Observations)+len(env.Announcements) > 0 {
				t.Fatalf("a forged vote has effects: %+v", env)
			}
		}
		c.Run(time.Second)
		if counted != 3 {
			t.Errorf("%d votes of others were counted, want 3", counted)
		}
	}
}

func TestConfig(t *testing.T) {
	v := reflect.ValueOf(decision.Default())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		want := fmt.Sprint(v.Field(i).Interface())
		switch x := v.Field(i).Interface().(type) {
		case draw.Probability:
			want = map[draw.Probability]string{0: "0%", draw.Ratio(2, 3): "2/3"}[x]
		case []protocols.NodeID:
			continue // no key
		}
		if f.Tag.Get("key") == "" || f.Tag.Get("doc") == "" || f.Tag.Get("default") != want {
			t.Errorf("%s has the tag %q, want a key, a doc and the default %s", f.Name, f.Tag, want)
		}
	}
	for _, c := range []struct {
		n             int
		quorum        draw.Probability
		needed, liars int
	}{
		{1, draw.Ratio(2, 3), 1, 0}, {2, draw.Ratio(2, 3), 2, 0}, {3, draw.Ratio(2, 3), 2, 0}, {4, draw.Ratio(2, 3), 3, 1}, {5, draw.Ratio(2, 3), 4, 1},
		{6, draw.Ratio(2, 3), 4, 1}, {7, draw.Ratio(2, 3), 5, 2}, {10, draw.Ratio(2, 3), 7, 3}, {12, draw.Ratio(2, 3), 8, 3}, {1000, draw.Ratio(2, 3), 667, 333},
		{4, draw.Ratio(1, 2), 3, 1}, {5, draw.Ratio(1, 2), 3, 0}, {12, draw.Ratio(1, 2), 7, 1}, {12, draw.Always, 12, 3}, {7, draw.Ratio(3, 4), 6, 2},
	} {
		k := decision.Config{Quorum: c.quorum}
		if k.Needed(c.n) != c.needed || k.Liars(c.n) != c.liars {
			t.Errorf("%d voters: %d make a quorum and %d may lie, want %d and %d", c.n, k.Needed(c.n), k.Liars(c.n), c.needed, c.liars)
		}
	}
	for _, c := range []struct {
		change func(c *decision.Config)
		want   []string
	}{
		{func(*decision.Config) {}, nil},
		{func(c *decision.Config) { c.Quorum = draw.Ratio(1, 3) }, []string{"quorum: is less than half of the voters; write 1/2 or more, as in 2/3"}},
		{func(c *decision.Config) { c.Retry, c.RetryMax, c.Poll = 0, -1, 0 }, []string{
			"retry: is 0s, must be at least 1ms", "retry_max: is -1ns, must be at least 0s", "poll: is 0s, must be at least 1ms"}},
	} {
		k := decision.Default()
		c.change(&k)
		var got []string
		for _, p := range k.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
