package balance

import (
	"fmt"
	"math/bits"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// Config says when tasks migrate, and to whom. The tags are for loaders of
// scenarios: the key as it is written, the default, one sentence of help.
type Config struct {
	High       draw.Probability `key:"high" default:"80%" doc:"a node with a higher load migrates tasks"`
	Low        draw.Probability `key:"low" default:"30%" doc:"only nodes with a lower load are given any"`
	Hysteresis draw.Probability `key:"hysteresis" default:"10%" doc:"a node that migrates goes on until its load is below high by so much"`
	Full       time.Duration    `key:"full" default:"10s" doc:"a node has a load of 100% if all its cores have work for so long"`
	Refuse     bool             `key:"refuse" default:"true" doc:"a node refuses a task that would bring it above high less hysteresis; false: it takes what it has room for"`
	CoolDown   time.Duration    `key:"cool_down" default:"10s" doc:"a task that has migrated does not migrate again for so long"`
	Batch      int              `key:"batch" default:"16" doc:"the most tasks that a node migrates in an interval"`
	Bandwidth  int64            `key:"bandwidth" default:"100Mbit/s" unit:"bandwidth" doc:"by which the time is estimated that the bytes of a task are on the wire; unlimited: none"`

	Interval time.Duration `key:"interval" default:"1s" doc:"between a node's reports of its load, and between its looks at it"`
	Reports  string        `key:"reports" default:"gossip" enum:"neighbours,gossip" doc:"who hears of a node's load: neighbours in turn; or nodes drawn at random, who pass it on"`
	Fanout   int           `key:"fanout" default:"3" doc:"to how many nodes each report goes"`
	Fresh    time.Duration `key:"fresh" default:"3s" doc:"how long a report is believed"`
}

// Default returns the configuration of a scenario that names nothing.
func Default() Config {
	return Config{High: draw.Ratio(4, 5), Low: draw.Ratio(3, 10), Hysteresis: draw.Ratio(1, 10), Full: 10 * time.Second, Refuse: true,
		CoolDown: 10 * time.Second, Batch: 16, Bandwidth: 100_000_000, Interval: time.Second, Reports: gossip, Fanout: 3, Fresh: 3 * time.Second}
}

// The words for reports.
const (
	neighbours = "neighbours"
	gossip     = "gossip"
)

// Limits of what a node may be told.
const (
	maxFanout = 64
	maxBatch  = 4096
	maxFull   = 365 * 24 * time.Hour
)

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() (all []protocols.Problem) {
	add := func(bad bool, path, format string, args ...any) {
		if bad {
			all = append(all, protocols.Problemf(path, format, args...))
		}
	}
	add(c.High == 0, "high", "is 0, so that every node would migrate all it has; write a share such as 80%%")
	add(c.Low >= c.High, "low", "is %s, and high is %s, so that a node could be both; write a lower low, or a higher high", percent(c.Low), percent(c.High))
	add(c.Low < c.High && c.Hysteresis > c.High-c.Low, "hysteresis", "is %s, and there are %s from low to high, so that who migrates would end below those it gives to; write less",
		percent(c.Hysteresis), percent(c.High-c.Low))
	add(c.Full < time.Millisecond || c.Full > maxFull, "full", "is %v; write 1ms to a year", c.Full)
	add(c.CoolDown < 0, "cool_down", "is %v; write a time, or 0s for none", c.CoolDown)
	add(c.Batch < 1 || c.Batch > maxBatch, "batch", "is %d; write 1 to %d", c.Batch, maxBatch)
	add(c.Bandwidth < 0, "bandwidth", "is %d, must not be negative", c.Bandwidth)
	add(c.Interval < time.Millisecond, "interval", "is %v, must be at least 1ms", c.Interval)
	add(c.Reports != neighbours && c.Reports != gossip, "reports", "is %q; write neighbours or gossip", c.Reports)
	add(c.Fanout < 1 || c.Fanout > maxFanout, "fanout", "is %d; write 1 to %d", c.Fanout, maxFanout)
	add(c.Fresh < c.Interval, "fresh", "is %v, must be at least the interval of %v: no report would be believed until the next", c.Fresh, c.Interval)
	return all
}

// percent writes a share, in tenths of a percent.
func percent(p draw.Probability) string {
	tenths, rest := bits.Mul64(uint64(p), 1000)
	tenths += rest >> 63
	if tenths%10 == 0 {
		return fmt.Sprintf("%d%%", tenths/10)
	}
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

// level is the work ahead at a load.
func (c *Config) level(load draw.Probability) time.Duration {
	if load == draw.Always {
		return c.Full
	}
	hi, _ := bits.Mul64(uint64(c.Full), uint64(load))
	return time.Duration(hi)
}

// wire is for how long the bytes of a task are on the wire.
func (c *Config) wire(bytes int) time.Duration {
	if c.Bandwidth == 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(bytes)*8, uint64(time.Second))
	if hi >= uint64(c.Bandwidth) {
		return never
	}
	q, _ := bits.Div64(hi, lo, uint64(c.Bandwidth))
	return time.Duration(min(q, uint64(never)))
}

// never is a time that nobody waits.
const never = 100 * maxFull / 2
