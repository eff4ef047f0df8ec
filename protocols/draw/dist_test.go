package draw

import (
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// exact is a distribution as a measuring device knows it.
type exact interface {
	CDF(x float64) float64
	Quantile(p float64) float64
}

type moved struct {
	exact
	by float64
}

func (m moved) CDF(x float64) float64      { return m.exact.CDF(x - m.by) }
func (m moved) Quantile(p float64) float64 { return m.exact.Quantile(p) + m.by }

func must(d *Dist, err error) *Dist {
	if err != nil {
		panic(err)
	}
	return d
}

type specimen struct {
	name     string
	d        *Dist
	exact    exact
	mean, sd float64 // NaN: infinite, or far from what samples show
}

func lognormalOf(mean, sd float64) distuv.LogNormal {
	s2 := math.Log(1 + sd*sd/mean/mean)
	return distuv.LogNormal{Mu: math.Log(mean) - s2/2, Sigma: math.Sqrt(s2)}
}

func specimens() []specimen {
	const ms = 1e6
	nan := math.NaN()
	return []specimen{
		{"uniform", Uniform(5*ms, 25*ms), distuv.Uniform{Min: 5 * ms, Max: 25 * ms}, 15 * ms, 20 * ms / math.Sqrt(12)},
		{"uniform negative", Uniform(-3*ms, ms), distuv.Uniform{Min: -3 * ms, Max: ms}, -ms, 4 * ms / math.Sqrt(12)},
		{"exponential", must(Exponential(2*ms, 10*ms)), moved{distuv.Exponential{Rate: 1 / (10 * ms)}, 2 * ms}, 12 * ms, 10 * ms},
		{"normal", must(Normal(100*ms, 7*ms)), distuv.Normal{Mu: 100 * ms, Sigma: 7 * ms}, 100 * ms, 7 * ms},
		{"lognormal", must(Lognormal(20*ms, 10*ms, 5*ms)), moved{lognormalOf(10*ms, 5*ms), 20 * ms}, 30 * ms, 5 * ms},
		{"lognormal wide", must(LognormalMedian(0, 30*ms, 1.5)), distuv.LogNormal{Mu: math.Log(30 * ms), Sigma: 1.5}, 30 * ms * math.Exp(1.125), nan},
		{"lognormal narrow", must(Lognormal(0, 1000*ms, 50)), distuv.Normal{Mu: 1000 * ms, Sigma: 50}, 1000 * ms, 50},
		{"pareto", must(Pareto(10*ms, 4.5)), distuv.Pareto{Xm: 10 * ms, Alpha: 4.5}, 10 * ms * 4.5 / 3.5, 10 * ms / 3.5 * math.Sqrt(4.5/2.5)},
		{"pareto mean", must(ParetoMean(10*ms, 30*ms)), distuv.Pareto{Xm: 10 * ms, Alpha: 1.5}, 30 * ms, nan},
		{"weibull", must(Weibull(50*ms, 2)), distuv.Weibull{K: 2, Lambda: 50 * ms}, 50 * ms * math.Gamma(1.5), 50 * ms * math.Sqrt(1-math.Gamma(1.5)*math.Gamma(1.5))},
		{"weibull heavy", must(Weibull(50*ms, 0.5)), distuv.Weibull{K: 0.5, Lambda: 50 * ms}, 100 * ms, 50 * ms * math.Sqrt(20)},
	}
}

// Kolmogorov's statistic of 200 000 samples stays under the bound of p = 1e-4.
func TestSamplesFollowTheirDistribution(t *testing.T) {
	const n = 200_000
	for i, s := range specimens() {
		r := New(uint64(i + 1))
		v := make([]float64, n)
		sum, sum2 := 0.0, 0.0
		for j := range v {
			v[j] = float64(s.d.Sample(&r))
			sum += v[j]
		}
		mean := sum / n
		for _, x := range v {
			sum2 += (x - mean) * (x - mean)
		}
		slices.Sort(v)
		if ks := kolmogorov(v, s.exact.CDF); ks*math.Sqrt(n) > 2.2 {
			t.Errorf("%s: KS statistic is %.5f, √n times that %.2f", s.name, ks, ks*math.Sqrt(n))
		}
		sd := math.Sqrt(sum2 / n)
		if !math.IsNaN(s.sd) && (math.Abs(sd/s.sd-1) > 0.02 || math.Abs(mean-s.mean) > 4*s.sd/math.Sqrt(n)) {
			t.Errorf("%s: mean %.0f, sd %.0f of the samples; want %.0f, %.0f", s.name, mean, sd, s.mean, s.sd)
		}
	}
}

// kolmogorov returns the largest distance between the empirical distribution of
// sorted integers and a continuous one. Integers stand for the half unit around.
func kolmogorov(sorted []float64, cdf func(float64) float64) float64 {
	d, n := 0.0, float64(len(sorted))
	for i, x := range sorted {
		d = max(d, cdf(x-0.5)-float64(i)/n, float64(i+1)/n-cdf(x+0.5))
	}
	return d
}

// The stated errors hold for quantiles at all depths.
func TestQuantilesAreExact(t *testing.T) {
	r := New(7)
	for _, s := range specimens() {
		if s.name == "lognormal narrow" {
			continue // compared with a normal one, which it only resembles
		}
		for range 20_000 {
			w := r.Uint64() >> uint(r.IntN(64)) >> 1 // probabilities from 2^-64 to 1/2
			for _, upper := range []bool{false, true} {
				u := w
				if upper {
					u = ^w
				}
				// A word stands for the probabilities between it and the next.
				a, b := tail(s.exact, float64(w), upper), tail(s.exact, float64(w)+1, upper)
				a, b = min(a, Limit), min(b, Limit)
				got, slack := float64(s.d.Quantile(u)), 0.51+tolerance(s, w, max(a, b))
				if got < min(a, b)-slack || got > max(a, b)+slack {
					t.Fatalf("%s: quantile of %#x is %.0f, want %.1f … %.1f ± %.2g", s.name, u, got, a, b, slack)
				}
			}
		}
	}
}

// tail is the value that is exceeded, or not reached, with probability w/2^64.
func tail(e exact, w float64, upper bool) float64 {
	q := max(w, 0.5) * 0x1p-64
	if m, ok := e.(moved); ok {
		return m.by + tail(m.exact, w, upper)
	}
	logTail := -math.Log(q) // -ln P(X > x)
	if !upper {
		logTail = -math.Log1p(-q)
	}
	switch e := e.(type) {
	case distuv.Weibull:
		return e.Lambda * math.Pow(logTail, 1/e.K)
	case distuv.Exponential:
		return logTail / e.Rate
	case distuv.Pareto:
		return e.Xm * math.Exp(logTail/e.Alpha)
	case distuv.Uniform:
		if upper {
			return e.Max - q*(e.Max-e.Min)
		}
		return e.Min + q*(e.Max-e.Min)
	case distuv.Normal:
		if upper {
			return 2*e.Mu - e.Quantile(q)
		}
		return e.Quantile(q)
	case distuv.LogNormal:
		return math.Exp(tail(distuv.Normal{Mu: e.Mu, Sigma: e.Sigma}, w, upper))
	}
	panic("unknown distribution")
}

// tolerance is the stated error of the quantile of w or ^w.
func tolerance(s specimen, w uint64, want float64) float64 {
	z := 2e-6
	if w < 1<<47 {
		z = 2e-4
	}
	switch s.d.kind {
	case uniform:
		return 0.5 // rounded down
	case exponential:
		return 1e-11 * float64(s.d.scale)
	case normal:
		return z * float64(s.d.scale)
	case lognormal:
		return z * s.exactSigma() * want
	case pareto:
		return 2e-10 * want
	case weibull:
		return 1e-9 / s.exactShape() * want
	}
	return 0
}

func (s specimen) exactSigma() float64 {
	e := s.exact
	if m, ok := e.(moved); ok {
		e = m.exact
	}
	return e.(distuv.LogNormal).Sigma
}

func (s specimen) exactShape() float64 { return s.exact.(distuv.Weibull).K }

// All samplers rise with the word, and reach their bounds at its ends.
func TestQuantilesRise(t *testing.T) {
	r := New(3)
	for _, s := range specimens() {
		check := func(u, v uint64) {
			if u > v {
				u, v = v, u
			}
			if a, b := s.d.Quantile(u), s.d.Quantile(v); a > b || a < s.d.Min() || b > s.d.Max() {
				t.Fatalf("%s: quantiles of %#x and %#x are %d and %d, within %d … %d", s.name, u, v, a, b, s.d.Min(), s.d.Max())
			}
		}
		for range 20_000 {
			u := r.Uint64() >> uint(r.IntN(64))
			check(u, u+1)
			check(^u, ^u-1)
			check(u, u+r.Uint64()>>20)
		}
		for i := uint(0); i < 128; i++ { // the ends of the cells of the logarithm
			for lz := uint(0); lz < 57; lz++ {
				m := (1<<63 | uint64(i)<<56) >> lz
				check(^m, ^(m - 1))
			}
		}
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name     string
		d        *Dist
		min, max int64
	}{
		{"constant", Constant(-5), -5, -5},
		{"constant at the limit", Constant(math.MaxInt64), Limit, Limit},
		{"uniform", Uniform(-2, 9), -2, 8},
		{"uniform of nothing", Uniform(4, 4), 4, 4},
		{"uniform, widest", Uniform(0, Limit), 0, Limit - 1},
		{"exponential", must(Exponential(3, 1000)), 3, 3 + 44361},
		{"exponential, widest", must(Exponential(Limit, maxSpread)), Limit, Limit},
		{"normal, constant", must(Normal(8, 0)), 8, 8},
		{"normal", must(Normal(0, 1_000_000)), -9_080_155, 9_080_155},
		{"normal, widest", must(Normal(-Limit, maxSpread)), -Limit, -Limit + 654294131789553664},
		{"lognormal, constant", must(Lognormal(8, 2, 0)), 10, 10},
		{"lognormal, widest", must(LognormalMedian(0, Limit, 50)), 0, Limit},
		{"pareto", must(Pareto(1000, 1)), 1000, Limit},
		{"pareto, light", must(Pareto(1000, 64)), 1000, 2000},
		{"pareto, heaviest", must(Pareto(1, minShape)), 1, Limit},
		{"weibull", must(Weibull(1000, 1)), 0, 44361},
		{"weibull, heaviest", must(Weibull(Limit, minShape)), 0, Limit},
		{"empirical", must(Empirical([]int64{-4, 7, 7, 100})), -4, 100},
		{"empirical, one", must(Empirical([]int64{7})), 7, 7},
		{"empirical, widest", must(Empirical([]int64{-Limit, Limit})), -Limit, Limit},
	} {
		if c.d.Min() != c.min || c.d.Max() != c.max {
			t.Errorf("%s: bounds are %d … %d, want %d … %d", c.name, c.d.Min(), c.d.Max(), c.min, c.max)
		}
	}
}

func TestEmpiricalRunsStraightBetweenValues(t *testing.T) {
	d := must(Empirical([]int64{0, 100, 1000}))
	for _, c := range []struct {
		u    uint64
		want int64
	}{{0, 0}, {1 << 62, 50}, {1 << 63, 100}, {3 << 62, 550}, {1<<64 - 1, 1000}} {
		if got := d.Quantile(c.u); got != c.want {
			t.Errorf("quantile of %#x is %d, want %d", c.u, got, c.want)
		}
	}
}

func TestMean(t *testing.T) {
	for _, s := range specimens() {
		spread := s.sd
		if math.IsNaN(spread) {
			spread = 100 * s.mean
		}
		if got := s.d.Mean(); math.Abs(float64(got)-s.mean) > 1+2e-6*spread {
			t.Errorf("%s: mean is %d, want %.1f", s.name, got, s.mean)
		}
	}
	// The mean of |X| for half of a normal distribution is sd·√(2/π).
	half := must(must(Normal(0, 1e9)).Truncated(0, Limit))
	if got, want := float64(half.Mean()), 1e9*math.Sqrt(2/math.Pi); math.Abs(got/want-1) > 1e-6 {
		t.Errorf("half a normal: mean is %.0f, want %.0f", got, want)
	}
	if got := must(Empirical([]int64{0, 100, 1000})).Mean(); got != 300 {
		t.Errorf("empirical: mean is %d, want 300", got)
	}
	if got := Constant(-7).Mean(); got != -7 {
		t.Errorf("constant: mean is %d, want -7", got)
	}
}

// One number of all samplers together, the same on every architecture.
func TestSamplesArePinned(t *testing.T) {
	list := append(specimens(),
		specimen{name: "empirical", d: must(Empirical([]int64{-4e6, 1e6, 7e6, 7e6, 100e6}))},
		specimen{name: "truncated", d: must(must(Normal(0, 1e6)).Truncated(-1e6, 3e6))},
		specimen{name: "scaled", d: must(Weibull(1e6, 0.6)).Scaled(7, 3).Shifted(-40)})
	want := map[string]string{
		"uniform":          "694652896256c325 19831297 8198207 14999999",
		"uniform negative": "cdabae0fcbc0f474 -33741 -2360359 -1000000",
		"exponential":      "27f7f35007f1f00f 15531106 3742467 12000000",
		"normal":           "5b63d0579c0cf6bb 104537246 93036213 100000000",
		"lognormal":        "74d2c1949030543b 32148432 25590543 30000000",
		"lognormal wide":   "1cfb9e9b3574fffa 79317949 6746051 92406540",
		"lognormal narrow": "3722345498a16ae6 1000000032 999999950 1000000000",
		"pareto":           "78d276c3f1976c0b 13507922 10394809 12857143",
		"pareto mean":      "fbc755830e82d5d2 24647090 11231806 29999955",
		"weibull":          "145193a9960af7fa 58161641 20871435 44311346",
		"weibull heavy":    "73f214275ab360c0 91545415 1518096 100000000",
		"empirical":        "46bcc49a0d30e5ce 7000000 -801792 15750000",
		"truncated":        "5c8289ce8d4d9384 777493 -544702 282786",
		"scaled":           "812bbef13cec763d 3862434 126799 3510636",
	}
	for _, s := range list {
		h, r := fnv.New64a(), New(42)
		for range 50_000 {
			x := uint64(s.d.Sample(&r))
			h.Write([]byte{byte(x), byte(x >> 8), byte(x >> 16), byte(x >> 24), byte(x >> 32), byte(x >> 40), byte(x >> 48), byte(x >> 56)})
		}
		r = New(42)
		got := fmt.Sprintf("%016x %d %d %d", h.Sum64(), s.d.Sample(&r), s.d.Sample(&r), s.d.Mean())
		if got != want[s.name] {
			t.Errorf("samples are\n\t%q: %q, want %q", s.name, got, want[s.name])
		}
	}
}

func TestTablesArePinned(t *testing.T) {
	h := uint64(0)
	for _, c := range logTable {
		h = Mix(h^c.log) ^ c.inverse
	}
	for _, v := range exp2Table {
		h = Mix(h ^ v)
	}
	for _, v := range normalTable {
		h = Mix(h ^ v)
	}
	if want := uint64(0xffa59977422a02da); h != want {
		t.Errorf("tables hash to %#x, want %#x", h, want)
	}
}

func TestSamplingDoesNotAllocate(t *testing.T) {
	r := New(1)
	for _, s := range specimens() {
		if n := testing.AllocsPerRun(100, func() { s.d.Sample(&r) }); n != 0 {
			t.Errorf("%s: %v allocations a sample", s.name, n)
		}
	}
}

func TestConstructorsRefuse(t *testing.T) {
	for _, c := range []struct {
		want string
		err  error
	}{
		{"exponential: mean is -1; write one from 0 to 72057594037927936", second(Exponential(0, -1))},
		{"normal: standard deviation is -1; write one from 0 to 72057594037927936", second(Normal(0, -1))},
		{"lognormal: a mean of 0 with a standard deviation of 4 is impossible; write a positive mean", second(Lognormal(0, 0, 4))},
		{"lognormal: sigma is NaN; write one from 0.001 to 50", second(LognormalMedian(0, 5, math.NaN()))},
		{"pareto: minimum is 0; write one from 1 to 4611686018427387903", second(Pareto(0, 2))},
		{"pareto: shape is 0; write one from 0.02 to 1000", second(Pareto(5, 0))},
		{"pareto: mean 5 is not above the minimum 5; write a larger mean", second(ParetoMean(5, 5))},
		{"weibull: shape is NaN; write one from 0.02 to 1000", second(Weibull(5, math.NaN()))},
		{"empirical: no values; write at least one", second(Empirical(nil))},
		{"empirical: value 1 follows 2; write the values in ascending order", second(Empirical([]int64{2, 1}))},
		{"truncation to 10 … 20 leaves nothing of a distribution on 0 … 8; widen the bounds", second(Uniform(0, 9).Truncated(10, 20))},
	} {
		if c.err == nil || c.err.Error() != c.want {
			t.Errorf("error is %v, want %s", c.err, c.want)
		}
	}
}

func second(_ *Dist, err error) error { return err }

// The fixed-point functions against floats.
func TestNegLogAndExp2(t *testing.T) {
	r := New(9)
	for range 200_000 {
		v := r.Uint64()>>uint(r.IntN(64)) | 1
		want := 64*math.Ln2 - math.Log(float64(v))
		if near := ^v; near < 1<<50 {
			want = -math.Log1p(-(float64(near) + 1) * 0x1p-64)
		}
		got := float64(negLog(v)) * 0x1p-57
		if math.Abs(got-want) > 0x1p-56+min(1e-11+3e-16*want, 1e-9*want) {
			t.Fatalf("negLog(%#x) is %g, want %g", v, got, want)
		}
		x := float64(r.Uint64()>>1) * 0x1p-63 * 62
		want = math.Exp2(x)
		if got := float64(exp2(fixed(x, 50))); math.Abs(got-want) > 0.5+1e-10*want {
			t.Fatalf("exp2(%g) is %.0f, want %.1f", x, got, want)
		}
	}
	for _, c := range []struct{ t, want int64 }{
		{0, 1}, {1 << 50, 2}, {-1 << 50, 1}, {-1<<50 - 1, 0}, {61 << 50, 1 << 61},
		{62<<50 - 1, Limit}, {62 << 50, Limit}, {math.MaxInt64, Limit}, {math.MinInt64, 0},
	} {
		if got := exp2(c.t); math.Abs(float64(got-c.want)) > 1e-9*float64(c.want) {
			t.Errorf("exp2(%d) is %d, want %d", c.t, got, c.want)
		}
	}
}

func TestFloatFunctions(t *testing.T) {
	r := New(11)
	for range 100_000 {
		x := math.Ldexp(1+float64(r.Uint64()>>12)*0x1p-52, r.IntN(120)-60)
		if got, want := ln(x), math.Log(x); math.Abs(got-want) > 3e-16*max(1, math.Abs(want)) {
			t.Fatalf("ln(%g) is %.17g, want %.17g", x, got, want)
		}
		y := float64(r.Uint64()>>11)*0x1p-53*200 - 100
		if got, want := exp(y), math.Exp(y); math.Abs(got/want-1) > 1e-15 {
			t.Fatalf("exp(%g) is %.17g, want %.17g", y, got, want)
		}
	}
}

func TestNormalTable(t *testing.T) {
	for i, z := range normalTable {
		var p float64
		if i < coarseKnots {
			p = math.Ldexp(16+float64(i%16), i/16-64-4)
		} else {
			j := i - coarseKnots
			p = math.Ldexp(256+float64(j%256), j/256-(fineOctaves+1)-8)
		}
		want := -distuv.UnitNormal.Quantile(p)
		if got := float64(z) * 0x1p-58; math.Abs(got-want) > 1e-11 {
			t.Fatalf("knot %d at probability %g is %.15f, want %.15f", i, p, got, want)
		}
	}
}

var sink int64

func BenchmarkSample(b *testing.B) {
	for _, s := range append(specimens(), specimen{name: "empirical", d: must(Empirical([]int64{1, 5, 9}))}) {
		b.Run(s.name, func(b *testing.B) {
			r := New(1)
			for range b.N {
				sink += s.d.Sample(&r)
			}
		})
	}
}

func BenchmarkTables(b *testing.B) {
	for range b.N {
		sink += int64(makeNormalTable()[5])
	}
}
