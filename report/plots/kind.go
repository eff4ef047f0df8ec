package plots

import (
	"fmt"
	"math"
	"slices"

	"meshsim/report/chart"
)

// Kind is a kind of figure.
type Kind string

// The kinds.
const (
	SeriesKind  Kind = "series"
	CDFKind     Kind = "cdf"
	BoxKind     Kind = "box"
	PointsKind  Kind = "points"
	BarsKind    Kind = "bars"
	HeatmapKind Kind = "heatmap"
	ParetoKind  Kind = "pareto"
	ScalingKind Kind = "scaling"
)

// Kinds are all of them.
var Kinds = []Kind{SeriesKind, CDFKind, BoxKind, PointsKind, BarsKind, HeatmapKind, ParetoKind, ScalingKind}

// Options change how a figure looks.
type Options struct {
	Kind          Kind   // "": chosen by what is drawn, see [Choose]
	X, Group      string // fields: along the x axis, and a curve (or a row) for each value
	Title         string // in place of the usual one
	Untitled      bool   // no title, as above a caption
	Log           bool   // the values on a logarithmic axis
	Width, Height float64
}

// A Plot is a figure, and the numbers in it.
type Plot struct {
	chart.Chart
	Kind  Kind
	Rows  []Row    // by point, in the order of the data
	Notes []string // what the figure does not show
}

// A Row is what is known of a point.
type Row struct {
	*Point
	Estimates []Estimate // by measure
	Best      bool       // ties with the best, or is in the Pareto set
}

// Choose is the kind that suits the data: pareto for two metrics; series for a
// series, unless a statistic of it is asked for; points if it is said what is
// along x, or what makes a curve; then by the number of fields in which points
// differ: cdf without any, points for one, heatmap for two, box for more.
func Choose(d *Data, o Options, statisticGiven bool) Kind {
	dims := d.dimensions()
	if len(d.Points) > 1 && slices.ContainsFunc(dims, func(dim dimension) bool { return len(dim.values) == len(d.Points) }) {
		dims = dims[:1] // fields that change together
	}
	switch m := d.Measures[0]; {
	case len(d.Measures) > 1:
		return ParetoKind
	case m.Form == "series" && !statisticGiven:
		return SeriesKind
	case len(dims) == 0:
		return CDFKind
	case len(dims) == 1 || o.X != "" || o.Group != "":
		return PointsKind
	case len(dims) == 2:
		return HeatmapKind
	}
	return BoxKind
}

// maxCurves can be told apart.
const maxCurves = 12

// Draw makes the figure. An error says what does not fit, and what to write.
func Draw(d *Data, o Options) (*Plot, error) {
	dr := &drawing{Data: d, Options: o, plot: &Plot{Kind: o.Kind}}
	if err := dr.check(); err != nil {
		return nil, err
	}
	for i := range d.Points {
		row := Row{Point: &d.Points[i]}
		for m := range d.Measures {
			row.Estimates = append(row.Estimates, row.estimate(d, m))
		}
		dr.plot.Rows = append(dr.plot.Rows, row)
	}
	draw := map[Kind]func() error{SeriesKind: dr.series, CDFKind: dr.cdf, BoxKind: dr.box, PointsKind: dr.points,
		BarsKind: dr.bars, HeatmapKind: dr.heatmap, ParetoKind: dr.pareto, ScalingKind: dr.scaling}[o.Kind]
	if err := draw(); err != nil {
		return nil, err
	}
	c := &dr.plot.Chart
	c.Width, c.Height = o.Width, o.Height
	if 0 < o.Width && o.Width < narrow {
		c.Subtitle = "" // a caption says it
	}
	if o.Untitled {
		c.Title = ""
	} else if o.Title != "" {
		c.Title = chart.Clean(o.Title)
	} else if d.Study != "" {
		c.Title += ": " + d.Study
	}
	return dr.plot, nil
}

// narrow figures have no room for what a metric means.
const narrow = 300

// drawing is a plot that is being made.
type drawing struct {
	*Data
	Options
	plot *Plot
}

// check refuses what no kind, or not this kind, can show.
func (dr *drawing) check() error {
	m := &dr.Measures[0]
	switch k := dr.Kind; {
	case len(dr.Measures) == 2 && k != ParetoKind:
		return fmt.Errorf("--kind %s shows one metric; leave out %s, or write --kind pareto", k, dr.Measures[1].Metric)
	case len(dr.Measures) == 1 && k == ParetoKind:
		return fmt.Errorf("--kind pareto compares two metrics; name another with --metric, as in --metric %s --metric net.bytes", m.Metric)
	case k == SeriesKind && m.Form != "series":
		return fmt.Errorf("--kind series needs a metric over time, and %s is %s; write %s", m.Metric, formText[m.Form], dr.suits())
	case dr.X != "" && (k == SeriesKind || k == CDFKind || k == BoxKind || k == ParetoKind):
		return fmt.Errorf("--x does not go with --kind %s; leave it out, or write --kind points", k)
	case dr.Group != "" && (k == SeriesKind || k == CDFKind || k == BoxKind || k == ParetoKind):
		return fmt.Errorf("--group does not go with --kind %s; leave it out, or write --kind points", k)
	}
	return dr.checkValues()
}

// checkValues refuses data of which nothing is known.
func (dr *drawing) checkValues() error {
	some := false
	for i := range dr.Points {
		done, open := dr.Points[i].finished(0)
		if len(done) > 0 {
			return nil
		}
		some = some || open > 0
	}
	m := &dr.Measures[0]
	switch items := m.Form == "sample" && dr.itemsFinished(); {
	case items && dr.OfItems:
		return nil
	case items && m.Statistic == "mean":
		return fmt.Errorf("in every run something of %s had not finished, so that it has no mean; write --statistic p50, or --kind cdf", m.Metric)
	case some:
		return fmt.Errorf("nothing of %s had finished when the runs ended; there is no value to draw", m.name())
	}
	return fmt.Errorf("no run has a value of %s; nothing can be drawn", m.name())
}

// itemsFinished reports whether any item of any run did.
func (dr *drawing) itemsFinished() bool {
	for i := range dr.Points {
		for _, it := range dr.Points[i].Items {
			if len(it.Sorted) > 0 && !math.IsNaN(it.Sorted[0]) {
				return true
			}
		}
	}
	return false
}

var formText = map[string]string{"scalar": "one value a run", "series": "a series over time", "sample": "many values a run"}

// suits are the kinds that can show the data.
func (dr *drawing) suits() string {
	if len(dr.dimensions()) == 0 {
		return "--kind cdf"
	}
	return "--kind points, box or cdf"
}

// valueAxis is that of a measure.
func (dr *drawing) valueAxis(m int) chart.Axis {
	label, unit := dr.Measures[m].label(), dr.Measures[m].Unit
	return chart.Axis{Label: perSecond(label, unit), Unit: unit, Log: dr.Log}
}

// positive refuses estimates that a logarithmic axis has no place for.
func (dr *drawing) positive(m int) error {
	for _, r := range dr.plot.Rows {
		if e := r.Estimates[m]; e.Value <= 0 {
			return fmt.Errorf("%s is %v at %s, for which a logarithmic axis has no place; leave out --log, or the point with --only",
				dr.Measures[m].name(), e.Value, r.Name)
		}
	}
	return nil
}

// bounds are those of the interval, NaN where it says nothing.
func (e *Estimate) bounds() (lo, hi float64) {
	if math.IsInf(e.Lo, -1) && math.IsInf(e.Hi, 1) || math.IsNaN(e.Value) {
		return math.NaN(), math.NaN()
	}
	return e.Lo, e.Hi
}

// place is the value, or beyond all where too many runs had not finished.
func (e *Estimate) place() float64 {
	if math.IsNaN(e.Value) && e.Open > 0 {
		return math.Inf(1)
	}
	return e.Value
}

// tellOpen notes what has no value because too many runs did not finish.
func (dr *drawing) tellOpen(what string) {
	var names []string
	for _, r := range dr.plot.Rows {
		for m, e := range r.Estimates {
			if math.IsNaN(e.Value) {
				names = append(names, fmt.Sprintf("%s of %s (%d of %d runs had not finished)", dr.Measures[m].label(), r.Name, e.Open, e.N))
			}
		}
	}
	if len(names) > 0 {
		if dr.Kind != ParetoKind {
			dr.plot.Note += "; hollow: most runs had not finished"
		}
		dr.note("has no estimate"+what, names)
	}
}

// note tells what is true of some points.
func (dr *drawing) note(what string, names []string) {
	const most = 3
	if more := len(names) - most; more > 0 {
		names = append(slices.Clip(names[:most]), fmt.Sprintf("%d more", more))
	}
	text := names[0]
	for _, n := range names[1:] {
		text += ", " + n
	}
	dr.plot.Notes = append(dr.plot.Notes, text+" "+what)
}
