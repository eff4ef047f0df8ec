package interactive

import (
	"math"
	"slices"
	"strconv"

	"meshsim/report/chart"
)

// A Page is the data of all charts of a page.
type Page struct {
	Grids  []values `json:"grids"` // places of points on the x axis, which curves share
	Charts []model  `json:"charts"`

	points  int  // that a curve may have
	thinned bool // a curve had more
}

// What a page may hold: so many points a curve, and in all its curves together.
const (
	curvePoints = 2000
	pagePoints  = 24_000
	leastPoints = 200
)

// NewPage begins the page of that many curves. The more there are, the fewer
// points each of them has.
func NewPage(curves int) *Page {
	return &Page{points: max(min(curvePoints, pagePoints/max(curves, 1)), leastPoints)}
}

// Thinned is how many points of a curve the page has at most, 0 if it has all of
// them.
func (p *Page) Thinned() int {
	if p.thinned {
		return p.points
	}
	return 0
}

// A model is a chart as the script wants it.
type model struct {
	Title    string  `json:"title"`
	Subtitle string  `json:"subtitle"`
	Note     string  `json:"note,omitempty"`
	Time     bool    `json:"time,omitempty"` // all of these zoom together, over the same lanes
	X        axis    `json:"x"`
	Y        axis    `json:"y"`
	Curves   []curve `json:"curves"`
	Spans    []span  `json:"spans,omitempty"`
}

type axis struct {
	Label string  `json:"label"`
	Unit  string  `json:"unit"`
	Log   bool    `json:"log,omitempty"`
	Zero  bool    `json:"zero,omitempty"`
	Lo    float64 `json:"lo"` // bounds, if lo < hi
	Hi    float64 `json:"hi"`
}

type curve struct {
	Name  string `json:"name"`
	Grid  int    `json:"grid"`
	Y     values `json:"y"`
	Lo    values `json:"lo,omitempty"`
	Hi    values `json:"hi,omitempty"`
	Steps bool   `json:"steps,omitempty"`
}

type span struct {
	Name string  `json:"name"`
	From float64 `json:"from"`
	To   float64 `json:"to"`
}

// Suits reports whether the script can draw a chart: one of curves alone.
func Suits(c *chart.Chart) bool {
	others := len(c.Bars) + len(c.Points) + len(c.Boxes) + len(c.X.Names) + len(c.Y.Names)
	return len(c.Curves) > 0 && others == 0 && c.Cells == nil && !c.Empty()
}

// Add puts a chart on the page and returns its index. Over time means that it
// shares its x axis with others over the same simulated time.
func (p *Page) Add(c *chart.Chart, title string, overTime bool) int {
	m := model{Title: title, Subtitle: c.Subtitle, Note: c.Note, Time: overTime, X: axisOf(&c.X), Y: axisOf(&c.Y)}
	for i := range c.Curves {
		m.Curves = append(m.Curves, p.curve(c, &c.Curves[i]))
	}
	for _, s := range c.Spans {
		m.Spans = append(m.Spans, span{s.Name, s.From, s.To})
	}
	p.Charts = append(p.Charts, m)
	return len(p.Charts) - 1
}

func axisOf(a *chart.Axis) axis {
	return axis{Label: a.Label, Unit: a.Unit, Log: a.Log, Zero: a.Zero, Lo: a.Lo, Hi: a.Hi}
}

// curve thins a curve and leaves out what its axes have no place for.
func (p *Page) curve(c *chart.Chart, cu *chart.Curve) curve {
	var keep []int
	for i, x := range cu.X {
		if finite(x) && (!c.X.Log || x > 0) {
			keep = append(keep, i)
		}
	}
	p.thinned = p.thinned || len(keep) > p.points
	keep = thin(keep, cu.Y, p.points)
	pick := func(v []float64) values {
		out := make(values, len(keep))
		for k, i := range keep {
			if out[k] = v[i]; c.Y.Log && v[i] <= 0 {
				out[k] = math.NaN()
			}
		}
		return out
	}
	out := curve{Name: cu.Name, Steps: cu.Steps, Y: pick(cu.Y)}
	if cu.Lo != nil {
		out.Lo, out.Hi = pick(cu.Lo), pick(cu.Hi)
	}
	grid := make(values, len(keep))
	for k, i := range keep {
		grid[k] = cu.X[i]
	}
	out.Grid = p.grid(grid)
	return out
}

// grid is the index of a grid with those values.
func (p *Page) grid(grid values) int {
	i := slices.IndexFunc(p.Grids, func(g values) bool { return slices.Equal(g, grid) })
	if i < 0 {
		i = len(p.Grids)
		p.Grids = append(p.Grids, grid)
	}
	return i
}

// thin keeps at most limit of the points: the ends, and of each stretch between
// the lowest and the highest, so that no peak is lost.
func thin(points []int, y []float64, limit int) []int {
	if len(points) <= limit {
		return points
	}
	inner, stretches := points[1:len(points)-1], (limit-2)/2
	out := []int{points[0]}
	for k := range stretches {
		part := inner[k*len(inner)/stretches : (k+1)*len(inner)/stretches]
		low, high := part[0], part[0]
		for _, i := range part {
			if y[i] < y[low] || math.IsNaN(y[low]) {
				low = i
			}
			if y[i] > y[high] || math.IsNaN(y[high]) {
				high = i
			}
		}
		if out = append(out, min(low, high)); low != high {
			out = append(out, max(low, high))
		}
	}
	return append(out, points[len(points)-1])
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// values are written with 7 digits; null where there is none, which breaks a
// curve.
type values []float64

// MarshalJSON writes them.
func (v values) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, x := range v {
		if i > 0 {
			b = append(b, ',')
		}
		if !finite(x) {
			b = append(b, "null"...)
			continue
		}
		b = strconv.AppendFloat(b, short(x), 'g', -1, 64)
	}
	return append(b, ']'), nil
}

// short rounds to 7 digits.
func short(x float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 7, 64), 64)
	if err != nil {
		panic("interactive: a number that was written cannot be read: " + err.Error())
	}
	return r
}
