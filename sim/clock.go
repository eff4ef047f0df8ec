package sim

import (
	"time"

	"meshsim/protocols/draw"
)

// clock is a node's clock. It shows what it showed at the anchor, plus the time
// since then at its own rate, rounded down. The zero clock is exact.
type clock struct {
	at    int64 // anchor, simulated time
	shows int64 // what the clock showed then
	drift int64 // parts per billion that it runs fast: the sum of all that was declared
}

// slowest is the least rate of a clock, should the drifts of several faults sum
// up to more than a clock can lag.
const slowest = -900_000_000

func (c clock) rate() int64 { return max(c.drift, slowest) }

// read returns what the clock shows at simulated time t, not before the anchor.
func (c clock) read(t int64) int64 { return c.shows + c.pass(t-c.at) }

// pass is how far the clock advances while d of simulated time passes, rounded
// down.
func (c clock) pass(d int64) int64 {
	rate := c.rate()
	if rate >= 0 {
		q, _ := mulDiv(d, rate, billion)
		return d + q
	}
	return d - mulDivUp(d, -rate, billion)
}

// elapse is how much simulated time passes while the clock advances by d,
// rounded up: a timer never comes early on its own clock. A clock that drifts
// counts no further than 18 years ahead.
func (c clock) elapse(d int64) int64 {
	rate := c.rate()
	if rate == 0 {
		return d
	}
	return min(mulDivUp(min(d, never/4), billion, billion+rate), never)
}

// amended returns the clock that from time t on is offset and runs faster.
func (c clock) amended(t, offset, drift int64) clock {
	return clock{at: t, shows: c.read(t) + offset, drift: c.drift + drift}
}

// initial draws the clock that a node starts with.
func (c Clock) initial(key uint64) clock {
	r := draw.New(key)
	return clock{
		shows: int64(c.Offset) + around(&r, int64(c.OffsetRange)),
		drift: c.DriftPPB + around(&r, c.DriftRange),
	}
}

// exact reports that all clocks of this kind show simulated time.
func (c Clock) exact() bool { return c == Clock{} }

// around draws uniformly from -span … span.
func around(r *draw.Rand, span int64) int64 {
	if span <= 0 {
		return 0
	}
	return int64(r.Uint64()%uint64(2*span+1)) - span
}

// cost is the CPU time that a scenario charges for receiving size bytes.
func (c CPU) cost(size int) int64 {
	perKiB, _ := mulDiv(int64(size), int64(c.PerKiB), 1024)
	return int64(c.PerMessage) + int64(size)*int64(c.PerByte) + perKiB
}

// free reports that calls cost nothing but what protocols ask for; then cores and
// queue matter only from the first call on that asks.
func (c CPU) free() bool { return c.PerMessage == 0 && c.PerByte == 0 && c.PerKiB == 0 }

// transmission is how long the line takes to send size bytes, rounded up; 0 if
// its rate is infinite.
func (p Pipe) transmission(size int) int64 {
	if p.BitsPerSecond <= 0 {
		return 0
	}
	return mulDivUp(int64(size)*8, int64(time.Second), p.BitsPerSecond)
}
