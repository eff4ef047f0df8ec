package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/report/chart"
	"meshsim/report/unit"
	"meshsim/sim"
)

// latencyChart shows what share of the messages was delivered within a time.
func (s *Study) latencyChart() chart.Chart {
	all := &sim.Histogram{}
	var runs []*sim.Histogram
	for _, r := range s.finished() {
		if r.Latency != nil && r.Latency.N > 0 {
			all.Merge(r.Latency)
			runs = append(runs, r.Latency)
		}
	}
	if all.N == 0 {
		return chart.Chart{}
	}
	at := func(num, den uint64) float64 { return float64(all.Quantile(num, den)) / 1e9 }
	b := cumulative(all, runs)
	b.within(0, 1)
	return chart.Chart{
		Title: s.heading("Latency of messages"),
		Subtitle: fmt.Sprintf("of %s delivered, half took at most %s, 99%% at most %s, the slowest %s", plural(all.N, "message"),
			unit.Text("s", at(1, 2)), unit.Text("s", at(99, 100)), unit.Text("s", at(1, 1))),
		X:      chart.Axis{Label: "time on the way", Unit: "s", Log: at(999, 1000) > 10*at(1, 1000)},
		Y:      chart.Axis{Label: "messages delivered within", Unit: "ratio", Lo: 0, Hi: 1},
		Curves: []chart.Curve{b.curve(s.basis(), false)},
	}
}

// cumulative is the distribution function at the buckets that count something.
func cumulative(all *sim.Histogram, runs []*sim.Histogram) band {
	var b band
	seen, shares := make([]uint64, len(runs)), make([]float64, len(runs))
	for i, n := range all.Counts {
		if n == 0 {
			continue
		}
		lo, hi := all.Bounds(i)
		if i == 0 || all.Counts[i-1] == 0 {
			b.add(float64(lo)/1e9, shares) // flat since the bucket before
		}
		for k, h := range runs {
			seen[k] += h.Counts[i]
			shares[k] = float64(seen[k]) / float64(h.N)
		}
		b.add(float64(hi)/1e9, shares)
	}
	return b
}

// enoughItems make a distribution worth a picture.
const enoughItems = 10

// itemsChart shows the share of a metric's items that came out at most so large.
// Items that did not finish keep it below 1.
func (s *Study) itemsChart(m protocols.MetricSpec) chart.Chart {
	var done []float64
	open := 0
	for _, r := range s.finished() {
		for _, it := range r.Items(m.Name) {
			switch {
			case it.Censored:
				open++
			case !math.IsNaN(it.Value):
				done = append(done, it.Value)
			}
		}
	}
	n := len(done) + open
	slices.Sort(done)
	if n < enoughItems || len(done) == 0 || done[0] == done[len(done)-1] {
		return chart.Chart{}
	}
	text := fmt.Sprintf("%s of %s", plural(uint64(n), "item"), plural(uint64(len(s.finished())), "run"))
	if open > 0 {
		text += fmt.Sprintf(", %s not finished at the end", unit.Grouped(float64(open)))
	}
	cu := chart.Curve{Name: text, Steps: true}
	for i := 0; i < len(done); {
		cu.X, cu.Y = append(cu.X, done[i]), append(cu.Y, float64(i)/float64(n))
		for v := done[i]; i < len(done) && done[i] == v; i++ {
		}
	}
	last := done[len(done)-1]
	cu.X, cu.Y = append(cu.X, last+0.03*(last-done[0])), append(cu.Y, float64(len(done))/float64(n))
	protocol, _, _ := strings.Cut(m.Name, ".")
	return chart.Chart{Title: s.heading("Distribution of " + protocol + " " + label(m.Name)), Subtitle: m.Doc,
		X:      chart.Axis{Label: label(m.Name), Unit: m.Unit, Log: done[0] > 0 && last > 100*done[0]},
		Y:      chart.Axis{Label: "share at most so large", Unit: "ratio", Lo: 0, Hi: 1},
		Curves: []chart.Curve{cu}}
}

// perNodeChart shows how many nodes sent, and received, how many messages.
func (s *Study) perNodeChart() chart.Chart {
	var sent, received [][]float64
	for _, r := range s.finished() {
		if len(r.PerNode) > 0 {
			sent = append(sent, sortedTotals(r, func(n sim.NodeTotal) uint64 { return n.Sent }))
			received = append(received, sortedTotals(r, func(n sim.NodeTotal) uint64 { return n.Received }))
		}
	}
	if len(sent) == 0 {
		return chart.Chart{}
	}
	edges, decades := binEdges(append(slices.Clone(sent), received...))
	c := chart.Chart{
		Title:    s.heading("Messages per node"),
		Subtitle: "how many nodes sent, and received, so many messages",
		X:        chart.Axis{Label: "messages in the run", Unit: "1", Log: decades, Lo: edges[0], Hi: edges[len(edges)-1]},
		Y:        chart.Axis{Label: "nodes", Unit: "1", Log: decades, Zero: true},
	}
	c.Bars = []chart.Bars{
		{Name: "sent", Edges: edges, Heights: heights(edges, sent)},
		{Name: "received", Edges: edges, Heights: heights(edges, received)},
	}
	if len(sent) > 1 {
		c.Note = fmt.Sprintf("mean of %d runs", len(sent))
	}
	if decades {
		c.Subtitle += "; none counts as a half"
		// The smallest bar must not vanish on the axis.
		c.Y.Lo, c.Y.Hi = 0.5/float64(len(sent)), 2*float64(len(sent[0]))
	}
	return c
}

func sortedTotals(r *sim.Result, of func(sim.NodeTotal) uint64) []float64 {
	out := make([]float64, len(r.PerNode))
	for i, n := range r.PerNode {
		out[i] = float64(of(n))
	}
	slices.Sort(out)
	return out
}

// binEdges are those of a histogram of whole numbers with at most about 40 bars,
// or at 1, 2, 5 of each decade where a few nodes have most of the messages.
func binEdges(sets [][]float64) (edges []float64, decades bool) {
	lo, hi, median := math.Inf(1), 0.0, 0.0
	for _, set := range sets {
		lo, hi = min(lo, set[0]), max(hi, set[len(set)-1])
		median = max(median, set[len(set)/2])
	}
	if hi > 50*max(median, 1) {
		edges = []float64{0.5}
		for e := 1.0; edges[len(edges)-1] <= hi; e *= 10 {
			edges = append(edges, e, 2*e, 5*e)
		}
		return edges, true
	}
	width := max(1, chart.Step((hi-lo)/40))
	for e := math.Floor(lo/width)*width - 0.5; ; e += width {
		edges = append(edges, e)
		if e > hi {
			return edges, false
		}
	}
}

// heights is how many values of a set fall in each bin, as the mean over sets.
func heights(edges []float64, sets [][]float64) []float64 {
	out := make([]float64, len(edges)-1)
	counts := make([]float64, len(out))
	for _, set := range sets {
		i := 0
		for _, v := range set {
			for i < len(counts)-1 && v >= edges[i+1] {
				i++
			}
			counts[i]++
		}
	}
	for i := range out {
		out[i] = counts[i] / float64(len(sets))
	}
	return out
}
