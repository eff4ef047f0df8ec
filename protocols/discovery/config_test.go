package discovery_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols/discovery"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	agree(t, reflect.ValueOf(discovery.Default()))
	agree(t, reflect.ValueOf(discovery.DefaultOptimise()))
}

func agree(t *testing.T, v reflect.Value) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Tag.Get("off") != "" || f.Tag.Get("key") == "" {
			continue
		}
		want := fmt.Sprint(v.Field(i).Interface())
		if d, err := time.ParseDuration(f.Tag.Get("default")); err == nil && f.Type == reflect.TypeFor[time.Duration]() {
			f.Tag = reflect.StructTag(fmt.Sprintf("doc:%q default:%q", f.Tag.Get("doc"), d))
		}
		if f.Tag.Get("doc") == "" || f.Tag.Get("default") != want {
			t.Errorf("%s has the tag %q, want a doc and the default %s", f.Name, f.Tag, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		change func(c *discovery.Config)
		want   []string
	}{
		{func(c *discovery.Config) {}, nil},
		{func(c *discovery.Config) { c.Optimise = &discovery.Optimise{Interval: time.Second} }, nil},
		{func(c *discovery.Config) { c.View = "some" }, []string{`view: is "some", must be partial or full`}},
		{func(c *discovery.Config) { c.DegreeMin = 6 }, []string{"degree_min: is 6, must be 1 to 5"}},
		{func(c *discovery.Config) { c.DegreeMax = 1 }, []string{"degree_max: is 1, must be 2 to 1000", "degree_min: is 3, must be 1 to 1"}},
		{func(c *discovery.Config) { c.Passive = 0 }, []string{"passive: is 0, must be 1 to 10000"}},
		{func(c *discovery.Config) { c.PassiveWalk = 7 }, []string{"passive_walk: is 7, must be 0 to 6"}},
		{func(c *discovery.Config) { c.ActiveWalk = 101 }, []string{"active_walk: is 101, must be 0 to 100"}},
		{func(c *discovery.Config) { c.ShufflePeers = 32 }, []string{"shuffle_peers: is 32, must be 0 to 31"}},
		{func(c *discovery.Config) { c.JoinLimit = 0 }, []string{"join_limit: is 0, must be 1 to 32768"}},
		{func(c *discovery.Config) { c.Timeout = time.Second }, []string{"timeout: is 1s, must be at least the keep_alive of 3s"}},
		{func(c *discovery.Config) { c.Timeout = time.Hour }, []string{"timeout: 1h0m0s is more than 200 times the keep_alive of 3s"}},
		{func(c *discovery.Config) { c.Lifetime = time.Second }, []string{"lifetime: is 1s, must be at least the announce of 30s"}},
		{func(c *discovery.Config) { c.Shuffle = 0 }, []string{"shuffle: is 0s, must be at least 1ms"}},
		{func(c *discovery.Config) { c.Skew = -1 }, []string{"clock_skew: is -1ns, must not be negative"}},
		{func(c *discovery.Config) { c.JoinBackOff = time.Millisecond }, []string{"join_backoff: is 1ms, must be at least the join_timeout of 1s"}},
		{func(c *discovery.Config) { c.Optimise = &discovery.Optimise{Unbiased: 5} }, []string{
			"optimise.interval: is 0s, must be at least 1ms", "optimise.unbiased: is 5, must be 0 to 4"}},
	} {
		k := discovery.Default()
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
