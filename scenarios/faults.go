package scenarios

import (
	"fmt"
	"time"

	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Fault is an entry of the timeline: one verb, and when.
type Fault struct {
	Name  Name          `key:"name" doc:"what reports call it; its randomness derives from it; without it, the verb and its number, as crash-1"`
	At    time.Duration `key:"at" required:"true" example:"5s" doc:"when it strikes"`
	For   time.Duration `key:"for" doc:"how long it lasts; without it, to the end of the run"`
	Every time.Duration `key:"every" doc:"strikes again at this distance, with nodes drawn anew; without it, once"`

	Crash     *Crash      `key:"crash" one:"fault" doc:"nodes stop, lose what is not on disk, and restart when it is over"`
	Pause     *Pause      `key:"pause" one:"fault" doc:"nodes freeze; messages and timers wait until it is over"`
	Partition *Partition  `key:"partition" one:"fault" doc:"links are cut"`
	Degrade   *Degrade    `key:"degrade" one:"fault" doc:"links get worse"`
	Clock     *ClockFault `key:"clock" one:"fault" doc:"clocks go wrong"`
	Churn     *Churn      `key:"churn" one:"fault" doc:"each node goes down and comes back on its own"`
	Byzantine *Byzantine  `key:"byzantine" one:"fault" doc:"nodes are silent, late, or lie"`
	Disk      *DiskFault  `key:"disk" one:"fault" doc:"disks get slow or full, lie, tear writes, fail to read, or rot"`
}

// Crash stops nodes.
type Crash struct {
	Nodes Selector `key:"nodes" short:"true" required:"true" example:"10% of edge" doc:"who crashes"`
	Disk  string   `key:"disk" default:"keep" enum:"keep,lose,torn" doc:"whether what was durable is there after the restart, or with it a part of what was not"`
}

// Pause freezes nodes.
type Pause struct {
	Nodes Selector `key:"nodes" short:"true" required:"true" example:"core-0" doc:"who freezes"`
}

// Partition cuts links.
type Partition struct {
	Isolate  Selector   `key:"isolate" short:"true" one:"form of partition" doc:"these nodes against the rest"`
	Groups   []Selector `key:"groups" one:"form of partition" doc:"each of these sets against each other"`
	OneWay   *OneWay    `key:"one_way" one:"form of partition" doc:"messages pass in one direction only"`
	Others   string     `key:"others" default:"apart" enum:"apart,connected" doc:"nodes in none of the groups: apart, as one more group, or connected to all"`
	Bridge   Selector   `key:"bridge" doc:"nodes that still talk to all sides"`
	Flapping *Flapping  `key:"flapping" doc:"the cut comes and goes while the fault lasts"`
}

// OneWay cuts one direction.
type OneWay struct {
	From Selector `key:"from" required:"true" example:"core" doc:"whose messages are cut"`
	To   Selector `key:"to" doc:"for whom they are; without it, all others"`
}

// Flapping alternates, first cut.
type Flapping struct {
	Down time.Duration `key:"down" required:"true" example:"1s" min:"1ns" doc:"how long links are cut"`
	Up   time.Duration `key:"up" required:"true" example:"2s" min:"1ns" doc:"how long they work in between"`
}

// Degrade makes links worse. What it names is added to what links have.
type Degrade struct {
	From      Selector      `key:"from" doc:"who sends"`
	To        Selector      `key:"to" doc:"who receives"`
	Between   []Selector    `key:"between" example:"[edge, core]" doc:"two sets, for both directions at once"`
	Latency   time.Duration `key:"latency" default:"0s" max:"24h" alias:"delay" doc:"added to the latency"`
	Jitter    `key:",inline"`
	Loss      draw.Probability `key:"loss" default:"0%" alias:"drop" doc:"messages lost besides"`
	Duplicate draw.Probability `key:"duplicate" default:"0%" alias:"dup" doc:"messages that arrive twice"`
	Corrupt   draw.Probability `key:"corrupt" default:"0%" alias:"corruption" doc:"messages of which one bit flips"`
	Bandwidth draw.Probability `key:"bandwidth" default:"100%" alias:"rate" doc:"part of the bandwidth that is left"`
}

// ClockFault changes clocks.
type ClockFault struct {
	Nodes  Selector      `key:"nodes" required:"true" example:"core-0" doc:"whose clocks"`
	Offset time.Duration `key:"offset" default:"0s" min:"-8760h" max:"8760h" doc:"added while it lasts"`
	Drift  strict.Drift  `key:"drift" default:"0ppm" min:"-100000ppm" max:"100000ppm" doc:"how much faster they run while it lasts"`
	Step   time.Duration `key:"step" default:"0s" min:"-8760h" max:"8760h" doc:"added once, and stays"`
}

// compileFaults makes the kernel's timeline.
func (c *compiler) compileFaults() {
	names := map[Name]bool{}
	ordinal := map[string]int{}
	for i := range c.Faults {
		f := &c.Faults[i]
		path := indexed("faults", i)
		verb := f.verb()
		ordinal[verb]++
		if f.Name == "" {
			f.Name = Name(fmt.Sprintf("%s-%d", verb, ordinal[verb]))
		}
		if names[f.Name] {
			c.Report(path+".name", "another fault is called %s, too; give each a name of its own", f.Name)
		}
		names[f.Name] = true
		c.checkTimes(f, path)
		c.compileFault(f, path+"."+verb)
	}
}

// verb is the key of what the fault does.
func (f *Fault) verb() string {
	switch {
	case f.Crash != nil:
		return "crash"
	case f.Pause != nil:
		return "pause"
	case f.Partition != nil:
		return "partition"
	case f.Degrade != nil:
		return "degrade"
	case f.Clock != nil:
		return "clock"
	case f.Churn != nil:
		return "churn"
	case f.Byzantine != nil:
		return "byzantine"
	case f.Disk != nil:
		return "disk"
	}
	return "fault"
}

func (c *compiler) checkTimes(f *Fault, path string) {
	switch {
	case f.At >= c.Run.Duration:
		c.Report(path+".at", "%v is not before the end of the run at %v, so it would never strike", f.At, c.Run.Duration)
	case f.Every > 0 && f.For > f.Every:
		c.Report(path+".every", "it lasts %v and would strike again after %v, over itself; write a shorter for, or a longer every", f.For, f.Every)
	case c.Written(path+".for") && f.For == 0:
		c.Report(path+".for", "a fault of no duration does nothing; leave for out to have it last to the end of the run")
	case c.Written(path+".every") && f.Every == 0:
		c.Report(path+".every", "write a distance above 0s, or leave every out to strike once")
	case f.Every > 0 && c.Run.Duration/f.Every > maxStrikes:
		c.Report(path+".every", "strikes more than %d times within %v; write a longer distance", maxStrikes, c.Run.Duration)
	}
}

// maxStrikes bounds how often one fault strikes.
const maxStrikes = 100_000

// compileFault adds the kernel's faults: one, or several if several draws of
// nodes are named together.
func (c *compiler) compileFault(f *Fault, path string) {
	switch {
	case f.Crash != nil:
		c.nodeFault(f, f.Crash.Nodes, path, func(out *sim.Fault, s sim.Selector) {
			out.Crash = &sim.Crash{Nodes: s, LoseDisk: f.Crash.Disk == "lose", TearDisk: f.Crash.Disk == "torn"}
		})
	case f.Pause != nil:
		c.nodeFault(f, f.Pause.Nodes, path, func(out *sim.Fault, s sim.Selector) {
			out.Pause = &sim.Pause{Nodes: s}
		})
	case f.Clock != nil:
		k := f.Clock
		if !c.Failed(path) && k.Offset == 0 && k.Drift == 0 && k.Step == 0 {
			c.Report(path, "changes nothing; write offset, drift or step")
		}
		c.nodeFault(f, k.Nodes, path, func(out *sim.Fault, s sim.Selector) {
			out.Clock = &sim.ClockFault{Nodes: s, Offset: k.Offset, DriftPPB: int64(k.Drift), Step: k.Step}
		})
	case f.Churn != nil:
		churn := c.compileChurn(f.Churn, path)
		c.nodeFault(f, f.Churn.Nodes, path, func(out *sim.Fault, s sim.Selector) {
			one := churn
			one.Nodes = s
			out.Churn = &one
		})
	case f.Disk != nil:
		c.compileDisk(f, path)
	case f.Partition != nil:
		c.partition(f, path)
	case f.Degrade != nil:
		c.degrade(f, path)
	case f.Byzantine != nil:
		c.byzantine(f, path)
	}
}

// timed is the kernel's fault without its verb. More than one of a name get
// numbers.
func (f *Fault) timed(i int) sim.Fault {
	name := string(f.Name)
	if i > 0 {
		name = fmt.Sprintf("%s/%d", name, i+1)
	}
	return sim.Fault{Name: name, At: f.At, For: f.For, Every: f.Every}
}

func (c *compiler) nodeFault(f *Fault, nodes Selector, path string, set func(*sim.Fault, sim.Selector)) {
	for i, p := range c.picks(nodes, path+".nodes") {
		out := f.timed(i)
		set(&out, c.selector(p))
		c.base.Faults = append(c.base.Faults, out)
	}
}

func (c *compiler) degrade(f *Fault, path string) {
	g := f.Degrade
	jitter := c.compileJitter(&g.Jitter, path)
	if jitter != nil && (g.Distribution == "uniform" || g.Distribution == "normal") {
		// Degrading never makes a link faster: the part below 0 is cut off.
		jitter = jitter.Clamped(0, draw.Limit)
	}
	if !c.Failed(path) && g.Latency == 0 && jitter == nil && g.Loss == 0 && g.Duplicate == 0 && g.Corrupt == 0 && g.Bandwidth == draw.Always {
		c.Report(path, "changes nothing; write latency, jitter, loss, duplicate, corrupt or bandwidth")
	}
	if g.Bandwidth == 0 && c.Written(path+".bandwidth") {
		c.Report(path+".bandwidth", "leaves nothing; for a cut write partition")
	}
	ends := c.ends(g.From, g.To, g.Between, path, false)
	if len(ends) == 0 {
		return
	}
	out := f.timed(0)
	out.Degrade = &sim.Degrade{
		From: c.selector(ends[0][0]), To: c.selector(ends[0][1]), Both: len(ends) == 2,
		Latency: g.Latency, Jitter: jitter, Loss: g.Loss, Duplicate: g.Duplicate, Corrupt: g.Corrupt,
	}
	if g.Bandwidth != draw.Always {
		out.Degrade.Bandwidth = g.Bandwidth
	}
	c.base.Faults = append(c.base.Faults, out)
}
