package strict

import (
	"fmt"
	"math/big"
	"strings"

	"meshsim/protocols/draw"
)

// ParseProbability reads 5%, 0.05 or 1/20, rounded down to a multiple of 2^-64.
func ParseProbability(s string) (draw.Probability, error) {
	text, percent := strings.CutSuffix(s, "%")
	left, right, slash := strings.Cut(text, "/")
	x, ok := decimal(strings.TrimRight(left, " "))
	switch {
	case ok && percent && !slash:
		x.Quo(x, big.NewRat(100, 1))
	case ok && slash && !percent:
		y, isNumber := decimal(right)
		if ok = isNumber && y.Sign() > 0; ok {
			x.Quo(x, y)
		}
	case slash:
		ok = false
	}
	switch {
	case !ok:
		return 0, fmt.Errorf("%s is not a probability; write 5%%, 0.05 or 1/20", quote(s))
	case x.Cmp(big.NewRat(1, 1)) == 0 && !percent && !slash:
		return 0, fmt.Errorf("%s is ambiguous; write 1%% for one in a hundred or 100%% for always", s)
	case x.Cmp(big.NewRat(1, 1)) > 0 && !percent && !slash:
		return 0, fmt.Errorf("%s is outside 0…1; did you mean %s%%?", quote(s), s)
	case x.Cmp(big.NewRat(1, 1)) > 0:
		return 0, fmt.Errorf("%s is outside 0%%…100%%", quote(s))
	}
	return toProbability(x), nil
}

func toProbability(x *big.Rat) draw.Probability {
	v := new(big.Int).Lsh(x.Num(), 64)
	v.Quo(v, x.Denom())
	if v.IsUint64() {
		return draw.Probability(v.Uint64())
	}
	return draw.Always
}

// FormatProbability writes p as the shortest percentage, or the fraction, that
// is read back as p.
func FormatProbability(p draw.Probability) string {
	for _, den := range []int64{3, 6, 7, 9, 11} {
		for num := int64(1); num < den; num++ {
			if toProbability(big.NewRat(num, den)) == p {
				r := big.NewRat(num, den)
				return r.String()
			}
		}
	}
	if p == draw.Always {
		return "100%"
	}
	// The middle of the interval of numbers that are read as p.
	twice := new(big.Int).SetUint64(uint64(p))
	twice.Lsh(twice, 1).Add(twice, big.NewInt(1))
	middle := new(big.Rat).SetFrac(twice, new(big.Int).Lsh(big.NewInt(1), 65))
	middle.Mul(middle, big.NewRat(100, 1))
	for digits := range 20 {
		s := middle.FloatString(digits) + "%"
		if q, err := ParseProbability(s); err == nil && q == p {
			return s
		}
	}
	panic("strict: no text for a probability")
}
