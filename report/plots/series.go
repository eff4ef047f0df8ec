package plots

import (
	"fmt"
	"math"
	"slices"

	"meshsim/report/chart"
	"meshsim/report/stats"
)

// series draws the mean over time of each point, with the interval around it.
func (dr *drawing) series() error {
	if len(dr.Points) > maxCurves {
		return dr.tooMany(len(dr.Points))
	}
	m := &dr.Measures[0]
	c := &dr.plot.Chart
	c.Title, c.Subtitle = upper(m.words())+" over time", m.Doc
	c.X = chart.Axis{Label: "simulated time", Unit: "s"}
	c.Y = chart.Axis{Label: m.words(), Unit: m.Unit, Log: dr.Log}
	if m.Unit == "ratio" && !dr.Log && dr.within() {
		c.Y.Lo, c.Y.Hi = 0, 1
	}
	for i := range dr.Points {
		p := &dr.Points[i]
		cu := dr.meanOverTime(p)
		if len(cu.X) == 0 {
			continue
		}
		cu.Name, cu.Style = dr.curveName(p), dr.style(p)
		if len(dr.Points) > manyBands {
			cu.Lo, cu.Hi = nil, nil
		}
		c.Curves = append(c.Curves, cu)
	}
	c.Spans = dr.faults()
	dr.nameAlone("mean and 95% interval", len(dr.Points) <= manyBands)
	if c.Empty() {
		return fmt.Errorf("%s has no value above 0; leave out --log", m.Metric)
	}
	return nil
}

// manyBands would cover one another.
const manyBands = 6

func (dr *drawing) tooMany(n int) error {
	return fmt.Errorf("%d curves cannot be told apart, at most %d can; choose some with --only, as in --only %s, or write --kind box",
		n, maxCurves, dr.anExample())
}

// anExample is a choice of points for messages.
func (dr *drawing) anExample() string {
	for i := range dr.Points {
		if s := dr.Points[i].Settings; len(s) > 0 {
			return s[0].Name + "=" + s[0].Value
		}
	}
	return "fanout=3"
}

// style is the look of a curve where points differ in two fields: a colour for
// the one, a dash for the other.
func (dr *drawing) style(p *Point) *chart.Style {
	const colours = 6
	dims := dr.dimensions()
	if len(dims) != 2 || len(dims[0].values) > colours || len(dims[1].values) > colours || len(dr.Points) <= colours {
		return nil
	}
	return &chart.Style{Colour: dims[0].index(p), Dash: dims[1].index(p)}
}

// curveName is the point's name, and how many runs it has if that differs.
func (dr *drawing) curveName(p *Point) string {
	if few, many, _ := dr.counts(); few < many {
		return fmt.Sprintf("%s (n = %d)", p.Name, p.runs())
	}
	return p.Name
}

// nameAlone puts what curves are made of in the legend: as the name of a curve
// that is alone, else behind the names of all.
func (dr *drawing) nameAlone(what string, bands bool) {
	few, many, _ := dr.counts()
	text := nText(few, many) + ", " + what
	switch c := &dr.plot.Chart; {
	case many == 1 && len(c.Curves) == 1:
		c.Curves[0].Name = "1 run"
	case many == 1:
		c.Note = "1 run each"
	case len(c.Curves) == 1:
		c.Curves[0].Name = text
	case !bands:
		c.Note = nText(few, many) + ", mean"
	default:
		c.Note = text
	}
}

// within reports whether all values of the series are at most 1.
func (dr *drawing) within() bool {
	for i := range dr.Points {
		for _, s := range dr.Points[i].Series {
			if slices.ContainsFunc(s.Values, func(v float64) bool { return v > 1 || v < 0 }) {
				return false
			}
		}
	}
	return true
}

// climbs reports whether a series goes towards a goal. Then runs that end early
// are the fast ones, and are carried on at their last value.
func (m *Measure) climbs() bool { return m.Unit == "ratio" && m.Better == "larger" }

// meanOverTime puts the series of all replications on one time axis. Of what
// climbs to no goal, only what all of them have is shown.
func (dr *drawing) meanOverTime(p *Point) chart.Curve {
	m := &dr.Measures[0]
	runs := slices.DeleteFunc(slices.Clone(p.Series), func(s Series) bool { return len(s.At) == 0 })
	cu := chart.Curve{Steps: rate(m.Unit)}
	next, values := make([]int, len(runs)), make([]float64, len(runs))
	low := math.Inf(1)
	for _, at := range instants(runs, m.climbs()) {
		for i := range runs {
			for next[i] < len(runs[i].At) && runs[i].At[next[i]] <= at {
				next[i]++
			}
			values[i] = runs[i].Values[next[i]-1]
			low = min(low, values[i])
		}
		in := stats.MeanT(values, stats.Confidence)
		cu.X, cu.Y = append(cu.X, at), append(cu.Y, in.Value)
		if len(runs) > 1 {
			cu.Lo, cu.Hi = append(cu.Lo, in.Lo), append(cu.Hi, in.Hi)
		}
	}
	for i := range cu.Lo {
		if low >= 0 {
			cu.Lo[i] = max(cu.Lo[i], 0)
		}
		if dr.plot.Y.Hi == 1 {
			cu.Hi[i] = min(cu.Hi[i], 1)
		}
	}
	return cu
}

// rate reports whether values hold for the time before their instant.
func rate(unit string) bool { return len(unit) > 2 && unit[len(unit)-2:] == "/s" }

// instants is the union of all instants at which each of the runs has a value.
func instants(runs []Series, carry bool) []float64 {
	var all []float64
	first, last := math.Inf(-1), math.Inf(1)
	for _, s := range runs {
		first = max(first, s.At[0])
		if !carry {
			last = min(last, s.At[len(s.At)-1])
		}
		all = append(all, s.At...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(t float64) bool { return t < first || t > last })
}

// faults are shaded if all points have the same.
func (dr *drawing) faults() []chart.Span {
	spans := dr.Points[0].Faults
	for i := range dr.Points {
		if !slices.Equal(spans, dr.Points[i].Faults) {
			dr.plot.Notes = append(dr.plot.Notes, "faults are not shaded, as they differ from point to point")
			return nil
		}
	}
	return spans
}
