package availability

import (
	"fmt"
	"math"
	"testing"
	"time"

	"meshsim/protocols/draw"
	"meshsim/sim"
)

func describe(l *Lengths) string {
	s := fmt.Sprintf("n %d, censored %d:", l.N, l.Censored)
	for _, c := range l.classes {
		s += fmt.Sprintf(" %d×(%.3g %.3g)", c.k, c.ended, c.censored)
	}
	return s
}

func TestLengths(t *testing.T) {
	trace := madeUp(t)
	for _, c := range []struct {
		byNode   bool
		up, down string
	}{
		// Sessions: home 2h and 5h or longer, late 1h, shop 2h; no first ones.
		// Downtimes: home 1h and 1h, late 1h and 4h or longer, shop 1h and 6h or longer.
		{false, "n 4, censored 1: 1×(1 0) 2×(2 0) 5×(0 1)", "n 6, censored 2: 1×(4 0) 4×(0 1) 6×(0 1)"},
		{true, "n 4, censored 1: 1×(1 0) 2×(1.5 0) 5×(0 0.5)", "n 6, censored 2: 1×(2 0) 4×(0 0.5) 6×(0 0.5)"},
	} {
		up, down := trace.Lengths(time.Hour, c.byNode)
		if describe(up) != c.up || describe(down) != c.down {
			t.Errorf("sessions are %s\n\tdowntimes %s\nwant %s\n\t%s", describe(up), describe(down), c.up, c.down)
		}
	}
}

// The example that Kaplan and Meier's estimate is worked by hand for: of 4 at
// risk 1 ends, of 3 then 2.
func TestSurvival(t *testing.T) {
	up, _ := madeUp(t).Lengths(time.Hour, false)
	want := []float64{3. / 4, 1. / 4, 1. / 4}
	for i, s := range up.survival() {
		if math.Abs(s-want[i]) > 1e-12 {
			t.Errorf("survival of class %d is %g, want %g", i, s, want[i])
		}
	}
	if got, want := up.Mean(), time.Duration((1+0.75+0.25*3)*float64(time.Hour)); got != want {
		t.Errorf("mean is %v, want %v", got, want)
	}
}

// synthetic is a trace of nodes that alternate by these distributions and were
// on for a while before the measurement begins, probed once each resolution.
func synthetic(nodes int, window, resolution time.Duration, up, down *draw.Dist) *Trace {
	trace := &Trace{End: window}
	for i := range nodes {
		r, row := draw.New(draw.Derive(1, uint64(i))), Row{}
		at := -10 * window
		for at < window {
			s := sim.Span{Start: at, End: at + time.Duration(up.Sample(&r))}
			at = s.End + time.Duration(down.Sample(&r))
			// The first probe at or after each change is what notices it.
			s.Start, s.End = ceil(max(s.Start, 0), resolution), min(ceil(s.End, resolution), window)
			if s.End > s.Start {
				_ = row.add(s)
			}
		}
		trace.Rows = append(trace.Rows, row)
	}
	return trace
}

func ceil(d, resolution time.Duration) time.Duration {
	return (d + resolution - 1) / resolution * resolution
}

func must(d *draw.Dist, err error) *draw.Dist {
	if err != nil {
		panic(err)
	}
	return d
}

// Fits find the parameters that a trace was made with, although its sessions
// are cut off at both ends and seen through probes.
func TestFitRecoversParameters(t *testing.T) {
	const h = int64(time.Hour)
	for _, c := range []struct {
		family       Family
		dist         *draw.Dist
		scale, shape float64
	}{
		{Exponential, must(draw.Exponential(0, 12*h)), 12, 0},
		{Weibull, must(draw.Weibull(20*h, 0.6)), 20, 0.6},
		{Pareto, must(draw.Pareto(10*h, 1.6)).Shifted(-10 * h), 10, 1.6},
		{Lognormal, must(draw.LognormalMedian(0, 8*h, 1.2)), 8, 1.2},
	} {
		const window = 30 * 24 * time.Hour
		trace := synthetic(60, window, time.Minute, c.dist, must(draw.Exponential(0, 2*h)))
		up, _ := trace.Lengths(time.Minute, false)
		fits, err := FitAll(up)
		if err != nil {
			t.Fatal(err)
		}
		best := math.Inf(1)
		for _, f := range fits {
			best = min(best, f.AIC)
		}
		for _, f := range fits {
			switch {
			case f.Family != c.family && c.family != Exponential && f.AIC < best+20:
				t.Errorf("%s is not told from %s: %+v", c.family, f.Family, fits)
			case f.Family == c.family && (f.AIC > best+6 || f.KS > 0.03 ||
				math.Abs(f.Scale.Hours()/c.scale-1) > 0.1 || math.Abs(f.Shape-c.shape) > 0.05*c.shape):
				t.Errorf("%s with scale %gh and shape %g: best fit is %+v", c.family, c.scale, c.shape, f)
			}
		}
		if up.Censored < 30 {
			t.Errorf("%s: only %d sessions are censored, so nothing is shown", c.family, up.Censored)
		}
	}
}

// Without the censored ones the mean of long sessions would be far too short.
func TestCensoredLengthsCount(t *testing.T) {
	const h = int64(time.Hour)
	trace := synthetic(1500, 48*time.Hour, 5*time.Minute, must(draw.Exponential(0, 40*h)), must(draw.Exponential(0, 10*h)))
	up, _ := trace.Lengths(5*time.Minute, false)
	fits, err := FitAll(up)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fits {
		if f.Family == Exponential && math.Abs(f.Mean().Hours()/40-1) > 0.08 {
			t.Errorf("mean session is %v, want 40h", f.Mean())
		}
	}
}

// What is drawn from a fit has the median and the mean of the fit.
func TestFitDist(t *testing.T) {
	for _, f := range []Fit{
		{Family: Exponential, Scale: time.Hour},
		{Family: Weibull, Scale: time.Hour, Shape: 0.5},
		{Family: Pareto, Scale: time.Hour, Shape: 2.5},
		{Family: Lognormal, Scale: time.Hour, Shape: 1.5},
	} {
		d, err := f.Dist()
		if err != nil {
			t.Fatal(err)
		}
		median := time.Duration(d.Quantile(1 << 63)).Seconds()
		if s := math.Exp(logSurvival(f.Family, 3600, f.Shape, median)); math.Abs(s-0.5) > 1e-6 {
			t.Errorf("%s: half of what is drawn exceeds %gs, of the fit %g", f.Family, median, s)
		}
		if got, want := float64(d.Mean()), float64(f.Mean()); math.Abs(got/want-1) > 1e-3 {
			t.Errorf("%s: mean of what is drawn is %v, of the fit %v", f.Family, d.Mean(), f.Mean())
		}
	}
	if m := (Fit{Family: Pareto, Scale: time.Hour, Shape: 1}).Mean(); m != math.MaxInt64 {
		t.Errorf("mean of a Pareto distribution of shape 1 is %v", m)
	}
}

func TestLognormalTail(t *testing.T) {
	// On both sides of where the error function gives way to its asymptote.
	a, b := logSurvival(Lognormal, 1, 1, math.Exp(29.999)), logSurvival(Lognormal, 1, 1, math.Exp(30.001))
	if slope := (b - a) / 0.002; math.Abs(slope+30) > 1 {
		t.Errorf("tail falls from %g to %g", a, b)
	}
}

func TestFitAllRefuses(t *testing.T) {
	l := newLengths(time.Second, []length{{time.Second, false, 1}, {time.Minute, false, 1}})
	if _, err := FitAll(l); err == nil || err.Error() != "2 different lengths; a fit needs at least 3" {
		t.Errorf("error is %v", err)
	}
}
