package comparison

import (
	"fmt"
	"math"
	"slices"

	"meshsim/report/stats"
)

// A Metric is what sides are compared in.
type Metric struct {
	Name      string // gossip.convergence_time
	Statistic string // of its values within a run: value, mean, p95 …
	Unit      string
	Better    string // which values are good ones: smaller, larger, neither
	Cost      bool   // stands beside the others, as what they cost
	Margin    Margin
}

// Margin is the largest difference that does not matter.
type Margin struct {
	Size   float64
	OfBase bool // a share of the base: 0.05 is 5%
}

// A Value is that of a metric in one run.
type Value struct {
	Seed  uint64
	Known bool // the run has one
	stats.Run
}

// A Side is one of the things compared.
type Side struct {
	Name   string
	Base   int       // the place of the side that it is compared with; its own if it is a base
	Values [][]Value // by metric and run
}

// Options say how sides are compared.
type Options struct {
	Confidence float64 // of the intervals and of all verdicts together; 0 is 95%
}

// A Table is what sides are to one another.
type Table struct {
	Metrics    []Metric
	Sides      []Side
	Cells      [][]Cell // by metric and side
	Family     int      // comparisons that are judged together
	Confidence float64
	Seeds      []uint64 // that all sides have
	Front      *Front   // nil if there is nothing to weigh
}

// A Cell is what is known of a metric of a side.
type Cell struct {
	Estimate stats.Interval // the mean, or the median where some runs are open
	Open     int            // runs in which something had not finished
	Missing  int            // runs without a value
	Unpaired int            // runs with a value whose seed the base lacks
	Against  *stats.Comparison
	Tie      bool // it is not shown to be worse than the best
	Best     bool
}

// A Front is the sides that no other beats in all of some metrics.
type Front struct {
	Metrics []int
	Sides   []int
}

// New compares the sides. It is an error if two that are to be compared have no
// seed in common.
func New(metrics []Metric, sides []Side, o Options) (*Table, error) {
	if o.Confidence == 0 {
		o.Confidence = stats.Confidence
	}
	t := &Table{Metrics: metrics, Sides: sides, Confidence: o.Confidence}
	if err := t.findSeeds(); err != nil {
		return nil, err
	}
	var family []stats.Comparison
	var owners []*Cell
	for m := range metrics {
		t.Cells = append(t.Cells, make([]Cell, len(sides)))
		for i := range sides {
			c := &t.Cells[m][i]
			c.estimate(sides[i].Values[m], o.Confidence)
			if sides[i].Base == i {
				continue
			}
			if against, ok := t.compare(m, i, c); ok {
				family, owners = append(family, against), append(owners, c)
			}
		}
	}
	stats.Judge(family)
	for i, c := range owners {
		c.Against = &family[i]
	}
	t.Family = len(family)
	for m := range metrics {
		t.stand(m)
	}
	t.Front = t.front()
	return t, nil
}

// findSeeds checks that there are pairs.
func (t *Table) findSeeds() error {
	for i, s := range t.Sides {
		seeds := seedsOf(s)
		if i == 0 {
			t.Seeds = seeds
		} else {
			t.Seeds = common(t.Seeds, seeds)
		}
		if base := t.Sides[s.Base]; s.Base != i && len(common(seeds, seedsOf(base))) == 0 {
			return fmt.Errorf("%s and %s have no seed in common, so their runs cannot be paired; run both with the same --seed", base.Name, s.Name)
		}
	}
	return nil
}

// seedsOf are the seeds of all runs of a side.
func seedsOf(s Side) (seeds []uint64) {
	if len(s.Values) > 0 {
		for _, v := range s.Values[0] {
			seeds = append(seeds, v.Seed)
		}
	}
	return seeds
}

func common(a, b []uint64) (both []uint64) {
	known := map[uint64]bool{}
	for _, seed := range b {
		known[seed] = true
	}
	for _, seed := range a {
		if known[seed] {
			both = append(both, seed)
		}
	}
	return both
}

func (c *Cell) estimate(values []Value, confidence float64) {
	var sample stats.Sample
	for _, v := range values {
		if !v.Known {
			c.Missing++
			continue
		}
		sample.Add(v.Value, v.Open)
	}
	c.Open = sample.Censored()
	if c.Open > 0 {
		c.Estimate = sample.Quantile(0.5, confidence)
	} else {
		c.Estimate = sample.Mean(confidence)
	}
}

// compare pairs the runs of a side with those of its base; not ok if there is no
// pair.
func (t *Table) compare(m, i int, c *Cell) (stats.Comparison, bool) {
	var a, b []stats.Run
	side := t.Sides[i]
	base := bySeed(t.Sides[side.Base].Values[m])
	for _, v := range side.Values[m] {
		other, paired := base[v.Seed]
		switch {
		case v.Known && paired:
			a, b = append(a, other), append(b, v.Run)
		case v.Known:
			c.Unpaired++
		}
	}
	if len(a) == 0 {
		return stats.Comparison{}, false
	}
	return stats.Compare(a, b, t.question(m)), true
}

func bySeed(values []Value) map[uint64]stats.Run {
	runs := map[uint64]stats.Run{}
	for _, v := range values {
		if v.Known {
			runs[v.Seed] = v.Run
		}
	}
	return runs
}

func (t *Table) question(m int) stats.Question {
	of := &t.Metrics[m]
	return stats.Question{Direction: of.direction(), Margin: of.Margin.Size, OfBase: of.Margin.OfBase, Confidence: t.Confidence}
}

func (m *Metric) direction() stats.Direction {
	if m.Better == "larger" {
		return stats.LargerIsBetter
	}
	return stats.SmallerIsBetter
}

// neutral reports whether no value is better than another.
func (m *Metric) neutral() bool { return m.Better == "neither" }

// stand marks the sides that tie with the best, by the runs that all of them have.
func (t *Table) stand(m int) {
	var points [][]stats.Run
	if t.Metrics[m].neutral() || !t.oneBase() || len(t.Sides) < 2 {
		return
	}
	seeds := t.Seeds
	for _, s := range t.Sides {
		known := bySeed(s.Values[m])
		seeds = slices.DeleteFunc(slices.Clone(seeds), func(seed uint64) bool {
			_, ok := known[seed]
			return !ok
		})
	}
	if len(seeds) < 2 {
		return
	}
	for _, s := range t.Sides {
		known := bySeed(s.Values[m])
		var runs []stats.Run
		for _, seed := range seeds {
			runs = append(runs, known[seed])
		}
		points = append(points, runs)
	}
	for i, s := range stats.Standings(points, t.question(m)) {
		t.Cells[m][i].Tie, t.Cells[m][i].Best = s.Tie, s.Best
	}
}

// oneBase reports whether all sides are compared with one.
func (t *Table) oneBase() bool {
	return !slices.ContainsFunc(t.Sides, func(s Side) bool { return s.Base != t.Sides[0].Base })
}

// front weighs against the costs the first other metric in which sides differ.
func (t *Table) front() *Front {
	f := &Front{}
	first := -1
	for m := range t.Metrics {
		allTie := !slices.ContainsFunc(t.Cells[m], func(c Cell) bool { return !c.Tie })
		if first < 0 && !t.Metrics[m].Cost && !t.Metrics[m].neutral() && !allTie {
			first = m
		}
	}
	if first < 0 || !t.oneBase() || len(t.Sides) < 3 {
		return nil
	}
	f.Metrics = []int{first}
	for m := range t.Metrics {
		if t.Metrics[m].Cost && !t.Metrics[m].neutral() {
			f.Metrics = append(f.Metrics, m)
		}
	}
	if len(f.Metrics) < 2 {
		return nil
	}
	var directions []stats.Direction
	points := make([][]float64, len(t.Sides))
	for _, m := range f.Metrics {
		directions = append(directions, t.Metrics[m].direction())
		for i := range points {
			v := t.Cells[m][i].Estimate.Value
			if math.IsInf(v, 0) {
				v = math.NaN()
			}
			points[i] = append(points[i], v)
		}
	}
	f.Sides = stats.Pareto(points, directions)
	return f
}

// p is the p-value that the verdict rests on, adjusted for the family: that of
// equivalence where that is the verdict.
func (c *Cell) p() float64 {
	if c.Against.Verdict == stats.Equivalent {
		return c.Against.AdjustedEquivalent
	}
	return c.Against.Adjusted
}

// Verdict is the verdict in a word. Of a metric of which no value is better than
// another it says how the side differs.
func (t *Table) Verdict(m, side int) string {
	c := t.Cells[m][side].Against
	switch {
	case c == nil:
		return ""
	case t.Metrics[m].neutral() && c.Verdict == stats.Better:
		return "smaller"
	case t.Metrics[m].neutral() && c.Verdict == stats.Worse:
		return "larger"
	}
	return string(c.Verdict)
}
