package plots

import (
	"fmt"
	"math"
	"strings"

	"meshsim/report/chart"
	"meshsim/report/stats"
)

// scaling draws the estimates along a numeric field with both axes logarithmic:
// y that grows as x to the power of a is a line of slope a.
func (dr *drawing) scaling() error {
	x, err := dr.numeric()
	if err != nil {
		return err
	}
	groups := dr.groups(x)
	if len(groups) > maxCurves {
		return dr.tooMany(len(groups))
	}
	dr.Log = true
	if err := dr.positive(0); err != nil {
		return fmt.Errorf("%w, or write --kind points", err)
	}
	dr.begin(x)
	c := &dr.plot.Chart
	c.X = chart.Axis{Label: x.label(), Unit: x.unit, Ticks: x.numbers, Log: true}
	c.Y = dr.valueAxis(0)
	for g := range groups {
		dr.addCurve(&groups[g], x, func(v float64) float64 { return v })
		p := &c.Points[g]
		p.Name = strings.TrimPrefix(p.Name+": "+dr.slope(&groups[g], x), ": ")
	}
	return nil
}

// numeric is the field of the x axis: that asked for, the swept one of numbers,
// or how many nodes there are.
func (dr *drawing) numeric() (*dimension, error) {
	x, err := dr.xDimension()
	if err != nil {
		return nil, err
	}
	if dr.X == "" && (x == nil || x.numbers == nil) {
		if nodes := dr.dimension(nodesName); len(nodes.values) > 1 {
			x = &nodes
		}
	}
	switch {
	case x == nil:
		return nil, fmt.Errorf("--kind scaling needs results of several sizes; sweep a field of numbers, or name results of several numbers of nodes")
	case x.numbers == nil:
		return nil, fmt.Errorf("--kind scaling needs numbers along x, and %s has %s; write --kind points", x.name, strings.Join(x.values, ", "))
	case x.numbers[0] <= 0:
		return nil, fmt.Errorf("%s is %s at a point, for which a logarithmic axis has no place; write --kind points, or leave it out with --only", x.name, x.values[0])
	}
	return x, nil
}

// slope is the exponent of a group by least squares: the mean over replications
// with its interval, as each replication is the same randomness at all points.
func (dr *drawing) slope(g *group, x *dimension) string {
	var slopes []float64
	for r := 0; ; r++ {
		var at, values []float64
		more := false
		for _, p := range g.points {
			if r < len(p.Values[0]) {
				more = true
				if v := p.Values[0][r]; !v.Missing && !v.Open && v.Value > 0 {
					at, values = append(at, math.Log(x.number(p))), append(values, math.Log(v.Value))
				}
			}
		}
		if !more {
			break
		}
		if len(at) == len(g.points) && len(at) > 1 {
			slopes = append(slopes, leastSquares(at, values))
		}
	}
	in := stats.MeanT(slopes, stats.Confidence)
	switch {
	case len(slopes) == 0:
		return "no slope"
	case len(slopes) == 1:
		return fmt.Sprintf("slope %.3g", in.Value)
	}
	return fmt.Sprintf("slope %.3g [%.3g, %.3g]", in.Value, in.Lo, in.Hi)
}

// leastSquares is the slope of the line that fits the points best.
func leastSquares(x, y []float64) float64 {
	var mx, my float64
	for i := range x {
		mx, my = mx+x[i]/float64(len(x)), my+y[i]/float64(len(y))
	}
	var sxy, sxx float64
	for i := range x {
		sxy += float64((x[i] - mx) * (y[i] - my))
		sxx += float64((x[i] - mx) * (x[i] - mx))
	}
	return sxy / sxx
}
