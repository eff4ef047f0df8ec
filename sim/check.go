package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"meshsim/protocols"
)

// What a Config may say at most.
const (
	maxNodes     = 1 << 27
	maxWorkers   = 64
	maxGroups    = 1 << 16
	maxProtocols = internal - 1
	maxZones     = 1<<15 - 1
	maxSides     = 250
	maxDrift     = 100_000_000 // ppb: a tenth
	maxStrikes   = 1_000_000   // of one fault, and ups and downs of one partition
	maxSamples   = 10_000_000
	longest      = 365 * 24 * time.Hour // what is added up on a message's way
	minSpell     = time.Microsecond     // of churn, on average
)

// check finds what a Config must not say. The error says it in a sentence, with
// the limit, and where.
func (c *Config) check() error {
	return first(c.checkGroups(), c.checkRun(), c.checkNetwork(), c.checkFaults(), c.checkWatches())
}

// first is the first error that is one.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// lasts checks a duration against its bounds.
func lasts(what string, d, least, most time.Duration) error {
	if d < least || d > most {
		return fmt.Errorf("%s is %v; write %v to %v", what, d, least, most)
	}
	return nil
}

// counts checks a number against its bounds.
func counts(what string, n, least, most int64) error {
	if n < least || n > most {
		return fmt.Errorf("%s is %d; write %d to %d", what, n, least, most)
	}
	return nil
}

func (c *Config) checkRun() error {
	err := first(
		lasts("the duration", c.Duration, 1, time.Duration(never)-1),
		lasts("the warmup", c.Warmup, 0, time.Duration(never)-1),
		lasts("the sampling interval", c.Sample, 0, time.Duration(never)-1),
		counts("the number of workers", int64(c.Workers), 0, maxWorkers),
		counts("the mode", int64(c.Mode), 0, int64(Ordered)))
	if err == nil && c.Sample > 0 && c.Duration/c.Sample > maxSamples {
		return fmt.Errorf("a sample every %v for %v are more than %d; write a longer interval", c.Sample, c.Duration, maxSamples)
	}
	return err
}

func (c *Config) checkGroups() error {
	total := 0
	names := map[string]bool{} // looked up only
	known := map[string]bool{}
	for i := range c.Groups {
		g := &c.Groups[i]
		if names[g.Name] {
			return fmt.Errorf("two groups are called %q, so their nodes would draw alike; give each a name of its own", g.Name)
		}
		names[g.Name] = true
		if err := c.checkGroup(g); err != nil {
			return fmt.Errorf("group %q: %w", g.Name, err)
		}
		for _, p := range g.Stack {
			known[p.Name] = true
		}
		if total += g.Count; total > maxNodes {
			return fmt.Errorf("there are more than %d nodes; declare fewer", maxNodes)
		}
	}
	if total == 0 {
		return errors.New("there are no nodes; declare a group with a count of 1 or more")
	}
	return first(counts("the number of groups", int64(len(c.Groups)), 1, maxGroups),
		counts("the number of protocols", int64(len(known)), 0, maxProtocols))
}

func (c *Config) checkGroup(g *Group) error {
	if err := counts("the number of nodes", int64(g.Count), 0, maxNodes); err != nil {
		return err
	}
	for _, z := range g.Zones {
		if c.Network.Zones == nil || z < 0 || z >= len(c.Network.Zones.Names) {
			return fmt.Errorf("the latency matrix has no zone %d", z)
		}
	}
	for i, p := range g.Stack {
		if err := checkProtocol(p, c.Wire); err != nil {
			return err
		}
		for _, other := range g.Stack[:i] {
			if other.Name == p.Name {
				return fmt.Errorf("its nodes run %s twice; a node runs a protocol once", p.Name)
			}
		}
	}
	return first(g.CPU.check(), g.Clock.check(), g.Uplink.check("uplink"), g.Downlink.check("downlink"),
		lasts("the time of a disk sync", g.DiskSync, 0, longest),
		lasts("the time of a disk sync for a KiB", g.DiskPerKiB, 0, time.Hour),
		counts("the disk's capacity in bytes", g.DiskCapacity, 0, 1<<50), checkCrypto(g.Crypto))
}

func checkCrypto(c *protocols.CryptoCosts) error {
	if c == nil {
		return nil
	}
	return first(
		lasts("the CPU time of a signature", c.Sign, 0, longest),
		lasts("the CPU time of a signature's check", c.Verify, 0, longest),
		lasts("the CPU time of a tag", c.Tag, 0, longest))
}

func checkProtocol(p *protocols.Protocol, wire bool) error {
	switch {
	case p == nil:
		return errors.New("its stack holds a protocol that is nil")
	case p.Name == "" || p.Name == protocols.NodeProtocol:
		return fmt.Errorf("a protocol is called %q, which is no name for one", p.Name)
	case p.New == nil:
		return fmt.Errorf("protocol %s cannot make nodes: New is nil", p.Name)
	case wire && p.Decode == nil && len(p.Kinds) > 0:
		return fmt.Errorf("protocol %s cannot run in wire mode: Decode is nil", p.Name)
	case len(p.Kinds) > 256:
		return fmt.Errorf("protocol %s has %d kinds of messages; the most is 256", p.Name, len(p.Kinds))
	case len(p.Observations) > 64:
		return fmt.Errorf("protocol %s has %d kinds of observations; the most is 64", p.Name, len(p.Observations))
	}
	return nil
}

func (c CPU) check() error {
	return first(
		counts("the number of cores", int64(c.Cores), 0, 1<<16),
		lasts("the CPU time a message", c.PerMessage, 0, longest),
		lasts("the CPU time a byte", c.PerByte, 0, time.Second),
		lasts("the CPU time a KiB", c.PerKiB, 0, time.Hour),
		counts("the length of the CPU's queue", int64(c.Queue), 0, 1<<40))
}

func (c Clock) check() error {
	const most = time.Duration(never / 4)
	return first(
		lasts("the clock's offset", c.Offset, -most, most),
		lasts("the range of the clock's offset", c.OffsetRange, 0, most),
		counts("the clock's drift in parts per billion", c.DriftPPB, -maxDrift, maxDrift),
		counts("the range of the clock's drift in parts per billion", c.DriftRange, 0, maxDrift))
}

func (p Pipe) check(what string) error {
	return first(
		counts("the rate of the "+what+" in bits a second", p.BitsPerSecond, 0, 1e15),
		counts("the queue of the "+what+" in bytes", p.QueueBytes, 0, 1<<50))
}

// checkWatches finds checks and goals that nobody can serve.
func (c *Config) checkWatches() error {
	for _, check := range c.Checks {
		if check.Spec.New == nil {
			return fmt.Errorf("check %s.%s cannot be made: New is nil", check.Protocol, check.Spec.Name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Goals)) {
		if !c.hasGoal(name) {
			return fmt.Errorf("there is a goal in %q, but no protocol of the run has such a metric that items climb in", name)
		}
	}
	for i, w := range c.Workload {
		if w == nil {
			return fmt.Errorf("workload %d is nil", i)
		}
	}
	return nil
}

func (c *Config) hasGoal(name string) bool {
	protocol, metric, _ := strings.Cut(name, ".")
	isIt := func(m protocols.MetricSpec) bool { return m.Name == metric && m.Goal }
	return slices.ContainsFunc(c.Groups, func(g Group) bool {
		return slices.ContainsFunc(g.Stack, func(p *protocols.Protocol) bool {
			return p.Name == protocol && slices.ContainsFunc(p.Metrics, isIt)
		})
	})
}
