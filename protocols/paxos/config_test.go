package paxos_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/protocols/paxos"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	c := paxos.Default()
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		want := "false"
		if d, ok := v.Field(i).Interface().(time.Duration); ok {
			want = d.String()
		}
		if f.Tag.Get("key") == "" || f.Tag.Get("doc") == "" || f.Tag.Get("default") != want {
			t.Errorf("%s has the tag %q, want a key, a doc and the default %s", f.Name, f.Tag, want)
		}
	}
}

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		config paxos.Config
		want   []string
	}{
		{paxos.Default(), nil},
		{paxos.Config{Retry: time.Millisecond, RetryMax: time.Millisecond}, nil},
		{paxos.Config{}, []string{"retry: is 0s, must be at least 1ms"}},
		{paxos.Config{Retry: time.Second}, []string{"retry_max: is 0s, must be at least the retry of 1s"}},
		{paxos.Config{Retry: 9, RetryMax: 8}, []string{"retry: is 9ns, must be at least 1ms", "retry_max: is 8ns, must be at least the retry of 9ns"}},
	} {
		var got []string
		for _, p := range c.config.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v: %q, want %q", c.config, got, c.want)
		}
	}
}

// A try waits half to one and a half times a period that doubles up to its limit.
func TestBackOff(t *testing.T) {
	long := paxos.Config{Retry: time.Hour, RetryMax: 1<<62 - 1}
	for _, c := range []struct {
		config paxos.Config
		tries  uint
		period time.Duration
	}{
		{paxos.Default(), 0, 500 * time.Millisecond},
		{paxos.Default(), 1, time.Second},
		{paxos.Default(), 4, 8 * time.Second},
		{paxos.Default(), 5, 8 * time.Second},
		{paxos.Default(), 1 << 31, 8 * time.Second},
		{long, 10, 1024 * time.Hour},
		{long, 63, 1<<62 - 1},
	} {
		least, most := time.Duration(1<<63-1), time.Duration(0)
		for key := range uint64(1000) {
			env := &protocols.Env{Rand: draw.New(draw.Mix(key))}
			paxos.BackOff(c.config, c.tries, env)
			least, most = min(least, env.Timers[0].After), max(most, env.Timers[0].After)
		}
		low, high := c.period/2, c.period+c.period/2
		if least < low || least > low+c.period/50 || most >= high || most < high-c.period/50 {
			t.Errorf("try %d of %+v waits %v to %v, want %v to %v", c.tries, c.config, least, most, low, high)
		}
	}
}
