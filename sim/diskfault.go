package sim

import (
	"errors"
	"slices"
	"time"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// DiskFault makes disks bad while it lasts. Faults of one disk add up.
type DiskFault struct {
	Nodes      Selector
	Sync       time.Duration    // added to the time of a sync
	PerKiB     time.Duration    // added to that for each 1024 bytes written since the sync before, pro rata
	Full       bool             // writes that need room fail
	Lie        bool             // syncs that are done while it lasts have made nothing durable
	Torn       bool             // crashes leave a part of what was not synced
	Unreadable draw.Probability // reads that fail
	FlipBits   int              // so many bits of what is durable flip when it strikes, and stay so
}

func (f *DiskFault) check() error {
	if f.Sync == 0 && f.PerKiB == 0 && !f.Full && !f.Lie && !f.Torn && f.Unreadable == 0 && f.FlipBits == 0 {
		return errors.New("it does nothing to the disk; say what goes wrong")
	}
	return first(
		lasts("the time added to a sync", f.Sync, 0, longest),
		lasts("the time added for a KiB", f.PerKiB, 0, time.Hour),
		counts("the number of flipped bits", int64(f.FlipBits), 0, 1<<20))
}

// badDisk is what is wrong with a node's disk.
type badDisk struct {
	orders    []*nodeOrder // in force, in the order of striking
	sync      int64        // sums and ors over them
	perKiB    int64
	lie, torn bool
}

// spoil puts a fault of a node's disk in force. Bits flip at once, also if the
// node is down.
func (w *worker) spoil(n *nodeState, id uint32, at int64, o *nodeOrder) {
	x := w.extras(id)
	if x.bad == nil {
		x.bad = new(badDisk)
	}
	x.bad.orders = append(x.bad.orders, o)
	flipped := 0
	if bits := o.fault.Disk.FlipBits; bits > 0 {
		r := draws(draw.Derive(o.key, uint64(id)), domainDisk)
		flipped = x.disk.Rot(bits, &r)
	}
	w.assess(x, &w.k.groups[n.group], id)
	n.chain = link(n.chain, uint64(flipped), at, uint64(id)<<32|9)
	w.traceNode(id, at, TraceDisk)
}

// mend ends a fault of a node's disk.
func (w *worker) mend(n *nodeState, id uint32, at int64, o *nodeOrder) {
	x := w.extras(id)
	x.bad.orders = slices.DeleteFunc(x.bad.orders, func(p *nodeOrder) bool { return p.strike == o.strike })
	w.assess(x, &w.k.groups[n.group], id)
	n.chain = link(n.chain, 0, at, uint64(id)<<32|10)
	w.traceNode(id, at, TraceDisk)
}

// assess sums up what is wrong with a disk.
func (w *worker) assess(x *extras, g *group, id uint32) {
	bad := badDisk{orders: x.bad.orders}
	faults := protocols.DiskFaults{Capacity: g.DiskCapacity}
	for _, o := range bad.orders {
		f := o.fault.Disk
		bad.sync, bad.perKiB = min(bad.sync+int64(f.Sync), never), min(bad.perKiB+int64(f.PerKiB), never)
		bad.lie, bad.torn = bad.lie || f.Lie, bad.torn || f.Torn
		faults.Full = faults.Full || f.Full
		if f.Unreadable > faults.Unreadable {
			faults.Unreadable, faults.Key = f.Unreadable, draw.Derive(o.key, uint64(id))
		}
	}
	*x.bad = bad
	x.disk.SetFaults(faults)
}

// syncTime is how long the device takes for a sync after so many bytes.
func (g *group) syncTime(x *extras, written int) int64 {
	took, perKiB := int64(g.DiskSync), int64(g.DiskPerKiB)
	if x.bad != nil {
		took, perKiB = took+x.bad.sync, perKiB+x.bad.perKiB
	}
	slow, _ := mulDiv(int64(written), perKiB, 1024)
	return min(took+slow, never)
}

// lies reports whether a sync that is done now made nothing durable.
func (x *extras) lies() bool { return x.bad != nil && x.bad.lie }

// crashDisk leaves on a disk what a crash by the fault leaves.
func (w *worker) crashDisk(x *extras, n *nodeState, id uint32, f *Fault) {
	if f.tears() || x.bad != nil && x.bad.torn {
		g := &w.k.groups[n.group]
		r := draws(draw.Derive(g.member(id), uint64(x.incarnation)), domainDisk)
		x.disk.Tear(&r)
	}
	x.disk.Crash(!f.loses())
}

// loses reports whether a crash by the fault loses the disk.
func (f *Fault) loses() bool {
	return f.Crash != nil && f.Crash.LoseDisk || f.Churn != nil && f.Churn.LoseDisk
}

// tears reports whether a crash by the fault tears what was being written.
func (f *Fault) tears() bool {
	return f.Crash != nil && f.Crash.TearDisk || f.Churn != nil && f.Churn.TearDisk
}

// diskUse is how many disks hold files, how many bytes they hold, and how many
// the largest does.
func (k *kernel) diskUse() (disks int, sum, largest uint64) {
	for _, w := range k.workers {
		for _, x := range w.disks {
			if x.disk.Used() {
				n := uint64(x.disk.Size())
				disks, sum, largest = disks+1, sum+n, max(largest, n)
			}
		}
	}
	return disks, sum, largest
}
