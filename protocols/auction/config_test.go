package auction_test

import (
	"strings"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/auction"
	"meshsim/protocols/draw"
	"meshsim/protocols/task"
)

func TestValidate(t *testing.T) {
	good := auction.Default()
	if p := good.Validate(); p != nil {
		t.Errorf("the default is refused: %v", p)
	}
	percent := func(n uint64) draw.Probability { return draw.Ratio(n, 10_000) }
	good.Weights = auction.Weights{Match: percent(3333), Load: percent(3333), Performance: percent(3334)}
	if p := good.Validate(); p != nil {
		t.Errorf("three thirds are refused: %v", p)
	}
	good.Weights = auction.Weights{Load: draw.Always}
	if p := good.Validate(); p != nil {
		t.Errorf("one weight of 100%% is refused: %v", p)
	}
	for _, c := range []struct {
		path   string
		change func(c *auction.Config)
	}{
		{"announce", func(c *auction.Config) { c.Announce = "some" }},
		{"sample", func(c *auction.Config) { c.Sample = 0 }},
		{"sample", func(c *auction.Config) { c.Sample = 1025 }},
		{"deadline", func(c *auction.Config) { c.Deadline = 0 }},
		{"deadline", func(c *auction.Config) { c.Deadline = 25 * time.Hour }},
		{"weights", func(c *auction.Config) { c.Weights.Match = percent(4001) }},
		{"weights", func(c *auction.Config) { c.Weights.Load = 0 }},
		{"weights", func(c *auction.Config) { c.Weights = auction.Weights{} }},
		{"learning", func(c *auction.Config) { c.Learning = 0 }},
		{"forgive", func(c *auction.Config) { c.Forgive = -1 }},
		{"rounds", func(c *auction.Config) { c.Rounds = 0 }},
		{"retry", func(c *auction.Config) { c.Retry = time.Microsecond }},
		{"retry_max", func(c *auction.Config) { c.RetryMax = time.Millisecond }},
		{"open", func(c *auction.Config) { c.Open = 0 }},
	} {
		a := auction.Default()
		c.change(&a)
		p := a.Validate()
		if len(p) != 1 || p[0].Path != c.path || !strings.Contains(p[0].Message, " ") {
			t.Errorf("%s: %v", c.path, p)
		}
	}
	a := auction.Default()
	a.Weights.Match = percent(4001)
	if p := a.Validate(); !strings.HasPrefix(p[0].Message, "are 100.01% together, must be 100%; write {match: 40%") {
		t.Errorf("weights: %v", p)
	}
}

func TestNewPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a wrong configuration is taken")
		}
	}()
	auction.New(task.Default(), auction.Config{})
}

// The score is 0.4 match + 0.3 load + 0.2 performance + 0.1 resources; each mark is
// told as a share in millionths.
func TestScore(t *testing.T) {
	const one = auction.One
	for _, c := range []struct {
		match, free int64
		promise     time.Duration // for a task of 1s
		past        int64
		want        int64 // thousandths
	}{
		{one, one, time.Second, one, 400 + 150 + 200 + 100},           // idle, of speed 1, and always on time
		{one, one, 500 * time.Millisecond, one, 400 + 200 + 200 + 99}, // twice as fast; 2/3 is rounded down
		{one, 0, 2 * time.Second, one, 400 + 99 + 200 + 0},            // as much work ahead as the task
		{one / 2, one / 4, time.Second, 0, 200 + 150 + 0 + 25},
		{0, 0, time.Hour, one / 2, 0 + 0 + 100 + 0},
		{one, one, time.Millisecond, 0, 400 + 299 + 0 + 100}, // a liar that is never on time
	} {
		got := auction.Score(auction.Default(), c.match, c.free, c.promise, c.past)
		if got/1e9 != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	plain := auction.Default()
	plain.Weights = auction.Weights{Match: draw.Always}
	if got := auction.Score(plain, one/3, one, 1, one); got != one/3*one {
		t.Errorf("with the match alone: %d", got)
	}
}

// A mark is a share, rounded down, whatever the size of both.
func TestShares(t *testing.T) {
	const most = 1<<63 - 1
	for _, c := range []struct {
		part, whole uint64
		want        int64
	}{
		{0, 1, 0}, {1, 1, 1e6}, {2, 1, 1e6}, {1, 3, 333333}, {most / 2, most, 499999}, {most - 1, most, 999999}, {1, most, 0},
	} {
		if got := auction.Share(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d is %d, want %d", c.part, c.whole, got, c.want)
		}
	}
	for took, want := range map[time.Duration]int64{0: 1e6, time.Second: 1e6, 2 * time.Second: 5e5, 4 * time.Second: 25e4, -time.Second: 1e6} {
		if got := auction.Kept(time.Second, took); got != want {
			t.Errorf("1s that took %v is marked %d, want %d", took, got, want)
		}
	}
	if got := auction.LoadMark(time.Second, 0); got != 1e6 {
		t.Errorf("done at once is marked %d", got)
	}
}

// A wait doubles with each round, up to its limit.
func TestBackOff(t *testing.T) {
	const first, most = 100 * time.Millisecond, time.Second
	for before, want := range []time.Duration{first, 2 * first, 4 * first, 8 * first, most, most} {
		if got := auction.BackOff(first, most, before); got != want {
			t.Errorf("after %d waits: %v, want %v", before, got, want)
		}
	}
	if got := auction.BackOff(first, most, 1<<30); got != most {
		t.Errorf("after very many waits: %v", got)
	}
}

// How others did is remembered of so many, forgiven after a while, and unknown at
// first.
func TestPast(t *testing.T) {
	const half = auction.One / 2
	p := auction.Past{}
	for i := range protocols.NodeID(1000) {
		p.Set(i*7919%1000, protocols.Time(i), int64(i))
		if p.Len() > 256 {
			t.Fatalf("%d nodes are remembered", p.Len())
		}
	}
	for i := range protocols.NodeID(1000) {
		want := int64(half)
		if i >= 1000-256 {
			want = int64(i)
		}
		if got := p.Mark(i*7919%1000, 1000, time.Hour); got != want {
			t.Errorf("the mark of the %d-th is %d, want %d", i, got, want)
		}
	}
	last := protocols.NodeID(999 * 7919 % 1000)
	for now, want := range map[protocols.Time]int64{999 + 50: 999, 999 + 51: half} {
		if got := p.Mark(last, now, 50); got != want {
			t.Errorf("at %d the mark is %d, want %d", now, got, want)
		}
	}
	if got := p.Mark(last, 1<<60, 0); got != 999 {
		t.Errorf("what is never forgiven is marked %d", got)
	}
}
