package plots

import (
	"fmt"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report"
	"meshsim/report/chart"
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
	c.Y = chart.Axis{Label: perSecond(m.words(), m.Unit), Unit: m.Unit, Log: dr.Log}
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
			if slices.ContainsFunc(s, func(p protocols.Point) bool { return p.Value > 1 || p.Value < 0 }) {
				return false
			}
		}
	}
	return true
}

// climbs reports whether a series goes towards a goal.
func (m *Measure) climbs() bool { return m.Unit == "ratio" && m.Better == "larger" }

// meanOverTime is the curve of a point. Bounds stay where the values can be.
func (dr *drawing) meanOverTime(p *Point) chart.Curve {
	m := &dr.Measures[0]
	runs := slices.DeleteFunc(slices.Clone(p.Series), func(s Series) bool { return len(s) == 0 })
	cu := report.MeanOverTime(runs, m.climbs())
	cu.Steps = rate(m.Unit)
	below := slices.ContainsFunc(runs, negative)
	for i := range cu.Lo {
		if !below {
			cu.Lo[i] = max(cu.Lo[i], 0)
		}
		if dr.plot.Y.Hi == 1 {
			cu.Hi[i] = min(cu.Hi[i], 1)
		}
	}
	return cu
}

func negative(s Series) bool {
	return slices.ContainsFunc(s, func(p protocols.Point) bool { return p.Value < 0 })
}

// rate reports whether values hold for the time before their instant.
func rate(unit string) bool { return strings.HasSuffix(unit, "/s") }

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
