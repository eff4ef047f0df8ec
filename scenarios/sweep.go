package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"meshsim/protocols"
	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
)

// Sweep says at which points a scenario is run: which fields take which values,
// alone and together.
type Sweep struct {
	Matrix    strict.Map[strict.List[strict.Literal]] `key:"matrix" doc:"fields and the values of each, as in protocols.gossip.fanout: [2, 3, 4]; every combination is a point"`
	Zip       strict.Map[strict.List[strict.Literal]] `key:"zip" doc:"fields that change together: the first point has the first value of each; every combination with the matrix is a point"`
	Exclude   []strict.Map[strict.Literal]            `key:"exclude" doc:"points to leave out: those with all of the values of an entry, as in {protocols.gossip.fanout: 2, protocols.gossip.interval: 5s}"`
	Where     strict.List[Where]                      `key:"where" doc:"what a point must fulfil, as in fanout > 2 or interval <= 3s; fields by their path or the end of it"`
	Repeat    int                                     `key:"repeat" min:"1" max:"100000" doc:"replications of each point, in place of run.repeat"`
	Precision *Precision                              `key:"precision" doc:"go on with a point until a metric is known this well"`
	Baseline  strict.Map[strict.Literal]              `key:"baseline" doc:"the values of the point that others are compared with, one for each field of the sweep"`
	Objective *Objective                              `key:"objective" doc:"what makes a point better than another"`
}

// Precision ends a point's replications when an interval is narrow enough.
type Precision struct {
	Metric    string           `key:"metric" required:"true" example:"gossip.convergence_time" doc:"whose interval is looked at"`
	Statistic string           `key:"statistic" enum:"value,mean,min,max,last,p50,p90,p95,p99" doc:"of its values within a run; without it the value, the mean of items, or where a series ended"`
	HalfWidth draw.Probability `key:"half_width" required:"true" example:"2%" doc:"half of the 95% interval, as a share of the mean"`
	Cap       int              `key:"cap" default:"200" min:"10" max:"100000" doc:"replications after which it stops in any case"`
}

// Objective is what makes a point better than another.
type Objective struct {
	Metric    string `key:"metric" required:"true" example:"net.messages" doc:"what is compared"`
	Statistic string `key:"statistic" enum:"value,mean,min,max,last,p50,p90,p95,p99" doc:"of its values within a run; without it the value, the mean of items, or where a series ended"`
	Direction string `key:"direction" default:"min" enum:"min,max" doc:"whether small values are better, or large ones"`
}

// compileSweep checks what can be checked without the points.
func (c *compiler) compileSweep() {
	s := c.Sweep
	if s == nil {
		return
	}
	if len(s.Matrix) == 0 && len(s.Zip) == 0 {
		c.Report("sweep", "has no points; write matrix: {protocols.gossip.fanout: [2, 3, 4]}")
	}
	for _, e := range s.Matrix {
		c.checkSwept(e.Key, "sweep.matrix."+e.Key, e.Value)
	}
	for i, e := range s.Zip {
		c.checkSwept(e.Key, "sweep.zip."+e.Key, e.Value)
		switch first := s.Zip[0]; {
		case s.Matrix.Get(e.Key) != nil:
			c.Report("sweep.zip."+e.Key, "stands in the matrix, too; leave one out")
		case i > 0 && len(e.Value) != len(first.Value):
			c.Report("sweep.zip."+e.Key, "has %d values and %s has %d; fields that change together need as many each", len(e.Value), first.Key, len(first.Value))
		}
	}
	for i, e := range s.Exclude {
		for _, v := range e {
			c.checkNamed(v.Key, indexed("sweep.exclude", i)+"."+v.Key, v.Value)
		}
	}
	c.checkBaseline()
	for i := range s.Where {
		c.checkWhere(&s.Where[i], i)
	}
	if s.Precision != nil {
		c.checkStatistic(s.Precision.Metric, s.Precision.Statistic, "sweep.precision")
	}
	if s.Objective != nil {
		c.checkStatistic(s.Objective.Metric, s.Objective.Statistic, "sweep.objective")
	}
}

// unswept are the fields that a sweep has other means for, or no use.
var unswept = map[string]string{
	"run.repeat":  "write sweep: {repeat: 30} for the replications of each point",
	"run.seed":    "replication i has the same seed at every point, so that points can be compared; write sweep: {repeat: 30} for more seeds",
	"meshsim":     "a sweep cannot change the language",
	"name":        "points have names of their own",
	"description": "it changes no run",
}

// checkSwept checks a field of the sweep and that its values differ.
func (c *compiler) checkSwept(path, at string, values []strict.Literal) {
	if why, ok := unswept[path]; ok {
		c.Report(at, "%s", why)
		return
	}
	if strings.HasPrefix(path, "sweep") {
		c.Report(at, "a sweep cannot sweep itself")
		return
	}
	if err := c.exists(path); err != nil {
		c.Report(at, "%v", err)
		return
	}
	for i, v := range values {
		if k := slices.IndexFunc(values[:i], func(o strict.Literal) bool { return o.String() == v.String() }); k >= 0 {
			c.Report(indexed(at, i), "%s is named twice; leave one out", v)
		}
	}
}

// exists says what is wrong with a path that no scenario like this one has.
func (c *compiler) exists(path string) error {
	if _, err := strict.Describe(&Scenario{}, path); err != nil {
		return err
	}
	if group, ok := strings.CutPrefix(path, "nodes."); ok {
		group, _, _ = strings.Cut(group, ".")
		if names := c.Nodes.Keys(); !slices.Contains(names, group) {
			return fmt.Errorf("no group is called %q%s", group, suggest(group, names))
		}
	}
	return nil
}

// swept are the fields that the sweep changes: those of the matrix, then of zip.
func (s *Sweep) swept() []string { return append(s.Matrix.Keys(), s.Zip.Keys()...) }

// values are those of a swept field.
func (s *Sweep) values(path string) []strict.Literal {
	if v := s.Matrix.Get(path); v != nil {
		return *v
	}
	if v := s.Zip.Get(path); v != nil {
		return *v
	}
	return nil
}

// checkNamed checks that a value is one that a field of the sweep takes.
func (c *compiler) checkNamed(path, at string, v strict.Literal) {
	values := c.Sweep.values(path)
	var texts []string
	for _, o := range values {
		texts = append(texts, o.String())
	}
	switch {
	case values == nil:
		c.Report(at, "the sweep does not change it%s", suggest(path, c.Sweep.swept()))
	case !slices.Contains(texts, v.String()):
		c.Report(at, "%s is none of its values; write %s", v, strings.Join(texts, ", "))
	}
}

func (c *compiler) checkBaseline() {
	b := c.Sweep.Baseline
	if len(b) == 0 {
		return
	}
	for _, e := range b {
		c.checkNamed(e.Key, "sweep.baseline."+e.Key, e.Value)
	}
	for _, path := range c.Sweep.swept() {
		if b.Get(path) == nil {
			c.Report("sweep.baseline", "says nothing of %s; write %s: %s", path, path, c.Sweep.values(path)[0])
		}
	}
}

// checkStatistic checks that a metric has a statistic.
func (c *compiler) checkStatistic(metric, statistic, at string) {
	if metric == "" || c.metrics == nil {
		return // was reported
	}
	m, err := c.findMetric(metric)
	if err != nil {
		c.Report(at+".metric", "%v", err)
		return
	}
	if of := Statistics(*m); statistic != "" && !slices.Contains(of, statistic) {
		c.Report(at+".statistic", "%s has no %s; write %s", metric, statistic, strings.Join(of, ", "))
	}
}

// Statistics are what a metric has of each run, the most telling one first.
func Statistics(m protocols.MetricSpec) []string {
	switch {
	case m.Form == protocols.Scalar:
		return []string{"value"}
	case m.Form == protocols.Series:
		return []string{"last", "mean", "min", "max"}
	case m.Name == "net.latency":
		return []string{"p50", "p90", "p95", "p99", "max"}
	}
	return []string{"mean", "min", "max", "p50", "p90", "p95", "p99"}
}
