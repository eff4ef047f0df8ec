package availability

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"meshsim/protocols/draw"
)

// Family is a family of distributions of lengths.
type Family string

// The families. Their parameters are Fit.Scale and Fit.Shape.
const (
	Exponential Family = "exponential" // scale: the mean; no shape
	Weibull     Family = "weibull"     // P(X > x) = e^-(x/scale)^shape
	Pareto      Family = "pareto"      // P(X > x) = (1 + x/scale)^-shape (Lomax, Pareto II)
	Lognormal   Family = "lognormal"   // ln X is normal; scale: the median e^μ, shape: σ
)

// Fit is the member of a family that makes a sample most likely.
type Fit struct {
	Family        Family
	Scale         time.Duration
	Shape         float64
	LogLikelihood float64
	AIC           float64 // Akaike (1974): 2·parameters - 2·LogLikelihood; the smallest is the best guess
	KS            float64 // the largest distance from Kaplan and Meier's estimate, at the ends of classes
}

// FitAll fits all families, the likeliest first. The likelihood of a length is
// the probability of its class, that of a censored one the probability to be
// longer. It is an error if there are fewer than three different lengths.
func FitAll(l *Lengths) ([]Fit, error) {
	if len(l.classes) < 3 {
		return nil, fmt.Errorf("%d different lengths; a fit needs at least 3", len(l.classes))
	}
	var fits []Fit
	for _, f := range []Family{Exponential, Weibull, Pareto, Lognormal} {
		fits = append(fits, fitOne(f, l))
	}
	slices.SortStableFunc(fits, func(a, b Fit) int { return cmp.Compare(b.LogLikelihood, a.LogLikelihood) })
	return fits, nil
}

func fitOne(f Family, l *Lengths) Fit {
	fit := Fit{Family: f}
	logL := func(logScale, logShape float64) float64 {
		scale, shape := math.Exp(logScale), math.Exp(logShape)
		return l.logLikelihood(func(x float64) float64 { return logSurvival(f, scale, shape, x) })
	}
	// Both parameters are sought by their logarithms, so that they stay positive:
	// scales up to a century, and shapes that package draw accepts.
	low, high := math.Log(l.Resolution.Seconds())-10, math.Log(3e9)
	bestScale := func(logShape float64) float64 {
		return maximize(low, high, func(logScale float64) float64 { return logL(logScale, logShape) })
	}
	logShape, parameters := 0.0, 1.0
	if f != Exponential {
		parameters = 2
		logShape = maximize(math.Log(0.02), math.Log(50), func(x float64) float64 { return logL(bestScale(x), x) })
		fit.Shape = math.Exp(logShape)
	}
	logScale := bestScale(logShape)
	fit.Scale = time.Duration(math.Exp(logScale) * 1e9)
	fit.LogLikelihood = logL(logScale, logShape)
	fit.AIC = float64(2*parameters) - float64(2*fit.LogLikelihood)
	fit.KS = l.kolmogorov(fit)
	return fit
}

// maximize returns where f, which rises and then falls, is largest, to about
// 1e-5: Kiefer's search by the golden section (1953).
func maximize(low, high float64, f func(x float64) float64) float64 {
	const g = 0.6180339887498949
	a, b := high-float64(g*(high-low)), low+float64(g*(high-low))
	fa, fb := f(a), f(b)
	for high-low > 1e-5 {
		if fa > fb {
			high, b, fb = b, a, fa
			a = high - float64(g*(high-low))
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + float64(g*(high-low))
			fb = f(b)
		}
	}
	return (low + high) / 2
}

// logLikelihood sums ln P over the classes.
func (l *Lengths) logLikelihood(logSurvival func(x float64) float64) float64 {
	sum := 0.0
	for _, c := range l.classes {
		if c.ended > 0 {
			a, b := logSurvival(l.begin(c)), logSurvival(l.end(c))
			sum += float64(c.ended * (a + math.Log(-math.Expm1(math.Min(b-a, -1e-300)))))
		}
		if c.censored > 0 {
			sum += float64(c.censored * logSurvival(l.middle(c)))
		}
	}
	return sum
}

// logSurvival is ln P(X > x), x in seconds.
func logSurvival(f Family, scale, shape, x float64) float64 {
	switch f {
	case Exponential:
		return -x / scale
	case Weibull:
		return -math.Pow(x/scale, shape)
	case Pareto:
		return float64(-shape * math.Log1p(x/scale))
	}
	if x <= 0 {
		return 0
	}
	z := math.Log(x/scale) / shape
	if z > 30 { // erfc underflows; the tail is the density over z
		return float64(-0.5*float64(z*z)) - math.Log(float64(z*math.Sqrt(2*math.Pi)))
	}
	return math.Log(math.Erfc(z/math.Sqrt2) / 2)
}

func (l *Lengths) kolmogorov(f Fit) float64 {
	d := 0.0
	for i, s := range l.survival() {
		fitted := math.Exp(logSurvival(f.Family, f.Scale.Seconds(), f.Shape, l.end(l.classes[i])))
		d = math.Max(d, math.Abs(fitted-s))
	}
	return d
}

// Mean is the mean of the fitted distribution; the longest Duration if it is
// infinite or longer than that.
func (f Fit) Mean() time.Duration {
	m := f.Scale.Seconds()
	switch f.Family {
	case Weibull:
		m = float64(m * math.Gamma(1+1/f.Shape))
	case Pareto:
		if m /= f.Shape - 1; f.Shape <= 1 {
			m = math.Inf(1)
		}
	case Lognormal:
		m = float64(m * math.Exp(f.Shape*f.Shape/2))
	}
	if m >= maxSeconds {
		return math.MaxInt64
	}
	return time.Duration(m * 1e9)
}

// Dist is the fitted distribution to draw from, in nanoseconds.
func (f Fit) Dist() (*draw.Dist, error) {
	switch f.Family {
	case Exponential:
		return draw.Exponential(0, int64(f.Scale))
	case Weibull:
		return draw.Weibull(int64(f.Scale), f.Shape)
	case Pareto:
		d, err := draw.Pareto(int64(f.Scale), f.Shape)
		if err != nil {
			return nil, err
		}
		return d.Shifted(-int64(f.Scale)), nil
	case Lognormal:
		return draw.LognormalMedian(0, int64(f.Scale), f.Shape)
	}
	return nil, fmt.Errorf("no family %q", f.Family)
}
