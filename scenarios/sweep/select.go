package sweep

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/scenarios"
	"meshsim/scenarios/strict"
)

// Column finds a metric that some run has a value of. An empty statistic is the
// first of [Metric.Statistics].
func (c *Collection) Column(metric, statistic string) (Column, error) {
	var names []string
	for _, s := range c.Sets {
		for _, rec := range s.Records {
			if rec == nil {
				continue
			}
			m := rec.Metric(metric)
			if m == nil {
				for _, other := range rec.Metrics {
					names = append(names, other.Name)
				}
				continue
			}
			list := m.Statistics()
			if statistic == "" {
				statistic = list[0]
			}
			if _, percent := percentOf(statistic); !slices.Contains(list, statistic) && !(m.Form == "sample" && percent) {
				return Column{}, fmt.Errorf("%s has no statistic %q; write one of %s", metric, statistic, strings.Join(list, ", "))
			}
			return Column{metric, statistic, m.Unit, m.Better}, nil
		}
	}
	hint := "; meshsim list metrics shows what there is"
	if w := strict.Nearest(metric, names); w != "" {
		hint = fmt.Sprintf("; did you mean %s?", w)
	}
	return Column{}, fmt.Errorf("no run has a value of %q%s", metric, hint)
}

// Statistics are those of the metric within a run; the first is what one asks for
// who names none.
func (m *Metric) Statistics() []string {
	spec := protocols.MetricSpec{Name: m.Name, Form: protocols.Sample}
	for _, form := range []protocols.MetricForm{protocols.Series, protocols.Scalar} {
		if m.Form == form.String() {
			spec.Form = form
		}
	}
	return scenarios.Statistics(spec)
}

// Steady finds the end of the warm-up of a series by MSER-5, over the mean of the
// runs of each set: the latest of all sets, so that all are treated alike. It is
// not ok if a set's runs are too short.
func (c *Collection) Steady(metric string) (from time.Duration, ok bool) {
	for _, s := range c.Sets {
		at, mean := s.meanSeries(metric)
		if len(mean) == 0 {
			continue
		}
		cut, long := stats.MSER5(mean)
		if !long {
			return 0, false
		}
		from, ok = max(from, at[cut]), true
	}
	return from, ok
}

// meanSeries is the mean over the runs at the instants that all of them have.
func (s *Set) meanSeries(metric string) (at []time.Duration, mean []float64) {
	n := 0
	sums, counts := map[time.Duration]float64{}, map[time.Duration]int{}
	for _, rec := range s.Records {
		if rec == nil || rec.Metric(metric) == nil {
			continue
		}
		n++
		times, values := rec.Points(rec.Metric(metric))
		for i, t := range times {
			sums[t] += values[i]
			counts[t]++
		}
	}
	for _, t := range slices.Sorted(maps.Keys(counts)) {
		if counts[t] == n {
			at, mean = append(at, t), append(mean, sums[t]/float64(n))
		}
	}
	return at, mean
}
