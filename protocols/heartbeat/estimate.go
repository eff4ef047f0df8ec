package heartbeat

import (
	"math"
	"math/bits"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// peer is somebody whom the node watches.
type peer struct {
	id          protocols.NodeID
	incarnation uint32
	sequence    uint32 // of its newest heartbeat
	suspected   bool
	heard       protocols.Time // when that came
	due         protocols.Time // the peer is trusted until then
	window      *window        // arrivals, for those detectors that estimate
}

// window holds the last values of a series.
type window struct {
	values []int64 // a ring once it is full
	next   int
	sum    int64
	origin protocols.Time // nfd-e: arrivals are counted from here, and heartbeats from …
	first  uint32         // … this one
}

// add puts in a value; beyond the size it replaces the oldest.
func (w *window) add(v int64, size int) {
	w.sum += v
	if len(w.values) < size {
		w.values = append(w.values, v)
		return
	}
	w.sum -= w.values[w.next]
	w.values[w.next] = v
	w.next = (w.next + 1) % size
}

// mean is the mean value.
func (w *window) mean() int64 { return w.sum / int64(len(w.values)) }

// deviation is the standard deviation, rounded down. Cost: linear in the window.
func (w *window) deviation() int64 {
	mean := w.mean()
	var high, low uint64
	for _, v := range w.values {
		d := uint64(max(v-mean, mean-v))
		h, l := bits.Mul64(d, d)
		var carry uint64
		low, carry = bits.Add64(low, l, 0)
		high += h + carry
	}
	n := uint64(len(w.values))
	if high >= n {
		return math.MaxInt64 >> 24
	}
	variance, _ := bits.Div64(high, low, n)
	return int64(root(variance))
}

// root is the square root of v, rounded down (Newton's method, on integers).
func root(v uint64) uint64 {
	if v == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(v) + 1) / 2)
	for {
		y := (x + v/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}

// hear takes in a heartbeat that is newer than all before, and says until when the
// peer is trusted. One that begins an incarnation out of turn is no arrival to learn from.
func (s *shared) hear(p *peer, b *Beat, now protocols.Time) {
	if b.Incarnation != p.incarnation && b.Sequence < p.sequence { // it was restarted
		*p = peer{id: p.id, suspected: p.suspected}
	}
	inTurn := b.Sequence > p.sequence
	timeout := protocols.Time(s.Timeout)
	switch {
	case s.Detector == "nfd-s":
		p.due = b.Sent + timeout
	case s.Detector == "nfd-e" && inTurn:
		p.due = s.expected(p, b, now) + timeout - protocols.Time(s.Interval)
	case s.Detector == "phi" && inTurn:
		p.due = now + s.patience(p, now)
	default:
		p.due = now + timeout
	}
	p.incarnation, p.sequence, p.heard = b.Incarnation, b.Sequence, now
}

// expected is when the next heartbeat should come: the mean of how much later than
// their intervals the last ones came, from the next interval on (Chen, Toueg, Aguilera,
// "On the quality of service of failure detectors", IEEE ToC 2002, section 6.3).
func (s *shared) expected(p *peer, b *Beat, now protocols.Time) protocols.Time {
	if p.window == nil {
		p.window = &window{origin: now, first: b.Sequence}
	}
	w, interval := p.window, int64(s.Interval)
	intervals := int64(b.Sequence - w.first)
	w.add(int64(now-w.origin)-intervals*interval, s.Window)
	return w.origin + protocols.Time(w.mean()+(intervals+1)*interval)
}

// Gaps between arrivals are kept in microseconds, up to longestGap.
const (
	longestGap = 1 << 28
	fewGaps    = 8 // with fewer the timeout counts
)

// patience is how long the next heartbeat may take until it is overdue by the
// threshold: the mean gap and so many deviations (Hayashibara et al., "The phi accrual
// failure detector", SRDS 2004, section 4.2). Outages are gaps, too: it learns of them.
func (s *shared) patience(p *peer, now protocols.Time) protocols.Time {
	if p.window == nil {
		p.window = &window{}
	} else {
		p.window.add(min(int64(now-p.heard)/1000, longestGap), s.Window)
	}
	w := p.window
	if len(w.values) < min(fewGaps, s.Window) {
		return protocols.Time(s.Timeout)
	}
	deviation := min(max(w.deviation(), int64(s.Phi.MinDeviation/time.Microsecond)), longestGap)
	return protocols.Time((w.mean()+deviation*s.deviations>>20)*1000) + protocols.Time(s.Phi.Pause)
}

// deviations is how many standard deviations a normal variate exceeds with a chance of
// 10 to the minus threshold, times 2^20.
func deviations(threshold int) int64 {
	chance := uint64(math.MaxUint64)
	for range threshold {
		chance /= 10
	}
	normal, err := draw.Normal(0, 1<<20)
	if err != nil {
		panic("heartbeat: " + err.Error())
	}
	return normal.Quantile(^chance)
}

// logarithm is the logarithm of n to base 10 in thousandths, rounded; 0 for less
// than 1. It squares n again and again, and counts by how much that grows.
func logarithm(n int) int64 {
	if n < 1 {
		return 0
	}
	whole := bits.Len(uint(n)) - 1
	x := uint64(n) << 31 >> uint(whole) // n over the power of two, in Q31
	binary := int64(whole) << 16        // to base 2, in Q16
	for bit := int64(1) << 15; bit > 0; bit >>= 1 {
		x = x * x >> 31
		if x >= 1<<32 {
			x >>= 1
			binary += bit
		}
	}
	return (binary*19728301 + 1<<31) >> 32 // times 1000·log10(2), Q16
}
