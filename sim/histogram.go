package sim

import "math/bits"

// Histogram counts durations in buckets that grow with the value: 32 buckets
// each power of two, so a quantile is off by less than 1/32 of itself, and the
// largest value is exact.
type Histogram struct {
	Counts [64 * 32]uint64
	N      uint64
	Sum    uint64 // of the values
	Max    int64  // the largest value counted
}

// Add counts one value; negative ones count as 0.
func (h *Histogram) Add(v int64) {
	h.Counts[bucket(v)]++
	h.N++
	h.Sum += uint64(max(v, 0))
	h.Max = max(h.Max, v)
}

func bucket(v int64) int {
	if v < 32 {
		return int(max(v, 0))
	}
	shift := bits.Len64(uint64(v)) - 6
	return (shift+1)*32 + int(v>>shift) - 32
}

// lowest is the smallest value of a bucket.
func lowest(b int) int64 {
	if b < 32 {
		return int64(b)
	}
	shift := b/32 - 1
	return int64(32+b%32) << shift
}

// Quantile returns a value that num/den of the counted values do not exceed,
// rounded up to the end of its bucket or to the largest value; 0 if nothing was
// counted.
func (h *Histogram) Quantile(num, den uint64) int64 {
	if h.N == 0 {
		return 0
	}
	hi, lo := bits.Mul64(h.N, num)
	rank, rem := bits.Div64(hi, lo, den)
	if rem > 0 {
		rank++
	}
	rank = max(rank, 1)
	var seen uint64
	for b, c := range h.Counts {
		if seen += c; seen >= rank {
			if b == bucket(h.Max) {
				return h.Max
			}
			return lowest(b+1) - 1
		}
	}
	panic("sim: histogram counts do not sum to N")
}

// Merge adds the counts of other.
func (h *Histogram) Merge(other *Histogram) {
	h.N += other.N
	h.Sum += other.Sum
	h.Max = max(h.Max, other.Max)
	for i, c := range other.Counts {
		h.Counts[i] += c
	}
}

// Since returns what was counted after before, an earlier state of h: its Max is
// the end of the highest bucket. Cost: a pass over all buckets.
func (h *Histogram) Since(before *Histogram) *Histogram {
	d := &Histogram{N: h.N - before.N, Sum: h.Sum - before.Sum}
	for b := range h.Counts {
		if d.Counts[b] = h.Counts[b] - before.Counts[b]; d.Counts[b] > 0 {
			d.Max = min(h.Max, lowest(b+1)-1)
		}
	}
	return d
}
