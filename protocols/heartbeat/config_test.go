package heartbeat_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols/heartbeat"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	compareTags(t, "", reflect.ValueOf(heartbeat.Default()))
	compareTags(t, "lifeguard.", reflect.ValueOf(*heartbeat.DefaultLifeguard()))
}

func compareTags(t *testing.T, path string, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		key := f.Tag.Get("key")
		if key == "" || f.Tag.Get("doc") == "" {
			t.Errorf("%s%s has the tag %q, want a key and a doc", path, f.Name, f.Tag)
		}
		switch x := v.Field(i).Interface().(type) {
		case heartbeat.Phi, heartbeat.SWIM:
			compareTags(t, key+".", v.Field(i))
		case *heartbeat.Lifeguard:
			if x != nil || f.Tag.Get("off") != "true" {
				t.Errorf("%s%s is not off by default", path, key)
			}
		default:
			if want := fmt.Sprint(x); f.Tag.Get("default") != want {
				t.Errorf("%s%s: the tag says %s, Default %s", path, key, f.Tag.Get("default"), want)
			}
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		change func(c *heartbeat.Config)
		want   []string
	}{
		{func(c *heartbeat.Config) {}, nil},
		{func(c *heartbeat.Config) { c.Detector = "swim" }, nil},
		{func(c *heartbeat.Config) { c.Detector, c.Phase, c.Watch = "Phi", "x", "" }, []string{
			`detector: is "Phi", must be fixed, nfd-s, nfd-e, phi or swim`, `phase: is "x", must be random or synchronous`,
			`watch: is "", must be members, neighbours or announced`}},
		{func(c *heartbeat.Config) { c.Timeout = 2 * time.Second }, []string{
			"timeout: 2s is no longer than the interval of 3s, so that every peer would be suspected between two heartbeats; write two intervals or more, as 9s"}},
		{func(c *heartbeat.Config) { c.Interval = 0 }, []string{"interval: is 0s, must be 1ms to 24h0m0s"}},
		{func(c *heartbeat.Config) { c.K = 0 }, []string{"k: is 0, must be 1 to 64"}},
		{func(c *heartbeat.Config) { c.K, c.Monitoring = 0, "all" }, nil},
		{func(c *heartbeat.Config) { c.Quorum = 4 }, []string{"quorum: 4 of 3 observers can never agree; write at most 3, or a greater k"}},
		{func(c *heartbeat.Config) { c.Quorum, c.Confirm = 4, "members" }, nil},
		{func(c *heartbeat.Config) { c.Quorum = -1 }, []string{"quorum: is -1; write 1 or more, or 0 for a majority"}},
		{func(c *heartbeat.Config) { c.Quorum, c.Confirm = 2, "none" }, []string{
			"quorum: 2 confirmations are asked of nobody; write confirm: observers or members, or leave quorum out"}},
		{func(c *heartbeat.Config) { c.Detector, c.Phi.Threshold, c.Phi.MinDeviation = "phi", 19, 0 }, []string{
			"phi.threshold: is 19, must be 1 to 18", "phi.min_deviation: is 0s, must be 1µs to 24h0m0s"}},
		{func(c *heartbeat.Config) {
			c.Detector, c.Watch, c.SWIM.PingTimeout = "swim", "neighbours", 3*time.Second
		}, []string{
			"watch: swim pings members at random, not neighbours; write watch: members, or another detector",
			"swim.ping_timeout: 3s is not within the period of 3s; write a part of it, as 750ms"}},
		{func(c *heartbeat.Config) {
			c.Detector, c.SWIM.Lifeguard = "swim", &heartbeat.Lifeguard{MaxHealth: -1, MaxSuspicion: 0, Confirmations: 31}
		}, []string{"swim.lifeguard.max_health: is -1, must be 0 to 100", "swim.lifeguard.max_suspicion: is 0, must be 1 to 100",
			"swim.lifeguard.confirmations: is 31, must be 1 to 30"}},
	} {
		config := heartbeat.Default()
		c.change(&config)
		var got []string
		for _, p := range config.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v:\n%q, want\n%q", config, got, c.want)
		}
	}
}

func TestValidateForMembers(t *testing.T) {
	c := heartbeat.Default()
	c.Confirm, c.Quorum = "members", 5
	if p := c.ValidateFor(6); p != nil {
		t.Errorf("5 of 6 members: %v", p)
	}
	if p := c.ValidateFor(5); len(p) != 1 || p[0].Error() != "quorum: 5 of 5 members can never agree that another one has failed; write at most 4" {
		t.Errorf("5 of 5 members: %v", p)
	}
	c.Confirm, c.Monitoring = "observers", "all"
	if p := c.ValidateFor(5); len(p) != 1 {
		t.Errorf("5 observers of 5 members: %v", p)
	}
}
