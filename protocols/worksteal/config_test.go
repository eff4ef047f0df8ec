package worksteal_test

import (
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/task"
	"meshsim/protocols/worksteal"
)

func TestValidate(t *testing.T) {
	good := worksteal.Default()
	if p := good.Validate(); p != nil {
		t.Errorf("the default is refused: %v", p)
	}
	for _, c := range []struct {
		path   string
		change func(c *worksteal.Config)
	}{
		{"victim", func(c *worksteal.Config) { c.Victim = "richest" }},
		{"share", func(c *worksteal.Config) { c.Share = "all" }},
		{"choices", func(c *worksteal.Config) { c.Choices = 0 }},
		{"most", func(c *worksteal.Config) { c.Most = 5000 }},
		{"threshold", func(c *worksteal.Config) { c.Threshold = 0 }},
		{"tries", func(c *worksteal.Config) { c.Tries = 65 }},
		{"tries", func(c *worksteal.Config) { c.Victim, c.Tries = "nearest", 1 }},
		{"timeout", func(c *worksteal.Config) { c.Timeout = 0 }},
		{"retry", func(c *worksteal.Config) { c.Retry = time.Microsecond }},
		{"retry_max", func(c *worksteal.Config) { c.RetryMax = time.Millisecond }},
		{"fresh", func(c *worksteal.Config) { c.Fresh = -1 }},
	} {
		s := worksteal.Default()
		c.change(&s)
		p := s.Validate()
		if len(p) != 1 || p[0].Path != c.path || !strings.HasPrefix(p[0].Message, "is ") {
			t.Errorf("%s: %v", c.path, p)
		}
	}
}

func TestNewPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a wrong configuration is taken")
		}
	}()
	worksteal.New(task.Default(), worksteal.Config{})
}

// A victim keeps what the threshold says, and gives one, or half rounded up.
func TestShare(t *testing.T) {
	for _, c := range []struct {
		share           string
		threshold, most int
		waiting, load   int
		want            int
	}{
		{"one", 2, 64, 0, 0, 0},
		{"one", 2, 64, 0, 1, 0},
		{"one", 2, 64, 1, 1, 0},
		{"one", 2, 64, 1, 2, 1},
		{"one", 2, 64, 9, 10, 1},
		{"one", 5, 64, 3, 4, 0},
		{"one", 1, 64, 1, 1, 1},
		{"half", 2, 64, 0, 4, 0},
		{"half", 2, 64, 1, 2, 1},
		{"half", 2, 64, 4, 5, 2},
		{"half", 2, 64, 5, 6, 3},
		{"half", 5, 64, 5, 6, 2},
		{"half", 2, 8, 100, 101, 8},
	} {
		if got := worksteal.Share(&worksteal.Config{Share: c.share, Threshold: c.threshold, Most: c.most}, c.waiting, c.load); got != c.want {
			t.Errorf("%+v: gives %d", c, got)
		}
	}
}

// A rest doubles with each round in vain, up to its limit.
func TestBackOff(t *testing.T) {
	const first, most = 100 * time.Millisecond, 5 * time.Second
	for vain, want := range []time.Duration{first, 2 * first, 4 * first, 8 * first, 16 * first, 32 * first, most, most} {
		if got := worksteal.BackOff(first, most, uint(vain)); got != want {
			t.Errorf("after %d rounds: %v, want %v", vain, got, want)
		}
	}
	if got := worksteal.BackOff(first, most, 1<<30); got != most {
		t.Errorf("after very many rounds: %v", got)
	}
}

// What a node knows of others is bounded, and ordered.
func TestPeersAreBounded(t *testing.T) {
	l := worksteal.Peers{}
	for i := range 1000 {
		l.Enter(protocols.NodeID(i*7919%1000), protocols.Time(i))
		if n := len(l.IDs()); n > 64 {
			t.Fatalf("%d peers", n)
		}
	}
	ids := l.IDs()
	for i := range ids {
		if i > 0 && ids[i] <= ids[i-1] {
			t.Errorf("%d stands after %d", ids[i], ids[i-1])
		}
	}
	for i := 1000 - 64; i < 1000; i++ { // those heard of last
		if id := protocols.NodeID(i * 7919 % 1000); !l.Knows(id) {
			t.Errorf("node %d is forgotten", id)
		}
	}
}
