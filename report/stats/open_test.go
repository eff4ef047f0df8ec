package stats

import (
	"math"
	"testing"
)

// open makes replications of which those after the first done did not finish
// within 60.
func open(n, done int, of func(i int) float64) []Run {
	out := runs(ramp(n, of)...)
	for i := done; i < n; i++ {
		out[i] = Run{Value: 60, Open: true}
	}
	return out
}

func TestOpenRunsCountAsWorst(t *testing.T) {
	fast := func(i int) float64 { return 10 + float64(i%7) }
	slow := func(i int) float64 { return 20 + float64(i%5) }
	for _, c := range []struct {
		name        string
		base, other []Run
		q           Question
		want        Verdict
	}{
		{"never finishes", open(20, 20, fast), open(20, 0, fast), Question{}, Worse},
		{"never finishes, by more than 40", open(20, 20, fast), open(20, 0, fast), Question{Margin: 40}, Worse},
		{"by how much beyond 60 is unknown", open(20, 20, fast), open(20, 0, fast), Question{Margin: 60}, Inconclusive},
		{"finishes at last", open(20, 0, fast), open(20, 20, fast), Question{}, Better},
		{"finishes at last, by half", open(20, 0, fast), open(20, 20, fast), Question{Margin: 0.5, OfBase: true}, Better},
		{"larger is better, and never finishes", open(20, 20, fast), open(20, 0, slow), Question{Direction: LargerIsBetter}, Worse},
		{"faster where it finishes", open(200, 200, slow), open(200, 160, fast), Question{}, Inconclusive},
		{"faster and finishes as often", open(40, 39, slow), open(40, 39, fast), Question{}, Better},
		{"none finishes", open(20, 0, fast), open(20, 0, fast), Question{Margin: 5}, Inconclusive},
		{"most finish at once", open(40, 38, fast), open(40, 37, fast), Question{Margin: 0.1}, Equivalent},
	} {
		got := Compare(c.base, c.other, c.q)
		if got.Verdict != c.want {
			t.Errorf("%s: %s, want %s: %+v", c.name, got.Verdict, c.want, got)
		}
		if got.Wins+got.Losses+got.Ties+got.Undecided != got.N {
			t.Errorf("%s: pairs are lost: %+v", c.name, got)
		}
	}
}

func TestOpenRunsBoundTheMedian(t *testing.T) {
	c := Compare(runs(ramp(20, func(i int) float64 { return 10 })...), open(20, 4, func(int) float64 { return 9 }), Question{})
	if c.Difference.Lo != 50 || !math.IsInf(c.Difference.Hi, 1) || !math.IsNaN(c.Difference.Value) || c.Difference.Method != OrderStatistics {
		t.Errorf("difference %+v, want 50 or more", c.Difference)
	}
	if c.Relative.Lo != 5 || !math.IsInf(c.Relative.Hi, 1) {
		t.Errorf("relative %+v, want 500%% or more", c.Relative)
	}
	if c.OtherOpen != 16 || c.Wins != 4 || c.Losses != 16 || c.NotWorse() {
		t.Errorf("%+v", c)
	}
	closeTo(t, "McNemar, 16 against 0", c.Finish, 2*math.Pow(0.5, 16))
	closeTo(t, "sign test, 16 of 20", c.P, 2*0.005908966064453125) // binom.test(16, 20)
}

// A run that was stopped early is worse than one that finished later, by an
// unknown amount: it counts as a loss, but not beyond a margin.
func TestRunsStoppedEarly(t *testing.T) {
	early := make([]Run, 10)
	for i := range early {
		early[i] = Run{Value: 3, Open: true}
	}
	base := runs(ramp(10, func(int) float64 { return 10 })...)
	for _, c := range []struct {
		other  []Run
		margin float64
		want   Verdict
	}{{early, 0, Worse}, {early, 1, Inconclusive}, {runs(ramp(10, func(int) float64 { return nan })...), 0, Worse}} {
		got := Compare(base, c.other, Question{Margin: c.margin})
		if got.Verdict != c.want || got.Losses != 10 || got.Difference.Lo != 0 {
			t.Errorf("%v: %+v, want %s", c.other[0], got, c.want)
		}
	}
}

// A regression gate is not green for a median that held while runs stopped
// finishing.
func TestNotWorseHeedsOpenRuns(t *testing.T) {
	same := func(i int) float64 { return 10 + float64(i%3)/100 }
	if c := Compare(open(30, 30, same), open(30, 29, same), Question{Margin: 1}); c.NotWorse() || c.PNotWorse > 0.001 {
		t.Errorf("%+v", c)
	}
	if c := Compare(open(30, 29, same), open(30, 29, same), Question{Margin: 1}); !c.NotWorse() {
		t.Errorf("%+v", c)
	}
}
