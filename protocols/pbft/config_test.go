package pbft_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols/client"
	"meshsim/protocols/pbft"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	v := reflect.ValueOf(pbft.Default())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Name == "Replicas" { // no key of scenarios: the loader sets it
			if f.Tag != "" {
				t.Errorf("Replicas has the tag %q", f.Tag)
			}
			continue
		}
		if f.Tag.Get("key") == "" || f.Tag.Get("doc") == "" {
			t.Errorf("%s has the tag %q, want a key and a doc", f.Name, f.Tag)
		}
		want := fmt.Sprint(v.Field(i))
		if f.Type == reflect.TypeFor[time.Duration]() {
			got, err := time.ParseDuration(f.Tag.Get("default"))
			if err != nil || got != v.Field(i).Interface() {
				t.Errorf("%s has the default %s, want %s", f.Name, f.Tag.Get("default"), want)
			}
		} else if f.Type.Kind() == reflect.Pointer {
			if f.Tag.Get("off") != "true" || !v.Field(i).IsNil() {
				t.Errorf("%s is on by default", f.Name)
			}
		} else if f.Tag.Get("default") != want {
			t.Errorf("%s has the default %s, want %s", f.Name, f.Tag.Get("default"), want)
		}
	}
}

func TestValidate(t *testing.T) {
	change := func(f func(c *pbft.Config)) pbft.Config {
		c := pbft.Default()
		f(&c)
		return c
	}
	for _, x := range []struct {
		config pbft.Config
		want   []string
	}{
		{pbft.Default(), nil},
		{change(func(c *pbft.Config) { c.Client = client.Default() }), nil},
		{change(func(c *pbft.Config) { c.Window, c.Checkpoint, c.InFlight, c.Batch = 1, 1, 1, 1 }), nil},
		{change(func(c *pbft.Config) { c.Faults = -1 }), []string{"faults: is -1, must be at least 0"}},
		{change(func(c *pbft.Config) { c.Batch, c.Window = 0, 0 }), []string{"batch: is 0, must be 1 to 65536", "window: is 0, must be 1 to 65536"}},
		{change(func(c *pbft.Config) { c.Checkpoint, c.InFlight = 257, 0 }), []string{"checkpoint: is 257, must be 1 to 256", "in_flight: is 0, must be 1 to 256"}},
		{change(func(c *pbft.Config) { c.ViewTimeout, c.ViewTimeoutMax, c.Retransmit = 0, -1, 1 }), []string{
			"view_timeout: is 0s, must be at least 1ms", "view_timeout_max: is -1ns, must be at least the view timeout of 0s", "retransmit: is 1ns, must be at least 1ms"}},
		{change(func(c *pbft.Config) { c.Authentication = "rsa" }), []string{`authentication: is "rsa", must be signatures or macs`}},
		{change(func(c *pbft.Config) { c.Client = client.Default(); c.Client.Timeout = 0 }), []string{"client.timeout: is 0s, must be at least 1µs"}},
	} {
		var got []string
		for _, p := range x.config.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%q, want %q", got, x.want)
		}
	}
}

// f liars take 3f+1 replicas.
func TestValidateReplicas(t *testing.T) {
	for _, x := range []struct {
		faults, replicas int
		want             string
	}{
		{0, 4, ""}, {0, 1, ""}, {0, 3, ""}, {1, 4, ""}, {1, 5, ""}, {2, 7, ""}, {33, 100, ""},
		{1, 3, "faults: is 1, which takes 4 replicas, but there are 3; write faults: 0, or declare 4 replicas"},
		{2, 6, "faults: is 2, which takes 7 replicas, but there are 6; write faults: 1, or declare 7 replicas"},
		{0, 0, "faults: there are no replicas; declare a group of at least 4 that runs pbft without client"},
	} {
		c, got := pbft.Default(), ""
		c.Faults = x.faults
		for _, p := range c.ValidateReplicas(x.replicas) {
			got += p.Error()
		}
		if got != x.want {
			t.Errorf("%d liars of %d: %q, want %q", x.faults, x.replicas, got, x.want)
		}
	}
}
