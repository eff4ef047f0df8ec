package stats

import (
	"math"
	"testing"
)

// runs makes finished replications.
func runs(x ...float64) []Run {
	out := make([]Run, len(x))
	for i, v := range x {
		out[i] = Run{Value: v}
	}
	return out
}

func ramp(n int, of func(i int) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = of(i)
	}
	return x
}

func closeTo(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(got == want || math.IsNaN(got) && math.IsNaN(want) || math.Abs(got-want) <= 1e-7*math.Abs(want)+1e-9) {
		t.Errorf("%s = %.10g, want %.10g", what, got, want)
	}
}

// The data of Student (1908): hours of sleep gained by two drugs. Values by R 4.2:
// t.test(paired = TRUE), and with mu and alternative for the margins.
var drug1 = runs(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
var drug2 = runs(1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)

func TestCompareByStudentsT(t *testing.T) {
	c := Compare(drug1, drug2, Question{Direction: LargerIsBetter})
	closeTo(t, "difference", c.Difference.Value, 1.58)
	closeTo(t, "low end", c.Difference.Lo, 0.700114236723)
	closeTo(t, "high end", c.Difference.Hi, 2.459885763277)
	closeTo(t, "p", c.P, 0.00283289019738)
	if c.Verdict != Better || c.Leaning() != Better || c.Wins != 9 || c.Ties != 1 || c.Losses != 0 || c.More != 0 || c.Difference.Method != StudentT {
		t.Errorf("%+v", c)
	}
	within := Compare(drug1, drug2, Question{Direction: LargerIsBetter, Margin: 2})
	closeTo(t, "p of equivalence within 2", within.PEquivalent, 0.154157235669)
	closeTo(t, "p of no loss of 2", within.PNotWorse, 3.55234415925e-06)
	if within.Verdict != Inconclusive || within.More < 5 || !within.NotWorse() {
		t.Errorf("%+v", within)
	}
	half := Compare(drug1, drug2, Question{Direction: LargerIsBetter, Margin: 0.5})
	closeTo(t, "p of a gain beyond 0.5", half.P, 2*0.0107592433784)
}

// Fieller's interval is where the t test of y - r·x turns; by uniroot in R 4.2.
func TestCompareInPartsOfTheBase(t *testing.T) {
	base, other := runs(102, 98, 110, 95, 105, 99, 101, 107), runs(95, 90, 108, 91, 96, 97, 92, 99)
	c := Compare(base, other, Question{Margin: 0.05, OfBase: true})
	closeTo(t, "relative difference", c.Relative.Value, -0.0599755201958)
	closeTo(t, "low end", c.Relative.Lo, -0.0846891919129)
	closeTo(t, "high end", c.Relative.Hi, -0.0354247391837)
	closeTo(t, "p of better by 5%", c.P, 2*0.184616059346)
	if c.Verdict != Inconclusive || c.Leaning() != Better || c.More <= 0 || !c.NotWorse() {
		t.Errorf("%+v", c)
	}
	if c := Compare(runs(1, -1, 0, 0), runs(1, 2, 3, 4), Question{Margin: 0.05, OfBase: true}); c.Relative.Bounded() || c.Verdict != Inconclusive || c.More != -1 {
		t.Errorf("a base without a mean: %+v", c)
	}
}

// Hollander and Wolfe (1973), page 29, depression scales, p one-sided 0.0195; R's
// wilcox.test gives the others.
func TestSignedRank(t *testing.T) {
	x := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	y := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	closeTo(t, "depression", SignedRank(combine(y, x, 1)), 0.0390625)
	closeTo(t, "12 values", SignedRank([]float64{1.1, 2.2, -0.7, 3.4, 5.5, 6.1, -1.9, 8.8, 9.6, 10.3, 11.7, 12.9}), 0.00341796875)
	alternating := ramp(120, func(i int) float64 {
		if (i+1)%5 < 2 {
			return -float64(i + 1)
		}
		return float64(i + 1)
	})
	closeTo(t, "120 values, normal", SignedRank(alternating), 0.0574344934083)
	closeTo(t, "nothing", SignedRank([]float64{0, 0}), 1)
	closeTo(t, "infinities", SignedRank([]float64{inf, inf, 1, 2, 3, inf}), 2.0/64)
}

// Ties, against every way to set the signs.
func TestSignedRankWithTies(t *testing.T) {
	d := []float64{1, 1, -1, 2, 2, 2, -2, 0, 3, 3, 7}
	ranks := doubledRanks(d)
	low, total := 0, 0
	for _, r := range ranks {
		low, total = low+max(-r, 0), total+max(r, -r)
	}
	extreme := 0
	for mask := range 1 << len(ranks) {
		sum := 0
		for i, r := range ranks {
			if mask>>i&1 == 1 {
				sum += max(r, -r)
			}
		}
		if min(sum, total-sum) <= low {
			extreme++
		}
	}
	closeTo(t, "p", SignedRank(d), float64(extreme)/float64(int(1)<<len(ranks)))
}

// p.adjust(method = "holm") of R 4.2.
func TestHolm(t *testing.T) {
	for _, c := range [][2][]float64{
		{{0.01, 0.02, 0.03, 0.04, 0.05}, {0.05, 0.08, 0.09, 0.09, 0.09}},
		{{0.04, 0.001, nan, 0.03, 0.01, 0.03}, {0.09, 0.005, nan, 0.09, 0.04, 0.09}},
		{{0.9, 0.8}, {1, 1}}, {nil, nil},
	} {
		for i, got := range Holm(c[0]) {
			closeTo(t, "adjusted", got, c[1][i])
		}
	}
}

// The interval excludes a margin exactly if the test says so: no report
// contradicts itself.
func TestTestsAndIntervalsAgree(t *testing.T) {
	x := ramp(30, func(i int) float64 { return 10 + float64(i*i%7) })
	for name, y := range map[string][]float64{
		"even":   ramp(30, func(i int) float64 { return x[i]*1.1 + float64(i*i%5-2) }),
		"skewed": ramp(30, func(i int) float64 { return x[i] + math.Exp(float64(i)/5)/10 }),
	} {
		for _, relative := range []bool{false, true} {
			for margin := 0.0; margin < 30; margin += 0.0473 {
				q := Question{Margin: margin, OfBase: relative}
				if relative {
					q.Margin /= 20
				}
				c := Compare(runs(x...), runs(y...), q)
				in := c.Difference
				if relative {
					in = c.Relative
				}
				if (in.Method == BootstrapT) != (name == "skewed") {
					t.Fatalf("%s: %s", name, in.Method)
				}
				if (in.Lo > q.Margin) != (c.Verdict == Worse) {
					t.Fatalf("%s: interval %v, margin %v: %s, p %v", name, in, q.Margin, c.Verdict, c.P)
				}
			}
		}
	}
}

func TestEqualRuns(t *testing.T) {
	x := runs(ramp(10, func(i int) float64 { return 1 + float64(i)/3 })...)
	shifted := runs(ramp(10, func(i int) float64 { return 1.1 + float64(i)/3 })...) // by 0.1, less rounding
	zero := make([]Run, 10)
	for _, c := range []struct {
		name        string
		base, other []Run
		q           Question
		want        Verdict
		more        int
	}{
		{"the same", x, x, Question{}, Equivalent, 0},
		{"the same within a margin", x, x, Question{Margin: 0.05, OfBase: true}, Equivalent, 0},
		{"always 0, within a part of it", zero, zero, Question{Margin: 0.05, OfBase: true}, Equivalent, 0},
		{"3 times 0, within a part of it", zero[:3], zero[:3], Question{Margin: 0.05, OfBase: true}, Inconclusive, 2},
		{"0 and something", zero, x, Question{Margin: 0.05, OfBase: true}, Worse, 0},
		{"0 and something or nothing", zero, runs(1, -1, 0, 0, 1, 0, 0, -1, 1, -1), Question{Margin: 0.05, OfBase: true}, Inconclusive, -1},
		{"hardly ever something, and something", runs(0, 0, 0, 0, 0, 0, 0, 0, 0, 9), x, Question{Margin: 0.05, OfBase: true}, Inconclusive, 13},
		{"something and 0", x, zero, Question{Margin: 0.05, OfBase: true}, Better, 0},
		{"always the same and 0", runs(5, 5, 5, 5), zero[:4], Question{Margin: 0.05, OfBase: true}, Inconclusive, 2},
		{"3 the same", x[:3], x[:3], Question{Margin: 0.1}, Inconclusive, 2},
		{"always 0.1 more", x, shifted, Question{}, Worse, 0},
		{"always 0.1 more, larger is better", x, shifted, Question{Direction: LargerIsBetter}, Better, 0},
		{"5 times 0.1 more", x[:5], shifted[:5], Question{}, Inconclusive, 1},
		{"within 0.2", x, shifted, Question{Margin: 0.2}, Equivalent, 0},
		{"no runs", nil, nil, Question{}, Inconclusive, -1},
		{"one run", x[:1], shifted[:1], Question{}, Inconclusive, -1},
	} {
		got := Compare(c.base, c.other, c.q)
		if got.Verdict != c.want || got.More != c.more {
			t.Errorf("%s: %s, %d more, want %s, %d: %+v", c.name, got.Verdict, got.More, c.want, c.more, got)
		}
	}
}

// A clear difference stays clear in a large family, also where p-values come from
// 1999 resamples.
func TestClearDifferencesPassLargeFamilies(t *testing.T) {
	base := ramp(30, func(i int) float64 { return 10 + float64(i%7) })
	other := ramp(30, func(i int) float64 { return base[i] + 200 + math.Exp(float64(i)/5) })
	c := Compare(runs(base...), runs(other...), Question{})
	if c.Difference.Method != BootstrapT || c.P >= 1.0/2000 {
		t.Fatalf("%+v", c)
	}
	family := make([]Comparison, 400)
	for i := range family {
		family[i] = c
	}
	family[399] = Compare(nil, nil, Question{})
	Judge(family)
	if got := family[0]; got.Verdict != Worse || got.Family != 400 {
		t.Errorf("p %v, adjusted %v: %s", got.P, got.Adjusted, got.Verdict)
	}
	closeTo(t, "adjusted", family[0].Adjusted, 399*c.P)
	if got := family[399]; got.Verdict != Inconclusive || !math.IsNaN(got.Adjusted) {
		t.Errorf("no runs: %+v", got)
	}
}

// Tails go on where the resamples end, without a step.
func TestPivotTails(t *testing.T) {
	l := location{n: 30, pivots: ramp(resamples, func(i int) float64 { return float64(i-999) / 300 })}
	last := l.pivots[resamples-1]
	for _, c := range []struct{ t, want float64 }{{-9, 1}, {0, 0.5005}, {last, 0.001}, {last + 1e-9, 0.0005}} {
		if got := l.pivotTail(c.t); math.Abs(got-c.want) > 1e-3*c.want {
			t.Errorf("tail from %v: %v, want %v", c.t, got, c.want)
		}
	}
	if a, b := l.pivotTail(6), l.pivotTail(9); a >= 0.0005 || b >= a/10 || b <= 0 {
		t.Errorf("tails %v and %v", a, b)
	}
}
