package gossip

import (
	"time"

	"meshsim/protocols"
)

// Config says how nodes gossip. The tags are for loaders of scenarios: the key
// as it is written, one sentence of help, the default, the words allowed, and
// the unit of sizes.
type Config struct {
	Mode     string        `key:"mode" default:"push" enum:"push,pull,push-pull" doc:"who sends rumors at a contact: who starts it, who is called, or both"`
	Fanout   int           `key:"fanout" default:"3" doc:"distinct partners that a node contacts each round"`
	Interval time.Duration `key:"interval" default:"2s" doc:"time between a node's rounds"`
	Phase    string        `key:"phase" default:"random" enum:"random,synchronous" doc:"when rounds begin: each node at its own time, or all at multiples of the interval, where what is learned counts from the next round on"`
	Peers    string        `key:"peers" default:"all" enum:"all,neighbours,membership" doc:"whom a node contacts: anybody, its neighbours in the topology, or whom a membership protocol on the node announces"`

	Interest string `key:"interest" default:"forever" enum:"forever,die,counter,coin" doc:"when a node stops spreading a rumor: never, after one round, after k contacts, or with chance 1/k at a contact"`
	K        int    `key:"k" default:"3" doc:"the k of counter and coin; a counter with feedback starts again at a contact that was useful"`
	Feedback bool   `key:"feedback" default:"false" doc:"count only contacts with nodes that say they knew the rumor"`

	Retention        time.Duration `key:"retention" default:"2m" doc:"how long a node remembers a rumor; after that it neither spreads nor accepts it"`
	MaxRumors        int           `key:"max_rumors" default:"4096" doc:"rumors that a node remembers; the oldest make room"`
	MaxMessageRumors int           `key:"max_message_rumors" default:"512" doc:"rumors in a message; those sent least go first"`
	MaxMessageBytes  int           `key:"max_message_bytes" default:"60KiB" unit:"B" doc:"size of a message; larger rumors are refused, more state takes several messages"`

	AntiEntropy *AntiEntropy `key:"anti_entropy" off:"true" doc:"keep a replicated key-value state the same on all nodes"`
	Aggregation *Aggregation `key:"aggregation" off:"true" doc:"compute an aggregate of a number that each node has"`
}

// Default returns the configuration of a scenario that names nothing: push to
// three random nodes every two seconds, forever.
func Default() Config {
	return Config{
		Mode:             "push",
		Fanout:           3,
		Interval:         2 * time.Second,
		Phase:            "random",
		Peers:            "all",
		Interest:         "forever",
		K:                3,
		Retention:        2 * time.Minute, // 60 rounds: a million nodes need about 20
		MaxRumors:        4096,
		MaxMessageRumors: 512,
		MaxMessageBytes:  60 << 10, // fits a UDP datagram
	}
}

// The least value of max_message_bytes: one rumor of some size must fit.
const minMessageBytes = 512

// Validate returns all that is wrong with c, nil if nothing.
func (c *Config) Validate() []protocols.Problem {
	var v validation
	v.word("mode", c.Mode, "push", "pull", "push-pull")
	v.word("phase", c.Phase, "random", "synchronous")
	v.word("peers", c.Peers, "all", "neighbours", "membership")
	v.word("interest", c.Interest, "forever", "die", "counter", "coin")
	v.atLeast("fanout", c.Fanout, 1)
	v.period("interval", c.Interval)
	v.between("k", c.K, 1, 255)
	if c.Feedback && (c.Interest == "forever" || c.Interest == "die") {
		v.add("feedback", "has no effect with interest %s; write interest counter or coin", c.Interest)
	}
	if c.Interval > 0 && c.Retention < c.Interval {
		v.add("retention", "%v is shorter than the interval of %v", c.Retention, c.Interval)
	} else if c.Interval > 0 && c.Retention/c.Interval > 1<<30 {
		v.add("retention", "%v is more than %d intervals of %v", c.Retention, 1<<30, c.Interval)
	}
	v.between("max_rumors", c.MaxRumors, 1, 1<<20)
	v.atLeast("max_message_rumors", c.MaxMessageRumors, 1)
	v.atLeast("max_message_bytes", c.MaxMessageBytes, minMessageBytes)
	if c.AntiEntropy != nil {
		c.AntiEntropy.validate(&v)
	}
	if c.Aggregation != nil {
		c.Aggregation.validate(&v)
	}
	return v.problems
}

// validation collects problems.
type validation struct{ problems []protocols.Problem }

func (v *validation) add(path, format string, args ...any) {
	v.problems = append(v.problems, protocols.Problemf(path, format, args...))
}

func (v *validation) word(path, got string, words ...string) {
	list := ""
	for i, w := range words {
		switch {
		case w == got:
			return
		case i == 0:
			list = w
		case i == len(words)-1:
			list += " or " + w
		default:
			list += ", " + w
		}
	}
	v.add(path, "is %q, must be %s", got, list)
}

func (v *validation) atLeast(path string, got, limit int) {
	if got < limit {
		v.add(path, "is %d, must be at least %d", got, limit)
	}
}

func (v *validation) between(path string, got, low, high int) {
	if got < low || got > high {
		v.add(path, "is %d, must be %d to %d", got, low, high)
	}
}

func (v *validation) period(path string, got time.Duration) {
	if got < time.Microsecond {
		v.add(path, "is %v, must be at least %v", got, time.Microsecond)
	}
}

// cycleAt numbers the intervals of a node's clock, modulo 2^32.
func (c *Config) cycleAt(now protocols.Time) uint32 {
	q := int64(now) / int64(c.Interval)
	if int64(now)%int64(c.Interval) < 0 {
		q-- // clocks may be behind zero
	}
	return uint32(q)
}
