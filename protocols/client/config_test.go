package client_test

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"meshsim/protocols/client"
	"meshsim/protocols/draw"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	c := client.Default()
	c.Constant = &client.Constant{Rate: client.Rate{Count: 100, Per: time.Second}, Room: client.DefaultRoom()}
	c.Poisson = &client.Poisson{Rate: client.Rate{Count: 100, Per: time.Second}, Room: client.DefaultRoom()}
	c.Bursts = &client.Bursts{Size: 10, Every: time.Second, Room: client.DefaultRoom()}
	c.Trace = &client.Trace{Room: client.DefaultRoom()}
	c.Ramp = &client.Ramp{Steps: 10, Every: 5 * time.Second}
	agree(t, reflect.ValueOf(c))
}

func agree(t *testing.T, v reflect.Value) {
	v = v.Elem()
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		if x.Kind() == reflect.Pointer {
			agree(t, x)
		}
		if f.Tag.Get("key") == ",inline" {
			agree(t, x.Addr())
			continue
		}
		if f.Tag.Get("key") == "" && f.Tag.Get("case") == "" || f.Tag.Get("doc") == "" {
			t.Errorf("%s has the tag %q, want a key and a doc", f.Name, f.Tag)
		}
		if got := written(x); got != "" && f.Tag.Get("default") != got {
			t.Errorf("%s has the default %q, want %s", f.Name, f.Tag.Get("default"), got)
		}
	}
}

// written is a value as the tag of a default has it.
func written(v reflect.Value) string {
	switch x := v.Interface().(type) {
	case time.Duration:
		return strings.TrimSuffix(strings.TrimSuffix(x.String(), "m0s"), "0h")
	case draw.Probability:
		if x == draw.Ratio(1, 2) {
			return "50%"
		}
		return fmt.Sprintf("%d%%", x)
	case encoding.TextMarshaler:
		b, _ := x.MarshalText()
		return string(b)
	case int:
		if x == 100 {
			return "100B" // the payload
		}
		return fmt.Sprint(x)
	case string, float64:
		return fmt.Sprint(x)
	}
	return ""
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		change func(c *client.Config)
		want   []string
	}{
		{func(c *client.Config) {}, nil},
		{func(c *client.Config) { c.Load = "open" }, []string{`load: is "open", must be closed, constant, poisson, bursts or trace`}},
		{func(c *client.Config) { c.Load = "poisson" }, []string{"load: is poisson, but what that needs is not given"}},
		{func(c *client.Config) { c.Closed.Concurrency = 0 }, []string{"concurrency: is 0, must be 1 to 16384"}},
		{func(c *client.Config) { c.Closed.Thinking = "much" }, []string{`thinking: is "much", must be exponential or constant`}},
		{func(c *client.Config) { c.Stop, c.Start = time.Second, time.Second }, []string{"stop: is 1s, must be after the start at 1s"}},
		{func(c *client.Config) { c.Keys.Count, c.Keys.Exponent = 0, -1 }, []string{"keys.count: is 0, must be 1 to 16777216", "keys.exponent: is out of range; write one from 0 to 10"}},
		{func(c *client.Config) { c.Swaps, c.Deletes = draw.Ratio(1, 3), draw.Ratio(1, 3) }, []string{"reads: with swaps and deletes is more than all operations; write shares of 100% at most"}},
		{func(c *client.Config) { c.Reads = draw.Always }, nil},
		{func(c *client.Config) { c.Timeout, c.BackOffMax = 0, 0 }, []string{"timeout: is 0s, must be at least 1µs", "back_off_max: is 0s, must be at least 50ms"}},
		{func(c *client.Config) {
			c.Load, c.Bursts = "bursts", &client.Bursts{}
			c.Ramp = &client.Ramp{Steps: 1, Every: time.Second}
		}, []string{
			"size: is 0, must be 1 to 16384", "every: is 0s, must be at least 1µs", "concurrency: is 0, must be 1 to 16384",
			"ramp: has no effect with load bursts; write load closed, constant or poisson"}},
		{func(c *client.Config) {
			c.Load, c.Trace = "trace", &client.Trace{Instants: []time.Duration{5, 4}, Room: client.DefaultRoom()}
		}, []string{"instants: has 4ns at place 1, out of order; write ascending instants from 0s on"}},
		{func(c *client.Config) {
			c.Load, c.Constant = "constant", &client.Constant{Rate: client.Rate{Count: 2, Per: 1}, Room: client.DefaultRoom()}
		}, []string{"rate: is 2 in 1ns, must be at most one in 1ns"}},
	} {
		k := client.Default()
		c.change(k)
		var got []string
		for _, p := range k.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

func TestRate(t *testing.T) {
	for text, want := range map[string]client.Rate{
		"500/s": {Count: 500, Per: time.Second}, "30/min": {Count: 30, Per: time.Minute}, "2/h": {Count: 2, Per: time.Hour},
		"1/250ms": {Count: 1, Per: 250 * time.Millisecond}, "7/ms": {Count: 7, Per: time.Millisecond},
	} {
		var r client.Rate
		err := r.UnmarshalText([]byte(text))
		back, _ := r.MarshalText()
		if err != nil || r != want || string(back) != text {
			t.Errorf("%s is %v (%v), written %s", text, r, err, back)
		}
	}
	for _, text := range []string{"", "5", "5/", "0/s", "-1/s", "5/year", "x/s", "5/0s", "5/s!", "1.5/s"} {
		if err := new(client.Rate).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is a rate", text)
		}
	}
}
