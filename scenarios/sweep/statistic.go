package sweep

import (
	"slices"
	"strconv"
	"strings"
	"time"
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
	return rec.StatisticFrom(metric, of, rec.Warmup)
}

// StatisticFrom is the same with another end of the warm-up, which matters to
// series alone: what is earlier is left out.
func (rec *Record) StatisticFrom(metric, of string, warmup time.Duration) (v float64, ok bool) {
	m := rec.Metric(metric)
	switch {
	case m == nil:
		return 0, false
	case m.Form == "scalar":
		return float64(m.Value), true
	case m.Form == "series":
		return seriesStatistic(rec.values(m, warmup), of)
	case of == "mean":
		return float64(m.Items.Mean), true
	}
	percent, ok := percentOf(of)
	if !ok {
		return 0, false
	}
	return m.Items.Quantile(percent), true
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
