package capability_test

import (
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/capability"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

func TestValidate(t *testing.T) {
	good := capability.Default()
	if p := good.Validate(); p != nil {
		t.Errorf("the default is refused: %v", p)
	}
	for _, c := range []struct {
		path   string
		change func(c *capability.Config)
	}{
		{"fallback", func(c *capability.Config) { c.Fallback = "hope" }},
		{"step", func(c *capability.Config) { c.Fallback, c.Step = "relax", 0 }},
		{"floor", func(c *capability.Config) { c.Fallback, c.Floor = "relax", draw.Always }},
		{"retry", func(c *capability.Config) { c.Retry = time.Microsecond }},
		{"retry_max", func(c *capability.Config) { c.RetryMax = time.Millisecond }},
		{"give_up", func(c *capability.Config) { c.GiveUp = -1 }},
		{"backlog", func(c *capability.Config) { c.Backlog = 0 }},
		{"spread", func(c *capability.Config) { c.Spread = "flood" }},
		{"fanout", func(c *capability.Config) { c.Fanout = 65 }},
		{"interval", func(c *capability.Config) { c.Interval = 0 }},
		{"batch", func(c *capability.Config) { c.Batch = 0 }},
		{"rounds", func(c *capability.Config) { c.Rounds = 101 }},
		{"expire", func(c *capability.Config) { c.Expire = time.Second }},
		{"table", func(c *capability.Config) { c.Table = 1 << 20 }},
		{"forgive", func(c *capability.Config) { c.Forgive = 0 }},
	} {
		s := capability.Default()
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
	capability.New(task.Default(), capability.Config{})
}

// A wait doubles each time, up to its limit.
func TestBackOff(t *testing.T) {
	const first, most = 500 * time.Millisecond, 5 * time.Second
	for vain, want := range []time.Duration{first, 2 * first, 4 * first, 8 * first, most, most} {
		if got := capability.BackOff(first, most, uint(vain)); got != want {
			t.Errorf("after %d waits: %v, want %v", vain, got, want)
		}
	}
	if got := capability.BackOff(first, most, 1<<30); got != most {
		t.Errorf("after very many waits: %v", got)
	}
}

// The newest word of a node counts, whatever the order in which it comes.
func TestNewestWins(t *testing.T) {
	l := capability.Table{}
	for _, sequence := range []uint64{5, 3, 9, 7, 9} {
		l.Learn(1, sequence, nil, 0, 8)
	}
	if got := l.Sequence(1); got != 9 {
		t.Errorf("known is word %d, want 9", got)
	}
}

// A full table keeps the only node that offers something, and of those that are
// alike the youngest.
func TestRareIsKept(t *testing.T) {
	l, common, rare := capability.Table{}, vector("cpu"), vector("cpu", "gpu:4")
	l.Learn(500, 1, rare, 0, 16)
	for i := range 1000 {
		if i != 500 {
			l.Learn(protocols.NodeID(i*7919%1000), 1, common, protocols.Time(i+1), 16)
		}
	}
	ids := l.IDs()
	if len(ids) != 16 || l.Sequence(500) == 0 {
		t.Errorf("%d nodes are known, %v", len(ids), ids)
	}
	for i := 1000 - 15; i < 1000; i++ {
		if id := protocols.NodeID(i * 7919 % 1000); l.Sequence(id) == 0 && id != 500 {
			t.Errorf("node %d is forgotten", id)
		}
	}
	if cpu, gpu := l.Offers(common[0].Key), l.Offers(rare[0].Key)+l.Offers(rare[1].Key); cpu != 16 || gpu != 17 {
		t.Errorf("%d offer a cpu, %d this or a gpu; want 16 and 17", cpu, gpu)
	}
	l.Expire(1<<40, time.Second)
	if len(l.IDs()) != 0 || l.Offers(common[0].Key) != 0 {
		t.Errorf("known after all: %v", l.IDs())
	}
}

// Doubt is forgiven, bounded, and kept of so many nodes.
func TestDoubts(t *testing.T) {
	const forgive = 10 * time.Second
	d := capability.Doubts{}
	for i := range 2 * capability.MaxLevel {
		if got := int(d.Change(1, 1, 0, forgive)); got != min(i+1, capability.MaxLevel) {
			t.Errorf("broken %d times: doubt %d", i+1, got)
		}
	}
	for i := range 2 * capability.MaxLevel {
		at := protocols.Time(i) * protocols.Time(forgive)
		if got := int(d.Of(1, at, forgive)); got != max(capability.MaxLevel-i, 0) {
			t.Errorf("after %d times: doubt %d", i, got)
		}
	}
	if d.Change(1, -capability.MaxLevel, 0, forgive); d.Len() != 0 {
		t.Errorf("%d nodes are doubted, want none", d.Len())
	}
	for i := range 1000 {
		d.Change(protocols.NodeID(i), 1, protocols.Time(i), forgive)
	}
	if d.Len() != capability.MaxDoubts || d.Of(999, 999, forgive) != 1 || d.Of(0, 999, forgive) != 0 {
		t.Errorf("%d nodes are doubted", d.Len())
	}
}

// The match is the mean of the shares; what stands at a threshold meets it.
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		offers, needs []string
		percent       uint64
	}{
		{nil, nil, 100},
		{nil, []string{"gpu"}, 0},
		{[]string{"gpu:9", "ssd"}, []string{"gpu:4"}, 100},
		{[]string{"gpu:2"}, []string{"gpu:4"}, 50},
		{[]string{"gpu:7"}, []string{"gpu:10"}, 70},
		{[]string{"gpu:2", "ssd"}, []string{"gpu:5", "ssd"}, 70},
		{[]string{"gpu", "ssd", "fpga"}, []string{"gpu", "ssd", "tpu", "arm:3"}, 50},
	} {
		got := vector(c.offers...).Match(vector(c.needs...))
		if want := draw.Ratio(c.percent, 100); got < want || got-want > 1<<64/10000 {
			t.Errorf("%v match %v to %d/1000, want %d%%", c.offers, c.needs, got/(1<<64/1000), c.percent)
		}
	}
}
