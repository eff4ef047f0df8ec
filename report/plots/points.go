package plots

import (
	"fmt"
	"math"

	"meshsim/report/chart"
)

// points draws estimates with their intervals along a field, a curve for each
// value of the others.
func (dr *drawing) points() error {
	x, groups, err := dr.along()
	if err != nil {
		return err
	}
	if dr.Log {
		if err := dr.positive(0); err != nil {
			return err
		}
	}
	dr.begin(x)
	if x == nil || x.numbers == nil {
		dr.overNames(x, groups, 0)
		return nil
	}
	c := &dr.plot.Chart
	c.X = chart.Axis{Label: x.label(), Unit: x.unit, Ticks: x.numbers, Log: x.wide()}
	c.Y = dr.valueAxis(0)
	for g := range groups {
		dr.addCurve(&groups[g], x, dodge(g, len(groups), x))
	}
	return nil
}

// bars draws the same as columns from 0.
func (dr *drawing) bars() error {
	if dr.Log {
		return fmt.Errorf("--log does not go with --kind bars, which begin at 0; write --kind points")
	}
	x, groups, err := dr.along()
	if err != nil {
		return err
	}
	dr.begin(x)
	dr.overNames(x, groups, 0.8/float64(len(groups)))
	return nil
}

// along are the field of the x axis, nil if points do not differ in one, and a
// group for each curve.
func (dr *drawing) along() (x *dimension, groups []group, err error) {
	x, err = dr.xDimension()
	if err != nil {
		return nil, nil, err
	}
	if x == nil {
		all := group{}
		for i := range dr.Points {
			all.points = append(all.points, &dr.Points[i])
		}
		return nil, []group{all}, nil
	}
	if groups = dr.groups(x); len(groups) > maxCurves {
		return nil, nil, dr.tooMany(len(groups))
	}
	return x, groups, nil
}

// xDimension is the field that was asked for, or the one of most numbers.
func (dr *drawing) xDimension() (*dimension, error) {
	dims := dr.dimensions()
	var group string
	if dr.Group != "" {
		g, err := dr.find(dr.Group, "group")
		if err != nil {
			return nil, err
		}
		group = g.name
	}
	if dr.X != "" {
		x, err := dr.find(dr.X, "x")
		switch {
		case err != nil:
			return nil, err
		case len(x.values) < 2:
			return nil, fmt.Errorf("--x: all points have the same %s; name a field in which they differ", dr.X)
		case x.name == group:
			return nil, fmt.Errorf("--x and --group name the same field; leave one out")
		}
		return x, nil
	}
	var best *dimension
	for i := range dims {
		if dims[i].name != group && (best == nil || len(dims[i].numbers) > len(best.numbers)) {
			best = &dims[i]
		}
	}
	return best, nil
}

// begin sets title and legend of estimates along a field.
func (dr *drawing) begin(x *dimension) {
	m, c := &dr.Measures[0], &dr.plot.Chart
	c.Title, c.Subtitle, c.Note = upper(m.label()), m.Doc, dr.basis(true)
	if x != nil && x.name != ResultsName {
		c.Title += " over " + x.label()
	}
	dr.tellOpen(": a hollow triangle at the edge")
}

// overNames puts points, or columns of a width, beside one another at names.
func (dr *drawing) overNames(x *dimension, groups []group, width float64) {
	names, label := dr.pointNames()
	if x != nil {
		names, label = x.values, x.label()
	}
	values := dr.valueAxis(0)
	values.Zero = width > 0
	dr.alongNames(names, label, values)
	lying := len(dr.plot.Y.Names) > 0
	for g := range groups {
		shift := (float64(g) - float64(len(groups)-1)/2) * max(width, 0.5/float64(len(groups)))
		if len(groups) == 1 {
			shift = 0
		}
		p := chart.Points{Name: groups[g].name, Width: width * 0.9}
		for i, point := range groups[g].points {
			at := float64(i)
			if x != nil {
				at = float64(x.index(point))
			}
			e := point.estimate(dr.Data, 0)
			lo, hi := e.bounds()
			value := e.place()
			if lying {
				p.X, p.Y = append(p.X, value), append(p.Y, at+shift)
				p.XLo, p.XHi = append(p.XLo, lo), append(p.XHi, hi)
			} else {
				p.X, p.Y = append(p.X, at+shift), append(p.Y, value)
				p.YLo, p.YHi = append(p.YLo, lo), append(p.YHi, hi)
			}
		}
		dr.plot.Points = append(dr.plot.Points, p)
	}
}

// addCurve joins the estimates of a group, in the order of the x axis.
func (dr *drawing) addCurve(g *group, x *dimension, place func(float64) float64) {
	p := chart.Points{Name: g.name, Lined: true}
	for _, n := range x.values {
		for _, point := range g.points {
			if x.of(point) != n {
				continue
			}
			e := point.estimate(dr.Data, 0)
			lo, hi := e.bounds()
			value := e.place()
			p.X, p.Y = append(p.X, place(x.number(point))), append(p.Y, value)
			p.YLo, p.YHi = append(p.YLo, lo), append(p.YHi, hi)
		}
	}
	dr.plot.Points = append(dr.plot.Points, p)
}

// wide reports whether numbers spread over more than a decade and a half, so that
// only a logarithmic axis shows all.
func (dim *dimension) wide() bool {
	first, last := dim.numbers[0], dim.numbers[len(dim.numbers)-1]
	return first > 0 && last > 30*first
}

// dodge moves the points of a group aside, so that intervals do not cover one
// another: all groups together by less than half of the way to the next place.
func dodge(g, groups int, x *dimension) func(float64) float64 {
	scale := func(v float64) float64 { return v }
	back := scale
	if x.wide() {
		scale, back = math.Log, math.Exp
	}
	first, last := scale(x.numbers[0]), scale(x.numbers[len(x.numbers)-1])
	step := (last - first) * 0.008
	for i := range x.numbers[1:] {
		step = min(step, 0.4*(scale(x.numbers[i+1])-scale(x.numbers[i]))/float64(groups))
	}
	by := (float64(g) - float64(groups-1)/2) * step
	return func(v float64) float64 {
		if by == 0 {
			return v
		}
		return back(scale(v) + by)
	}
}
