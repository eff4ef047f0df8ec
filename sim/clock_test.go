package sim

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

const year = int64(365 * 24 * time.Hour)

// drifts that scenarios may name, in parts per billion.
var drifts = []int64{0, 1, -1, 50_000, -50_000, 99_999_999, 100_000_000, -100_000_000, -99_999_999}

// A timer never comes early on the node's own clock, and late by at most one
// nanosecond of it, rounded up to what the clock can show.
func TestClockElapseIsInverseOfPass(t *testing.T) {
	r := draw.New(1)
	for _, drift := range drifts {
		c := clock{drift: drift}
		for range 3000 {
			d := r.Int64N(year) >> r.IntN(50)
			e := c.elapse(d)
			if got := c.pass(e); got < d || got > d+1 {
				t.Fatalf("drift %d: %d ns on the clock take %d ns, in which it advances by %d", drift, d, e, got)
			}
			if e > 0 && c.pass(e-1) >= d && d > 0 {
				t.Fatalf("drift %d: %d ns on the clock take %d ns, but %d would do", drift, d, e, e-1)
			}
			// From any instant on, not only from the anchor.
			from := r.Int64N(year)
			if got := c.read(from+e) - c.read(from); got < d || got > d+2 {
				t.Fatalf("drift %d: %d ns set at %d expire after %d ns on the clock", drift, d, from, got)
			}
		}
	}
}

// A clock never stands still nor goes back, and is within a nanosecond of the
// real line.
func TestClockReadsItsRate(t *testing.T) {
	r := draw.New(2)
	for _, drift := range drifts {
		c := clock{at: 5, shows: -7, drift: drift}
		for range 3000 {
			d := r.Int64N(year) >> r.IntN(50)
			got := c.read(5+d) + 7
			// d·(1+drift/1e9) in two exact parts.
			whole, part := d/billion*drift, d%billion*drift
			low := d + whole + int64(math.Floor(float64(part)/billion))
			if got != low {
				t.Fatalf("drift %d: after %d ns the clock has advanced by %d, want %d", drift, d, got, low)
			}
			if step := c.read(6+d) - c.read(5+d); step < 0 || step > 2 {
				t.Fatalf("drift %d: the clock jumps by %d ns within one", drift, step)
			}
		}
	}
}

// A clock that is amended shows at that instant what it showed, plus the offset.
func TestClockAmendedIsContinuous(t *testing.T) {
	for seed := range uint64(300) {
		r := draw.New(seed)
		c := clock{}
		at, sum := int64(0), int64(0)
		for range 30 {
			at += r.Int64N(year / 30)
			offset, drift := r.Int64N(2001)-1000, r.Int64N(200_001)-100_000
			d := c.amended(at, offset, drift)
			if got := d.read(at); got != c.read(at)+offset {
				t.Fatalf("seed %d: amended by %d at %d, the clock jumps by %d", seed, offset, at, got-c.read(at))
			}
			c, sum = d, sum+drift
		}
		if c.drift != sum {
			t.Fatalf("seed %d: the drifts sum up to %d, not %d", seed, sum, c.drift)
		}
	}
}

// Faults may sum up to more than a clock can do: it never stops nor turns back.
func TestClockKeepsRunning(t *testing.T) {
	c := clock{}
	for range 30 {
		c = c.amended(1000, 0, -100_000_000)
	}
	if got := c.elapse(1000); got < 1000 || got > 1_000_000 {
		t.Errorf("a clock that ought to stand still takes %d ns for 1000", got)
	}
	if c.elapse(never) < c.elapse(year) {
		t.Error("the longest timer overflows")
	}
	for range 30 {
		c = c.amended(2000, 0, 100_000_000)
	}
	if got := c.elapse(1000); got != 1000 {
		t.Errorf("with all faults over, 1000 ns take %d", got)
	}
}

func TestClockInitialDraws(t *testing.T) {
	declared := Clock{Offset: time.Second, OffsetRange: time.Millisecond, DriftPPB: 500, DriftRange: 50}
	var offset, drift float64
	const n = 2000
	for i := range uint64(n) {
		c := declared.initial(draw.Mix(i))
		if c.shows < 999e6 || c.shows > 1001e6 || c.drift < 450 || c.drift > 550 {
			t.Fatalf("clock %d starts at %d with drift %d", i, c.shows, c.drift)
		}
		offset += float64(c.shows-1e9) / n
		drift += float64(c.drift-500) / n
	}
	// 4 standard errors of the mean of uniform draws.
	if limit := 4 * 1e6 / math.Sqrt(3*n); math.Abs(offset) > limit {
		t.Errorf("mean offset is %.0f from the declared, want within %.0f", offset, limit)
	}
	if limit := 4 * 50 / math.Sqrt(3*n); math.Abs(drift) > limit {
		t.Errorf("mean drift is %.2f from the declared, want within %.2f", drift, limit)
	}
}

// Timers keep their promise through every amendment of the clock: a node's
// timers are checked against its own reading when they expire.
func TestTimersOnAmendedClocks(t *testing.T) {
	for seed := range uint64(20) {
		r := draw.New(seed)
		c := Config{Seed: seed, Duration: 2 * time.Second}
		late := new(lateness)
		c.Groups = []Group{{Name: "all", Count: 5, Clock: Clock{DriftRange: 100_000_000, OffsetRange: time.Second},
			Stack: []*protocols.Protocol{late.protocol()}}}
		steps := 0
		for i := range 12 {
			f := Fault{Name: string(rune('a' + i)), At: time.Duration(r.Int64N(int64(c.Duration))),
				For: time.Duration(r.Int64N(int64(time.Second))), Clock: &ClockFault{DriftPPB: r.Int64N(100_000_001) - 50_000_000}}
			steps += 2
			c.Faults = append(c.Faults, f)
		}
		if _, err := Run(c); err != nil {
			t.Fatal(err)
		}
		if late.n < 500 || late.least < 0 || late.most > int64(steps)+2 {
			t.Fatalf("seed %d: %d timers came %d to %d ns after their deadline on the node's clock", seed, late.n, late.least, late.most)
		}
	}
}

// lateness sets timers and notes how late they come on the node's own clock.
type lateness struct{ n, least, most int64 }

type latenessNode struct {
	l   *lateness
	due [4]protocols.Time
}

func (l *lateness) protocol() *protocols.Protocol {
	return &protocols.Protocol{Name: "lateness", New: func(_ protocols.World, ids []protocols.NodeID) protocols.Nodes {
		nodes := make(protocols.NodeList, len(ids))
		for i := range nodes {
			nodes[i] = &latenessNode{l: l}
		}
		return nodes
	}}
}

func (n *latenessNode) set(env *protocols.Env, i uint8) {
	after := time.Duration(env.Rand.Int64N(1 << (10 + env.Rand.IntN(20))))
	n.due[i] = env.Now + protocols.Time(after)
	env.SetTimer(protocols.Timer(i, 0), after)
}

func (n *latenessNode) Start(env *protocols.Env) {
	for i := range n.due {
		n.set(env, uint8(i))
	}
}

func (n *latenessNode) Receive(*protocols.Env, protocols.NodeID, protocols.Message) {}

func (n *latenessNode) Expire(env *protocols.Env, t protocols.TimerID) {
	late := int64(env.Now - n.due[t.Name()])
	n.l.n++
	n.l.least, n.l.most = min(n.l.least, late), max(n.l.most, late)
	n.set(env, t.Name())
}
