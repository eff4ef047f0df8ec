package plots

import (
	"fmt"
	"math"
	"slices"

	"meshsim/report/chart"
	"meshsim/report/stats"
)

// cdf draws the share that came out at most so large: of the items of a run, as
// the mean over the replications with its interval; of a metric with one value a
// run, of the replications. What had not finished keeps a curve below 1.
func (dr *drawing) cdf() error {
	if len(dr.Points) > maxCurves {
		return dr.tooMany(len(dr.Points))
	}
	m := &dr.Measures[0]
	ofItems := dr.OfItems
	if done, open := dr.Points[0].finished(0); !ofItems && len(dr.Points) == 1 && len(done)+open == 1 {
		return fmt.Errorf("one run has one value of %s, which is %s; run more with --repeat", m.name(), m.text(done[0]))
	}
	c := &dr.plot.Chart
	c.Subtitle = m.Doc
	c.X = chart.Axis{Unit: m.Unit}
	c.Y = chart.Axis{Label: "share of runs at most so large", Unit: "ratio", Lo: 0, Hi: 1}
	if c.X.Label = m.label(); ofItems {
		c.X.Label, c.Y.Label = m.words(), "share at most so large"
	}
	c.Title = "Distribution of " + c.X.Label
	low, high := math.Inf(1), math.Inf(-1)
	var without []string
	for i := range dr.Points {
		p := &dr.Points[i]
		cu := dr.shares(p, ofItems)
		if len(cu.X) == 0 {
			without = append(without, p.Name)
			continue
		}
		low, high = min(low, cu.X[0]), max(high, cu.X[len(cu.X)-1])
		cu.Name, cu.Style = dr.curveName(p), dr.style(p)
		if len(dr.Points) > manyBands/2 {
			cu.Lo, cu.Hi = nil, nil
		}
		c.Curves = append(c.Curves, cu)
	}
	if c.X.Log = dr.Log || low > 0 && high > 200*low; c.X.Log && high <= 0 {
		return fmt.Errorf("%s has no value above 0; leave out --log", m.name())
	}
	if len(without) > 0 {
		dr.note("had nothing finished, and has no curve", without)
	}
	if ofItems {
		dr.nameAlone("mean over runs and 95% interval", len(dr.Points) <= manyBands/2)
	} else if few, many, open := dr.counts(); len(c.Curves) == 1 {
		c.Curves[0].Name = openText(runsText(few, many), open)
	} else {
		c.Note = openText(runsText(few, many), open)
	}
	return nil
}

func openText(text string, open int) string {
	if open > 0 {
		text += fmt.Sprintf(", %d had not finished", open)
	}
	return text
}

// finest is how many places a curve has at most.
const finest = 500

// shares is the curve of a point. The value at a place is the share below it,
// since a curve of steps holds before its places.
func (dr *drawing) shares(p *Point, ofItems bool) chart.Curve {
	items := p.Items
	if !ofItems {
		done, open := p.finished(0)
		slices.Sort(done)
		items = []Items{{Count: len(done) + open, Sorted: append(done, slices.Repeat([]float64{math.NaN()}, open)...)}}
	}
	items = slices.DeleteFunc(slices.Clone(items), func(it Items) bool { return it.Count == 0 })
	places := placesOf(items)
	cu := chart.Curve{Steps: true}
	if len(places) == 0 {
		return cu
	}
	values := make([]float64, len(items))
	add := func(at float64, below bool) {
		for k := range items {
			values[k] = items[k].share(at, below)
		}
		in := stats.MeanT(values, stats.Confidence)
		cu.X, cu.Y = append(cu.X, at), append(cu.Y, in.Value)
		if len(items) > 1 {
			cu.Lo, cu.Hi = append(cu.Lo, max(in.Lo, 0)), append(cu.Hi, min(in.Hi, 1))
		}
	}
	for _, at := range places {
		add(at, true)
	}
	last := places[len(places)-1]
	add(last, false)
	cu.X[len(cu.X)-1] = last + 0.03*(last-places[0]) // the height of the last step
	return cu
}

// placesOf are the values that occur, thinned evenly.
func placesOf(items []Items) []float64 {
	var all []float64
	for _, it := range items {
		for _, v := range it.Sorted {
			if !math.IsNaN(v) {
				all = append(all, v)
			}
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) <= finest {
		return all
	}
	var out []float64
	for i := range finest {
		out = append(out, all[i*(len(all)-1)/(finest-1)])
	}
	return slices.Compact(out)
}

// share is the part of the items that are at most v, or below it. Between
// quantiles it is interpolated.
func (it *Items) share(v float64, below bool) float64 {
	at := func(i int) bool { return it.Sorted[i] > v || math.IsNaN(it.Sorted[i]) || below && it.Sorted[i] == v }
	k := 0 // how many are not above
	for lo, hi := 0, len(it.Sorted); ; {
		if lo == hi {
			k = lo
			break
		}
		if mid := (lo + hi) / 2; at(mid) {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	if it.Count <= len(it.Sorted) {
		return float64(k) / float64(it.Count)
	}
	steps := float64(len(it.Sorted) - 1)
	switch {
	case k == 0:
		return 0
	case k == len(it.Sorted):
		return 1
	case math.IsNaN(it.Sorted[k]):
		return float64(k-1) / steps
	}
	a, b := it.Sorted[k-1], it.Sorted[k]
	part := 0.0
	if b > a {
		part = max(0, (v-a)/(b-a))
	}
	return (float64(k-1) + part) / steps
}
