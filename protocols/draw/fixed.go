package draw

import "math/bits"

// Fixed-point functions. Qn means an integer in units of 2^-n. All of them are
// monotone, so every sampler is, too.

const (
	ln2Q64 = 0xb17217f7d1cf79ab // the natural logarithm of 2
	ln2Q57 = ln2Q64 >> 7
	third  = 1 << 64 / 3 // Q64
)

// logCell serves mantissas from 1+i/128 to its end 1+(i+1)/128.
type logCell struct {
	inverse uint64 // 1/end in Q64
	log     uint64 // ln(2/end) in Q57
}

var logTable = makeLogTable()

func makeLogTable() (t [128]logCell) {
	for i := range t {
		end := uint64(129 + i)
		t[i].inverse, _ = bits.Div64(128, 0, end)
		t[i].log = uint64(fixed(ln(256/float64(end)), 57))
	}
	return t
}

// negLog returns -ln(v/2^64) in Q57; 0 counts as 1, so it is at most 44.37.
// The error is below 1e-11, and where v is near 2^64 below 1e-9 of the result.
func negLog(v uint64) uint64 {
	v |= 1
	lz := uint(bits.LeadingZeros64(v))
	m := v << lz
	c := &logTable[m>>56&127]
	// m is end·(1-r), and -ln(1-r) = r + r²·(1/2 + r·(1/3 + r/4 + …)), r < 1/128.
	toEnd := 1<<56 - m&(1<<56-1)
	r := mulHi(toEnd<<1, c.inverse)
	s := r + mulHi(mulHi(r, r), 1<<63+mulHi(r, third+r>>2))
	return uint64(lz)*ln2Q57 + c.log + s>>7
}

var exp2Table = makeExp2Table()

// makeExp2Table tabulates 2^(i/128) in Q63.
func makeExp2Table() (t [128]uint64) {
	for i := range t {
		t[i] = uint64(fixed(exp(float64(float64(i)/128*ln2)), 62)) << 1
	}
	return t
}

// exp2 returns 2^t, t in Q50, rounded to an integer and at most [Limit]. The
// error is below 1e-10 of the result beside the rounding.
func exp2(t int64) int64 {
	i := t >> 50
	if i < -1 {
		return 0
	}
	if i >= 62 {
		return Limit
	}
	f := uint64(t) & (1<<50 - 1)
	k := exp2Table[f>>43]
	// The rest is e^x = 1 + x + x²·(1/2 + x·(1/6 + …)), x < ln 2/128.
	x := mulHi(f&(1<<43-1)<<14, ln2Q64)
	g := mulHi(k, x+mulHi(mulHi(x, x), 1<<63+mulHi(x, third>>1)))
	m := (k + g) >> uint(62-i)
	return min(int64((m+1)>>1), Limit)
}

// mulQ58 returns x·y/2^58 rounded to the nearest, for results below 2^63.
func mulQ58(x, y uint64) int64 {
	hi, lo := bits.Mul64(x, y)
	lo, carry := bits.Add64(lo, 1<<57, 0)
	return int64((hi+carry)<<6 | lo>>58)
}

// mulHi returns the product of two Q64, or of an integer and a Q64.
func mulHi(x, y uint64) uint64 {
	hi, _ := bits.Mul64(x, y)
	return hi
}
