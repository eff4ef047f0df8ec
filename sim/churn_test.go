package sim

import (
	"math"
	"testing"
	"time"

	"meshsim/protocols/draw"
)

// availability is the share of up nodes at each sample of a mesh that churns.
func availability(t *testing.T, nodes int, churn *Churn, sample time.Duration, samples int) []float64 {
	c := meshOf(nodes, &script{}, ms)
	c.Duration, c.Sample = time.Duration(samples)*sample, sample
	c.Faults = []Fault{{Name: "churn", Churn: churn}}
	var out []float64
	for _, row := range mustRun(t, c).Samples[1:] { // the first one sees no churn yet
		out = append(out, float64(row.Live)/float64(nodes))
	}
	return out
}

// Churn is steady from its beginning: at every instant a node is up with
// probability E[session]/(E[session]+E[downtime]).
func TestChurnAvailability(t *testing.T) {
	exponential := func(mean time.Duration) *draw.Dist { d, _ := draw.Exponential(0, int64(mean)); return d }
	weibull, _ := draw.Weibull(int64(2*time.Second), 0.6)
	pareto, _ := draw.ParetoMean(int64(time.Second), int64(3*time.Second/2)) // shape 3
	heavy, _ := draw.ParetoMean(int64(time.Second), int64(3*time.Second))    // shape 1.5: infinite variance
	for _, x := range []struct {
		name          string
		session, down *draw.Dist
	}{
		{"exponential", exponential(3 * time.Second), exponential(time.Second)},
		{"mostly down", exponential(time.Second), exponential(9 * time.Second)},
		{"constant", draw.Constant(int64(3 * time.Second)), draw.Constant(int64(time.Second))},
		{"weibull", weibull, exponential(time.Second)},
		{"pareto", pareto, exponential(time.Second)},
		{"heavy", heavy, exponential(time.Second)},
	} {
		const nodes, samples = 3000, 40
		want := float64(x.session.Mean()) / float64(x.session.Mean()+x.down.Mean())
		limit := 0.001 + 4.5*math.Sqrt(want*(1-want)/nodes)
		for i, got := range availability(t, nodes, &Churn{Session: x.session, Downtime: x.down}, 500*ms, samples) {
			if math.Abs(got-want) > limit {
				t.Errorf("%s: sample %d: %.4f of the nodes are up, want %.4f ± %.4f", x.name, i, got, want, limit)
				break
			}
		}
	}
}

// Every second counts from the beginning: the rate of crashes is the same in the
// first second as in any other.
func TestChurnRateIsSteady(t *testing.T) {
	const nodes, seconds = 4000, 8
	session, _ := draw.Weibull(int64(2*time.Second), 0.6)
	down, _ := draw.Exponential(0, int64(time.Second))
	c := meshOf(nodes, &script{}, ms)
	c.Duration = seconds * time.Second
	c.Faults = []Fault{{Name: "churn", Churn: &Churn{Session: session, Downtime: down}}}
	var crashes [seconds]float64
	initial := 0.0
	for _, e := range runBy(t, c, way{workers: 1}, nil).trace {
		switch {
		case e.What != TraceCrash:
		case e.At == 0:
			initial++
		default:
			crashes[time.Duration(e.At)/time.Second]++
		}
	}
	cycle := float64(session.Mean()+down.Mean()) / 1e9
	nearShare(t, "down at once", uint64(initial), nodes, 1/cycle)
	for i, n := range crashes {
		want := nodes / cycle
		if math.Abs(n-want) > 5*math.Sqrt(2*want)+0.02*want {
			t.Errorf("in second %d there are %g crashes, want %g", i, n, want)
		}
	}
}

// A trace of sessions is followed to the nanosecond; rows are shared round
// robin, and nodes are down before, between and after their sessions.
func TestChurnFollowsTrace(t *testing.T) {
	rows := [][]Span{
		{{0, 30 * ms}, {50 * ms, 70 * ms}},
		{{10 * ms, 20 * ms}},
		nil,
		{{0, time.Hour}},
		{{5 * ms, 6 * ms}, {6*ms + 1, 90 * ms}},
	}
	const start, end = 100 * ms, 200 * ms
	c := meshOf(12, &script{}, ms)
	c.Duration, c.Sample = 300*ms, ms
	c.Faults = []Fault{{Name: "churn", At: start, For: end - start, Churn: &Churn{Sessions: rows}}}
	up := func(id int, at time.Duration) bool {
		if at < start || at >= end {
			return true
		}
		for _, s := range rows[id%len(rows)] {
			if within(at-start, s.Start, s.End) {
				return true
			}
		}
		return false
	}
	down := map[int]bool{}
	o := runBy(t, c, way{workers: 1}, nil)
	lines := o.trace
	for at := time.Duration(0); at < c.Duration; at += ms {
		for len(lines) > 0 && time.Duration(lines[0].At) <= at {
			switch e := lines[0]; e.What {
			case TraceCrash:
				down[int(e.Node)] = true
			case TraceStart:
				down[int(e.Node)] = false
			}
			lines = lines[1:]
		}
		for id := range 12 {
			if down[id] == up(id, at) {
				t.Fatalf("at %v node %d is down: %v", at, id, down[id])
			}
		}
	}
}

// The longest sessions that a distribution can draw do not overflow.
func TestChurnOfVeryLongSessions(t *testing.T) {
	long := draw.Constant(draw.Limit)
	for i, got := range availability(t, 400, &Churn{Session: long, Downtime: long}, time.Second, 3) {
		if got < 0.4 || got > 0.6 {
			t.Errorf("sample %d: %.2f of the nodes are up, want half", i, got)
		}
	}
	pareto, _ := draw.Pareto(int64(time.Second), 0.3)
	for i, got := range availability(t, 100, &Churn{Session: pareto, Downtime: draw.Constant(int64(time.Second))}, time.Second, 3) {
		if got < 0.9 {
			t.Errorf("sample %d: with endless sessions %.2f of the nodes are up", i, got)
		}
	}
}
