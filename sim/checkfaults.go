package sim

import (
	"errors"
	"fmt"
	"time"

	"meshsim/protocols/draw"
)

func (c *Config) checkFaults() error {
	names := map[string]bool{} // looked up only
	for i := range c.Faults {
		f := &c.Faults[i]
		if names[f.Name] {
			return fmt.Errorf("two faults are called %q, so they would draw alike; give each a name of its own", f.Name)
		}
		names[f.Name] = true
		if err := c.checkFault(f); err != nil {
			return fmt.Errorf("fault %q: %w", f.Name, err)
		}
	}
	return nil
}

func (c *Config) checkFault(f *Fault) error {
	err := first(
		lasts("its beginning", f.At, 0, time.Duration(never)-1),
		lasts("its length", f.For, 0, time.Duration(never)-1),
		lasts("its distance", f.Every, 0, time.Duration(never)-1))
	if err != nil {
		return err
	}
	if f.Every > 0 && c.Duration/f.Every > maxStrikes {
		return fmt.Errorf("it strikes every %v, more than %d times in %v; write a longer distance", f.Every, maxStrikes, c.Duration)
	}
	for _, s := range f.selectors() {
		if err := first(checkIDs(s.From, c.nodes()), counts("the number of selected nodes", int64(s.Count), 0, maxNodes)); err != nil {
			return err
		}
	}
	return c.checkVerb(f)
}

func (c *Config) checkVerb(f *Fault) error {
	verbs := 0
	for _, set := range []bool{f.Crash != nil, f.Pause != nil, f.Partition != nil, f.Degrade != nil, f.Clock != nil, f.Churn != nil, f.Byzantine != nil, f.Disk != nil} {
		if set {
			verbs++
		}
	}
	switch {
	case verbs != 1:
		return fmt.Errorf("it has %d verbs; set exactly one of crash, pause, partition, degrade, clock, churn, byzantine, disk", verbs)
	case f.Partition != nil:
		return c.checkPartition(f)
	case f.Degrade != nil:
		return c.checkDegrade(f.Degrade)
	case f.Clock != nil:
		return f.Clock.check()
	case f.Churn != nil:
		return f.Churn.check()
	case f.Disk != nil:
		return f.Disk.check()
	case f.Byzantine != nil:
		return f.Byzantine.check(c)
	}
	return nil
}

func (c *Config) checkPartition(f *Fault) error {
	p := f.Partition
	err := first(
		counts("the number of sides", int64(len(p.Sides)), 1, maxSides),
		lasts("the time down", p.Down, 0, time.Duration(never)-1),
		lasts("the time up", p.Up, 0, time.Duration(never)-1))
	switch {
	case err != nil:
		return err
	case p.Up > 0 && p.Down == 0:
		return fmt.Errorf("it is up for %v, but never down; write how long it is down", p.Up)
	case p.Down == 0:
		return nil
	}
	long := c.Duration
	if f.For > 0 {
		long = min(long, f.For)
	}
	if long/(p.Up+p.Down) > maxStrikes {
		return fmt.Errorf("it goes down and up again within %v, more than %d times in %v; write longer times", p.Up+p.Down, maxStrikes, long)
	}
	return nil
}

func (c *Config) checkDegrade(d *Degrade) error {
	if d.Corrupt > 0 {
		if err := c.checkDecode("a fault that corrupts"); err != nil {
			return err
		}
	}
	return lasts("the added latency", d.Latency, 0, longest)
}

func (f *ClockFault) check() error {
	const most = time.Duration(never / 4)
	return first(
		lasts("the offset", f.Offset, -most, most),
		lasts("the step", f.Step, -most, most),
		counts("the drift in parts per billion", f.DriftPPB, -maxDrift, maxDrift))
}

func (c *Churn) check() error {
	drawn := c.Session != nil && c.Downtime != nil
	switch {
	case c.Sessions == nil && !drawn:
		return errors.New("its sessions and downtimes are not declared; give both, or a trace of sessions")
	case c.Sessions != nil && (c.Session != nil || c.Downtime != nil):
		return errors.New("it has both a trace of sessions and distributions; give one of them")
	case drawn:
		return first(checkSpell("session", c.Session), checkSpell("downtime", c.Downtime))
	case len(c.Sessions) == 0:
		return errors.New("its trace of sessions is empty; give at least one row")
	}
	return checkTrace(c.Sessions)
}

// checkSpell finds spells so short that time would hardly pass.
func checkSpell(what string, d *draw.Dist) error {
	if mean := time.Duration(d.Mean()); mean < minSpell {
		return fmt.Errorf("a %s lasts %v on average; the least is %v", what, mean, minSpell)
	}
	return nil
}

func checkTrace(rows [][]Span) error {
	for i, row := range rows {
		for j, s := range row {
			switch {
			case s.Start < 0 || s.End <= s.Start || int64(s.End) >= never:
				return fmt.Errorf("row %d of its sessions goes from %v to %v; sessions start at 0s or later and end after that", i, s.Start, s.End)
			case j > 0 && s.Start <= row[j-1].End:
				return fmt.Errorf("row %d of its sessions goes on at %v, but the session before ends at %v; list them in order, apart", i, s.Start, row[j-1].End)
			}
		}
	}
	return nil
}
