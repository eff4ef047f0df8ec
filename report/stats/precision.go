package stats

import "math"

// Stop says why a sequence of replications ended.
type Stop string

// The reasons. The empty one is to go on.
const (
	GoOn     Stop = ""
	Reached  Stop = "precision reached"
	AtMost   Stop = "cap reached"
	NoSpread Stop = "no spread" // all values are equal
	NoValues Stop = "no values" // no run has any, so more runs would tell nothing
)

// fewest is the least number of replications that a decision to stop may rest
// on: the variance of fewer is often far too small by chance, and then one stops
// too soon.
const fewest = 10

// Precision is the rule that ends a sequence of replications: when the interval
// is narrow enough, or at a cap.
type Precision struct {
	HalfWidth  float64 // > 0
	Relative   bool    // HalfWidth is a part of the true value: 0.02 is 2%
	Confidence float64 // 0 is [Confidence]
	Min, Max   int     // replications; Min is at least 10, Max 0 no cap
}

// Next is the number of replications at which to look next, having n: geometric
// looks by √2 (10, 14, 20, 28, 40 …) up to the cap. Each look is a chance to stop
// by luck, so they are few (Law, section 9.4.1; Fishman 1977). Max, if it is the
// smaller, wins over Min.
func (p Precision) Next(n int) int {
	look := max(p.Min, fewest)
	for even := look; look <= n; {
		if look == even {
			look = int(math.Sqrt(float64(2 * even * even)))
		} else {
			even *= 2
			look = even
		}
	}
	if p.Max > 0 {
		return min(look, p.Max)
	}
	return look
}

// Stop decides at a look, after n replications, for the intervals of all metrics
// that must be precise. They have the confidence of p.
func (p Precision) Stop(n int, metrics ...Interval) Stop {
	reached, spread, empty := n >= max(p.Min, fewest), false, true
	for _, in := range metrics {
		empty = empty && in.N == 0 && math.IsNaN(in.Value)
		reached = reached && p.met(in)
		spread = spread || in.Lo != in.Hi
	}
	switch {
	case empty && n >= max(p.Min, fewest):
		return NoValues
	case reached && !spread:
		return NoSpread
	case reached:
		return Reached
	case p.Max > 0 && n >= p.Max:
		return AtMost
	}
	return GoOn
}

// met reports whether the interval is narrow enough. A relative error of at most
// h of the true value needs one of h/(1+h) of the estimate (Law, section 9.4.1).
func (p Precision) met(in Interval) bool {
	half := max(in.Hi-in.Value, in.Value-in.Lo)
	limit := p.HalfWidth
	if p.Relative {
		limit = float64(p.HalfWidth/(1+p.HalfWidth)) * math.Abs(in.Value)
	}
	return half <= limit // false for NaN
}
