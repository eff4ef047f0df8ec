package sim

import (
	"math"
	"reflect"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/byzantine"
	"meshsim/protocols/draw"
)

// numbers lists all integers of a declaration that can be changed.
func numbers(v reflect.Value, out []reflect.Value) []reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		switch v.Interface().(type) {
		case *protocols.Protocol, *draw.Dist:
			return out // shared, and checked by who makes them
		}
		if !v.IsNil() {
			return numbers(v.Elem(), out)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out = numbers(v.Field(i), out)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = numbers(v.Index(i), out)
		}
	case reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint32, reflect.Uint64, reflect.Bool:
		if v.CanSet() {
			out = append(out, v)
		}
	}
	return out
}

// extremes are what a number is changed to.
var extremes = []int64{0, 1, -1, 2, 7, 1000, 1e6, 1e9, 1e12, -1e9, 1 << 31, 1 << 32, never - 1, never, -never, math.MaxInt64, math.MinInt64}

func change(v reflect.Value, to int64) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(to&1 != 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(to)
	default:
		v.SetUint(uint64(to))
	}
}

// bound ends a run after some calls or some control instants.
func bound(c *Config) {
	cancel := make(chan struct{})
	left, closed := 3000, false
	spend := func(n int) {
		if left -= n; left <= 0 && !closed {
			closed = true
			close(cancel)
		}
	}
	c.Cancel = cancel
	c.Progress = func(time.Duration, uint64) { spend(3) }
	p := byzantine.Wrap(chatter(edit{call: func() { spend(1) }}), nil)
	for i := range c.Groups {
		for j := range c.Groups[i].Stack {
			if c.Groups[i].Stack[j].Name == p.Name {
				c.Groups[i].Stack[j] = p
			}
		}
	}
}

// Whatever a Config says, it is refused with a sentence or it runs: no panic, no
// hang.
func FuzzConfig(f *testing.F) {
	for seed := range uint64(40) {
		r := draw.New(draw.Mix(seed))
		changes := make([]byte, 2*r.IntN(6))
		for i := range changes {
			changes[i] = byte(r.Uint64())
		}
		f.Add(seed, changes)
	}
	f.Fuzz(func(t *testing.T, seed uint64, changes []byte) {
		c := randomWorld(seed, 40)
		all := numbers(reflect.ValueOf(&c), nil)
		for i := 0; i+1 < len(changes) && i < 40; i += 2 {
			change(all[(int(changes[i])*7919+i*31)%len(all)], extremes[int(changes[i+1])%len(extremes)])
		}
		if n := c.nodes(); n > 2000 || n < 0 || c.Workers > 1 { // memory, and calls that are counted without a lock
			c.Groups, c.Workers = c.Groups[:1], 1
			c.Groups[0].Count = min(c.Groups[0].Count, 100)
		}
		bound(&c)
		r, err := Run(c)
		if err == nil && (r.Nodes != c.nodes() || r.End > c.Duration || len(r.Samples) == 0) {
			t.Errorf("a run of %d nodes for %v ended at %v with %d nodes and %d samples", c.nodes(), c.Duration, r.End, r.Nodes, len(r.Samples))
		}
	})
}
