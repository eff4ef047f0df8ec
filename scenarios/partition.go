package scenarios

import "meshsim/sim"

// partition makes the kernel's partition.
func (c *compiler) partition(f *Fault, path string) {
	p := f.Partition
	sides, names, ok := c.sides(p, path)
	if !ok {
		return
	}
	if len(sides) > maxSides {
		c.Report(path+".groups", "%d groups; the most is %d", len(sides), maxSides)
	}
	if !c.Failed(path) {
		c.checkSides(sides, names, p, path)
	}
	out := &sim.Partition{OneWay: p.OneWay != nil, Bystanders: p.Others == "connected"}
	if p.OneWay != nil {
		out.Bystanders = len(p.OneWay.To) > 0
	}
	for i := range sides {
		out.Sides = append(out.Sides, c.selector(sides[i]))
	}
	if len(p.Bridge) > 0 {
		b, ok := c.pickOne(p.Bridge, path+".bridge")
		if !ok {
			return
		}
		s := c.selector(b)
		out.Bridge = &s
	}
	if p.Flapping != nil {
		out.Up, out.Down = p.Flapping.Up, p.Flapping.Down
		if f.For > 0 && f.For <= out.Down {
			c.Report(path+".flapping", "links stay cut for %v, longer than the fault lasts; leave flapping out", out.Down)
		}
		if c.Run.Duration/(out.Up+out.Down) > maxStrikes {
			c.Report(path+".flapping", "flaps more than %d times within %v; write longer times", maxStrikes, c.Run.Duration)
		}
	}
	fault := f.timed(0)
	fault.Partition = out
	c.base.Faults = append(c.base.Faults, fault)
}

// maxSides is the kernel's limit.
const maxSides = 250

// sides finds the sets that are cut from one another, and where each is written.
func (c *compiler) sides(p *Partition, path string) (sides []picked, paths []string, ok bool) {
	add := func(s Selector, at string) {
		if one, fine := c.pickOne(s, at); fine {
			sides, paths = append(sides, one), append(paths, at)
		} else {
			ok = false
		}
	}
	ok = true
	switch {
	case len(p.Isolate) > 0:
		add(p.Isolate, path+".isolate")
	case p.OneWay != nil:
		add(p.OneWay.From, path+".one_way.from")
		if len(p.OneWay.To) > 0 {
			add(p.OneWay.To, path+".one_way.to")
		}
	case len(p.Groups) == 0:
		ok = false
		if c.Written(path + ".groups") {
			c.Report(path+".groups", "there are no groups; write two or more, as in [core, edge]")
		}
	}
	for i, g := range p.Groups {
		add(g, indexed(path+".groups", i))
	}
	return sides, paths, ok
}

// checkSides reports sides that cannot be told apart, and cuts of nothing.
func (c *compiler) checkSides(sides []picked, paths []string, p *Partition, path string) {
	known := true
	covered := set{}
	for i, s := range sides {
		if s.role != "" || s.share != 0 || s.count != 0 {
			known = false
			continue
		}
		if both := covered.intersect(s.from); len(both) > 0 {
			c.Report(paths[i], "%s is on two sides", c.NodeName(both[0].lo))
		}
		covered = newSet(append(covered, s.from...)...)
	}
	alone := len(sides) == 1 && (p.Others == "connected" && p.OneWay == nil || known && covered.count() == c.plan.nodes)
	if alone {
		c.Report(path, "there is only one side, so nothing is cut")
	}
}
