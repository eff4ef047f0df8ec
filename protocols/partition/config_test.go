package partition_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols/draw"
	"meshsim/protocols/partition"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	v := reflect.ValueOf(partition.Default())
	for i := range v.NumField() {
		f := v.Type().Field(i)
		want := fmt.Sprint(v.Field(i).Interface())
		if f.Name == "MaxDrift" {
			want = "0.1%"
		}
		if f.Tag.Get("key") == "" || f.Tag.Get("doc") == "" || f.Tag.Get("default") != want {
			t.Errorf("%s has the tag %q, want a key, a doc and the default %s", f.Name, f.Tag, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		change func(c *partition.Config)
		want   []string
	}{
		{func(*partition.Config) {}, nil},
		{func(c *partition.Config) { c.Interval, c.Lease = time.Millisecond, 6*time.Millisecond }, nil},
		{func(c *partition.Config) { c.Interval = 0 }, []string{"interval: is 0s, must be at least 1ms"}},
		{func(c *partition.Config) { c.Lease = 5 * time.Second }, []string{"lease: is 5s, must be at least 6 intervals: a lease that ends before it is renewed makes the mesh read-only again and again; write 6s or more"}},
		{func(c *partition.Config) { c.Lease = time.Hour }, []string{"lease: is 1h0m0s, more than 1000 intervals of 1s; write a longer interval"}},
		{func(c *partition.Config) { c.MaxDrift = draw.Ratio(1, 4) }, []string{"max_drift: is a quarter or more, which leaves too little of a lease; write less than 25%"}},
		{func(c *partition.Config) { c.Reach, c.Peers, c.Side = "a", "b", "c" }, []string{
			`reach: is "a", must be probes or detector`, `peers: is "b", must be members or announced`, `side: is "c", must be clique or common`}},
		{func(c *partition.Config) { c.Probes, c.Faults, c.Reconcile = -1, -2, 0 }, []string{
			"probes: is -1, must be 0 or more", "faults: is -2, must be 0 or more", "reconcile: is 0s, must be at least 1ms"}},
	} {
		k := partition.Default()
		c.change(&k)
		var got []string
		for _, p := range k.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", k, got, c.want)
		}
	}
	k := partition.Default()
	k.Faults = 2
	if p := k.ValidateMembers(6); len(p) != 1 || p[0].Error() != "faults: is 2, which takes 7 members, but 6 run the protocol; write faults: 1, or declare 7" {
		t.Errorf("two liars of six: %v", p)
	}
	if p := k.ValidateMembers(7); p != nil {
		t.Errorf("two liars of seven: %v", p)
	}
}

// A permit of a slow clock that rests on a pledge made at time 0 ends before a
// pledge of a fast clock that was made at time 0.
func TestPermitEndsBeforePledges(t *testing.T) {
	for _, drift := range []uint64{0, 1, 10, 100, 249} { // per thousand
		for _, lease := range []time.Duration{6, time.Microsecond, time.Second, 24 * time.Hour} {
			c := partition.Config{Lease: lease, MaxDrift: draw.Ratio(drift, 1000)}
			permit := int64(partition.Permit(&c))
			// permit/(1-d) < lease/(1+d), in integers
			if permit*int64(1000+drift) >= int64(lease)*int64(1000-drift) {
				t.Errorf("lease %v, drift %d‰: the permit of %v is too long", lease, drift, time.Duration(permit))
			}
			if drift <= 100 && lease > time.Second && permit < int64(lease)*3/4 {
				t.Errorf("lease %v, drift %d‰: the permit of %v is too short to be of use", lease, drift, time.Duration(permit))
			}
		}
	}
}
