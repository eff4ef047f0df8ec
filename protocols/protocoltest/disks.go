package protocoltest

import (
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// checkDisk runs the protocol anew over disks that go wrong in every way that a
// node can notice. One by one the nodes find their disk full; crash; crash again
// and cannot read it for a while; and crash and find that bits of what they had
// synced have flipped. Nothing may panic, and no property may be broken: what a
// node cannot trust it must not use.
func checkDisk(r *run, fail failure) {
	var watches []watch
	for _, spec := range r.protocol.Checkers {
		c := spec.New(protocols.ProbeConfig{Nodes: r.Nodes, Members: r.world.Members})
		watches = append(watches, watch{c, spec.Name, c.Wants(), false})
	}
	c := newCluster(r.protocol, r.Nodes, Options{Seed: uint64(r.seed), Loss: draw.Ratio(1, 20), Observe: func(o protocols.Observed) {
		for i := range watches {
			watches[i].show(r.protocol, o, fail)
		}
	}})
	c.start()
	random := draw.New(draw.Derive(uint64(r.seed), 0xd15c))
	d := drill{c: c, line: feeder{inputs: r.Inputs}, part: r.Duration / time.Duration(4*troubles*r.Nodes)}
	for id := range protocols.NodeID(r.Nodes) {
		if slices.Contains(r.Spared, id) {
			d.wait(4 * troubles)
			continue
		}
		c.Disks[id].SetFaults(protocols.DiskFaults{Full: true})
		d.wait(4)
		d.crash(id, func(disk *protocols.Disk) {})
		d.crash(id, func(disk *protocols.Disk) { disk.SetFaults(protocols.DiskFaults{Unreadable: draw.Always}) })
		d.crash(id, func(disk *protocols.Disk) { disk.Rot(1+random.IntN(3), &random) })
	}
}

// troubles is what each node goes through: a full disk, and three crashes.
const troubles = 4

// drill leads nodes through their troubles, each in four parts of time.
type drill struct {
	c    *Cluster
	line feeder
	part time.Duration
	gone time.Duration
}

// wait lets parts of time pass.
func (d *drill) wait(parts int) {
	d.gone += time.Duration(parts) * d.part
	d.line.until(d.c, d.gone)
}

// crash lets a node crash for a part of time and restart over a disk that
// something was done to. Two parts later the disk has no faults any more.
func (d *drill) crash(id protocols.NodeID, do func(disk *protocols.Disk)) {
	disk := &d.c.Disks[id]
	d.c.Crash(id)
	disk.SetFaults(protocols.DiskFaults{})
	d.wait(1)
	do(disk)
	d.c.Restart(id)
	d.wait(2)
	disk.SetFaults(protocols.DiskFaults{})
	d.wait(1)
}

// watch is a checker that is shown observations as they come.
type watch struct {
	checker protocols.Checker
	name    string
	wants   []protocols.ObservationKind
	broken  bool
}

func (w *watch) show(p *protocols.Protocol, o protocols.Observed, fail failure) {
	if w.broken || o.Protocol == p.Name && !contains(w.wants, o.Kind) {
		return
	}
	if text := w.checker.Observe(o); text != "" {
		w.broken = true
		fail("over bad disks, checker %s: node %d at %v: %s", w.name, o.Node, clock(o.At), text)
	}
}

// feeder hands out the inputs as time goes on.
type feeder struct{ inputs []Input }

// until runs the cluster up to an instant.
func (f *feeder) until(c *Cluster, end time.Duration) {
	for len(f.inputs) > 0 && f.inputs[0].At < end {
		c.Run(max(f.inputs[0].At-time.Duration(c.now), 0))
		f.inputs[0].enter(c)
		f.inputs = f.inputs[1:]
	}
	c.Run(max(end-time.Duration(c.now), 0))
}

// enter hands the input to its node.
func (in *Input) enter(c *Cluster) {
	if in.Message != nil {
		c.Inject(in.To, in.Message)
	} else {
		c.Hear(in.To, in.Event)
	}
}
