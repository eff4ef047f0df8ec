package gossip_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/gossip"
)

// The defaults in the tags, which scenarios use, are those of Default.
func TestTagsAgreeWithDefault(t *testing.T) {
	want := gossip.Default()
	checkTags(t, reflect.ValueOf(&want).Elem())
	checkTags(t, reflect.ValueOf(gossip.DefaultAntiEntropy()).Elem())
	checkTags(t, reflect.ValueOf(gossip.DefaultAggregation()).Elem())
}

func checkTags(t *testing.T, want reflect.Value) {
	t.Helper()
	for i := range want.NumField() {
		tag := want.Type().Field(i).Tag
		key := tag.Get("key")
		if key == "" || tag.Get("doc") == "" {
			t.Errorf("field %s needs a key and a doc", want.Type().Field(i).Name)
		}
		if want.Field(i).Kind() == reflect.Pointer {
			continue // off unless given
		}
		v, err := parse(want.Field(i), tag.Get("default"))
		if err != nil || !v.Equal(want.Field(i)) {
			t.Errorf("%s: default %q, want %v (%v)", key, tag.Get("default"), want.Field(i), err)
		}
	}
}

func TestValidate(t *testing.T) {
	def := gossip.Default()
	if p := def.Validate(); p != nil {
		t.Errorf("the defaults have problems: %v", p)
	}
	tests := []struct {
		spoil func(c *gossip.Config)
		want  []string
	}{
		{func(c *gossip.Config) { c.Mode = "shove" }, []string{`mode: is "shove", must be push, pull or push-pull`}},
		{func(c *gossip.Config) { c.Phase, c.Peers = "", "friends" }, []string{
			`phase: is "", must be random or synchronous`, `peers: is "friends", must be all, neighbours or membership`}},
		{func(c *gossip.Config) { c.Fanout, c.K = 0, 256 }, []string{"fanout: is 0, must be at least 1", "k: is 256, must be 1 to 255"}},
		{func(c *gossip.Config) { c.Interval = 0 }, []string{"interval: is 0s, must be at least 1µs"}},
		{func(c *gossip.Config) { c.Feedback = true }, []string{"feedback: has no effect with interest forever; write interest counter or coin"}},
		{func(c *gossip.Config) { c.Retention = time.Second }, []string{"retention: 1s is shorter than the interval of 2s"}},
		{func(c *gossip.Config) { c.Interval = time.Microsecond; c.Retention = time.Hour }, []string{
			"retention: 1h0m0s is more than 1073741824 intervals of 1µs"}},
		{func(c *gossip.Config) { c.MaxRumors, c.MaxMessageRumors, c.MaxMessageBytes = 0, 0, 1 }, []string{
			"max_rumors: is 0, must be 1 to 1048576", "max_message_rumors: is 0, must be at least 1", "max_message_bytes: is 1, must be at least 512"}},
		{func(c *gossip.Config) { c.AntiEntropy = &gossip.AntiEntropy{Mode: "none"} }, []string{
			`anti_entropy.mode: is "none", must be push, pull or push-pull`, "anti_entropy.interval: is 0s, must be at least 1µs",
			"anti_entropy.max_keys: is 0, must be 1 to 16777216"}},
		{func(c *gossip.Config) {
			c.Aggregation = &gossip.Aggregation{Function: "mean", Exchange: "push-sum", Initial: "zero", Epoch: -1}
		}, []string{
			`aggregation.function: is "mean", must be average, sum, count, min or max`, "aggregation.interval: is 0s, must be at least 1µs",
			"aggregation.timeout: is 0s, must be at least 1µs", "aggregation.epoch: is -1, must be 0 to 1048576"}},
	}
	for _, tc := range tests {
		c := gossip.Default()
		tc.spoil(&c)
		var got []string
		for _, p := range c.Validate() {
			got = append(got, p.Error())
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("problems %q, want %q", got, tc.want)
		}
	}
}

func TestNewRefusesABadConfig(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("New takes a configuration without interval")
		}
	}()
	gossip.New(gossip.Config{})
}

// A node is small: see the comment at node.
func TestSizeOfANode(t *testing.T) {
	p := gossip.New(gossip.Default())
	w := protocols.World{Nodes: 1, Members: []protocols.NodeID{0}}
	n := p.New(w, w.Members).At(0)
	if size := reflect.TypeOf(n).Elem().Size(); size > 64 {
		t.Errorf("a node has %d bytes, want at most 64", size)
	}
}
