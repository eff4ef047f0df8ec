package report

import (
	"encoding/csv"
	"io"
	"slices"
	"strconv"
	"time"

	"meshsim/protocols"
	"meshsim/report/stats"
	"meshsim/sim"
)

// manyItems is how many items a metric of nodes may have, over all replications,
// before metrics.csv holds percentiles instead: a million nodes would make four
// million lines.
const manyItems = 10000

// CSV writes metrics.csv, every value of every replication in long form, one a
// line: replication, seed, metric, item, at_s, value, censored.
//
//   - scalars: at_s is the end of the run;
//   - series: one line an instant;
//   - items: item counts them from 0 (for figures of nodes it is the node) and
//     at_s is when it began; for the latency of messages, and for figures of
//     more than 10000 nodes in all, item is a percentile, p0 to p100;
//   - levels of a goal: metric is "gossip.coverage>=0.99", item the rumor, at_s
//     its beginning, value the seconds it took; censored 1 means never;
//   - messages of each kind: metric is kind.sent, kind.bytes, kind.delivered,
//     kind.lost or kind.duplicated, item is "gossip/push".
//
// Numbers are as in summary.json: the same on every machine.
func (s *Study) CSV(w io.Writer) error {
	c := csv.NewWriter(w)
	c.Write([]string{"replication", "seed", "metric", "item", "at_s", "value", "censored"})
	for i, r := range s.Results {
		if r == nil {
			continue
		}
		rows := csvRows{c, strconv.Itoa(i), strconv.FormatUint(r.Seed, 10), r, r.Nodes*len(s.Results) > manyItems}
		for _, m := range s.Metrics {
			rows.metric(m)
		}
		rows.kinds()
	}
	c.Flush()
	return c.Error() // csv keeps the first error of all writes
}

// csvRows writes the lines of one replication.
type csvRows struct {
	*csv.Writer
	replication, seed string
	r                 *sim.Result
	many              bool // nodes, in all replications
}

func (c *csvRows) row(metric, item, at string, value float64, censored bool) {
	flag := "0"
	if censored {
		flag = "1"
	}
	c.Write([]string{c.replication, c.seed, metric, item, at, stats.Plain(value), flag})
}

func (c *csvRows) metric(m protocols.MetricSpec) {
	switch m.Form {
	case protocols.Scalar:
		if v, ok := c.r.Scalar(m.Name); ok {
			c.row(m.Name, "", decimalSeconds(int64(c.r.End)), v, false)
		}
	case protocols.Series:
		for _, p := range c.r.Series(m.Name) {
			c.row(m.Name, "", decimalSeconds(int64(p.At)), p.Value, false)
		}
		c.reached(m)
	case protocols.Sample:
		c.items(m)
	}
}

func (c *csvRows) items(m protocols.MetricSpec) {
	items := c.r.Items(m.Name)
	if m.Name == "net.latency" || kernelMetric(m.Name) && c.many {
		c.percentiles(m, items)
		return
	}
	for k, it := range items {
		c.row(m.Name, strconv.Itoa(k), decimalSeconds(int64(it.At)), it.Value, it.Censored)
	}
}

// percentiles writes p0 to p100 of what is too much to write in full.
func (c *csvRows) percentiles(m protocols.MetricSpec, items []protocols.Item) {
	var at func(percent uint64) (float64, bool)
	if len(items) == 0 {
		at = func(percent uint64) (float64, bool) { return c.r.Quantile(m.Name, percent, 100) }
	} else {
		values := make([]float64, len(items))
		for i := range items {
			values[i] = items[i].Value
		}
		slices.Sort(values)
		at = func(percent uint64) (float64, bool) {
			return values[max((uint64(len(values))*percent+99)/100, 1)-1], true
		}
	}
	for percent := uint64(0); percent <= 100; percent++ {
		if v, ok := at(percent); ok {
			c.row(m.Name, "p"+strconv.FormatUint(percent, 10), decimalSeconds(int64(c.r.End)), v, false)
		}
	}
}

// reached writes when the items of a goal reached the levels asked for.
func (c *csvRows) reached(m protocols.MetricSpec) {
	for _, it := range c.r.Levels(m.Name) {
		name := m.Name + ">=" + stats.Plain(it.Level)
		after := it.After
		if !it.OK {
			after = c.r.End - time.Duration(it.Since)
		}
		c.row(name, strconv.FormatUint(it.Item, 10), decimalSeconds(int64(it.Since)), after.Seconds(), !it.OK)
	}
}

func (c *csvRows) kinds() {
	at := decimalSeconds(int64(c.r.End))
	for _, k := range c.r.Kinds {
		item := k.Protocol + "/" + k.Kind
		c.row("kind.sent", item, at, float64(k.Sent), false)
		c.row("kind.bytes", item, at, float64(k.Bytes), false)
		c.row("kind.delivered", item, at, float64(k.Delivered), false)
		c.row("kind.lost", item, at, float64(k.Lost), false)
		c.row("kind.duplicated", item, at, float64(k.Duplicated), false)
	}
}
