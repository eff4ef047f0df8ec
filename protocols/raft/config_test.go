package raft_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols/client"
	"meshsim/protocols/draw"
	"meshsim/protocols/raft"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	c := raft.Default()
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Name == "Replicas" || f.Name == "Client" {
			continue
		}
		want := fmt.Sprint(v.Field(i).Interface())
		switch {
		case f.Name == "MaxBytes":
			want = "64KiB"
		case f.Name == "MaxDrift":
			want = "0.1%"
		}
		if f.Tag.Get("key") == "" || f.Tag.Get("doc") == "" || f.Tag.Get("default") != want {
			t.Errorf("%s has the tag %q, want a key, a doc and the default %s", f.Name, f.Tag, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		change func(c *raft.Config)
		want   []string
	}{
		{func(*raft.Config) {}, nil},
		{func(c *raft.Config) { c.ElectionMax = c.Election }, nil},
		{func(c *raft.Config) { c.ElectionMax = 100 * time.Millisecond },
			[]string{"election_timeout_max: is 100ms, must be at least the election_timeout of 150ms"}},
		{func(c *raft.Config) { c.Heartbeat = 150 * time.Millisecond },
			[]string{"heartbeat: is 150ms, must be below the election_timeout of 150ms: followers would stand for election between heartbeats"}},
		{func(c *raft.Config) { c.Heartbeat, c.MaxBatch = 0, 0 },
			[]string{"heartbeat: is 0s, must be 10µs to 1h0m0s", "max_batch: is 0, must be 1 to 65536"}},
		{func(c *raft.Config) { c.Reads = "quorum" }, []string{`reads: is "quorum", must be log, index, lease or local`}},
		{func(c *raft.Config) { c.Reads, c.CheckQuorum, c.MaxDrift = "lease", false, draw.Ratio(1, 2) },
			[]string{"reads: is lease, which needs check_quorum: without it a replica may vote while another's lease lasts; write check_quorum: true, or reads: index",
				"max_drift: is half or more, which leaves no lease; write less than 50%"}},
		{func(c *raft.Config) { c.Client = client.Default(); c.Client.Timeout = 0 },
			[]string{"client.timeout: is 0s, must be at least 1µs"}},
	} {
		k := raft.Default()
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

// A leader's lease is over by real time before the first follower may vote,
// however clocks drift within the bound.
func TestLease(t *testing.T) {
	for _, drift := range []draw.Probability{0, draw.Ratio(1, 1000), draw.Ratio(1, 10), draw.Ratio(49, 100)} {
		for _, election := range []time.Duration{time.Millisecond, 150 * time.Millisecond, time.Hour} {
			k := raft.Default()
			k.Election, k.MaxDrift = election, drift
			d := float64(drift) / (1 << 63) / 2
			lease, promise := float64(raft.Lease(k))/(1-d), float64(election)/(1+d)
			if lease >= promise || lease < promise*(1-3*d)-2 {
				t.Errorf("drift %v, election timeout %v: a lease of %v ns, a promise of %v", d, election, lease, promise)
			}
		}
	}
}

// Places survive packing, and the least and greatest are different.
func TestPack(t *testing.T) {
	for _, p := range [][2]uint64{{0, 0}, {1, 0}, {0, 1}, {1<<24 - 1, 1<<40 - 1}, {12345, 678901}} {
		if term, index := raft.Unpack(raft.Pack(p[0], p[1])); term != p[0] || index != p[1] {
			t.Errorf("%v became %d, %d", p, term, index)
		}
	}
}

func TestValidateReplicas(t *testing.T) {
	k := raft.Default()
	k.Voters = 4
	if p := k.ValidateReplicas(4); p != nil {
		t.Errorf("4 voters of 4: %v", p)
	}
	p := k.ValidateReplicas(3)
	if want := "voters: is 4, but the cluster has 3 replicas; write 3 or less"; len(p) != 1 || p[0].Error() != want {
		t.Errorf("4 voters of 3: %v, want %q", p, want)
	}
}
