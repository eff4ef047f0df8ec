package sweep

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"meshsim/report/stats"
)

// Metric finds a metric of the run; nil if the run has no value of it.
func (rec *Record) Metric(name string) *Metric {
	i := slices.IndexFunc(rec.Metrics, func(m Metric) bool { return m.Name == name })
	if i < 0 {
		return nil
	}
	return &rec.Metrics[i]
}

// Statistic is a statistic of a metric within the run, see
// [scenarios.Statistics]; not ok if the run has none. One that does not exist
// because an item had not finished is NaN.
func (rec *Record) Statistic(metric, of string) (v float64, ok bool) {
	run, ok := rec.Run(metric, of, rec.Warmup)
	if run.Open {
		run.Value = math.NaN()
	}
	return run.Value, ok
}

// Run is the same for those who compare: of one that does not exist because an
// item had not finished, it is open, with what it is at least if that is known. The
// warm-up matters to series alone: what is earlier is left out.
func (rec *Record) Run(metric, of string, warmup time.Duration) (run stats.Run, ok bool) {
	m := rec.Metric(metric)
	switch {
	case m == nil:
		return run, false
	case m.Form == "scalar":
		run.Value, ok = float64(m.Value), true
	case m.Form == "series":
		run.Value, ok = seriesStatistic(rec.values(m, warmup), of)
	default:
		return m.Items.run(of)
	}
	run.Open = math.IsNaN(run.Value)
	return run, ok
}

// run is a statistic of the items.
func (it *Items) run(of string) (run stats.Run, ok bool) {
	v, least := float64(it.Mean), float64(it.LeastMean)
	if of != "mean" {
		percent, ok := percentOf(of)
		if !ok {
			return run, false
		}
		v, least = it.Quantile(percent), math.NaN()
		if it.Least != nil {
			least = it.quantile(it.Least, percent)
		}
	}
	if math.IsNaN(v) {
		return stats.Run{Value: least, Open: true}, true
	}
	return stats.Run{Value: v}, true
}

// percentOf reads min, p50 and so on, and max.
func percentOf(of string) (percent int, ok bool) {
	switch of {
	case "min":
		return 0, true
	case "max":
		return 100, true
	}
	digits, found := strings.CutPrefix(of, "p")
	percent, err := strconv.Atoi(digits)
	return percent, found && err == nil && percent >= 0 && percent <= 100
}

// Points are the values of a series and their times, as far as they exist.
func (rec *Record) Points(m *Metric) (at []time.Duration, values []float64) {
	times := rec.Times
	if m.At != nil {
		times = m.At
	}
	for i, v := range m.Series {
		if v == v {
			at, values = append(at, times[i]), append(values, float64(v))
		}
	}
	return at, values
}

// values of a series that exist, from the end of the warm-up on.
func (rec *Record) values(m *Metric, warmup time.Duration) []float64 {
	at, values := rec.Points(m)
	first, _ := slices.BinarySearch(at, warmup)
	return values[first:]
}

func seriesStatistic(values []float64, of string) (float64, bool) {
	if len(values) == 0 {
		return 0, false
	}
	switch of {
	case "mean":
		sum := 0.0
		for _, v := range values {
			sum += v
		}
		return sum / float64(len(values)), true
	case "min":
		return slices.Min(values), true
	case "max":
		return slices.Max(values), true
	}
	return values[len(values)-1], true
}
