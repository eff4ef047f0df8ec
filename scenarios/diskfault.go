package scenarios

import (
	"fmt"
	"strings"
	"time"

	"meshsim/protocols/draw"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// Disk is each node's device.
type Disk struct {
	Sync     time.Duration `key:"sync" default:"0s" max:"1h" doc:"until writes are durable; what a node sends after them waits so long"`
	PerKiB   time.Duration `key:"per_kib" default:"0s" max:"1h" doc:"time for each 1024 bytes that a sync makes durable, pro rata"`
	Capacity strict.Bound  `key:"capacity" default:"unlimited" max:"1024TiB" doc:"bytes that fit; writes for which there is no room fail"`
}

// DiskFault makes disks go wrong. What is written together adds up.
type DiskFault struct {
	Nodes      Selector         `key:"nodes" required:"true" example:"core-0" doc:"whose disks"`
	Sync       time.Duration    `key:"sync" default:"0s" max:"1h" alias:"latency,slow" doc:"added to the time of a sync: a slow disk"`
	PerKiB     time.Duration    `key:"per_kib" default:"0s" max:"1h" doc:"added for each 1024 bytes that a sync makes durable, pro rata"`
	Full       bool             `key:"full" default:"false" doc:"writes that need room fail"`
	LyingSync  bool             `key:"lying_sync" default:"false" doc:"a sync that is done while this lasts has made nothing durable; a later one that does not lie covers it"`
	TornWrites bool             `key:"torn_writes" default:"false" doc:"a crash leaves a part of what was not synced: the first bytes, or some of the sectors of 512 bytes"`
	ReadErrors draw.Probability `key:"read_errors" default:"0%" doc:"reads that fail"`
	BitRot     int              `key:"bit_rot" default:"0" max:"1000000" doc:"so many bits of what is durable flip at the strike, and stay so"`
}

const diskEffects = "sync, per_kib, full, lying_sync, torn_writes, read_errors or bit_rot"

// compileDisk adds the faults of a disk.
func (c *compiler) compileDisk(f *Fault, path string) {
	d := f.Disk
	out := sim.DiskFault{Sync: d.Sync, PerKiB: d.PerKiB, Full: d.Full, Lie: d.LyingSync, Torn: d.TornWrites,
		Unreadable: d.ReadErrors, FlipBits: d.BitRot}
	if !c.Failed(path) && len(d.effects()) == 0 {
		c.Report(path, "changes nothing; write %s", diskEffects)
	}
	c.nodeFault(f, d.Nodes, path, func(to *sim.Fault, s sim.Selector) {
		one := out
		one.Nodes = s
		to.Disk = &one
	})
}

// effects tells what goes wrong.
func (d *DiskFault) effects() []string {
	var parts []string
	add := func(on bool, format string, args ...any) {
		if on {
			parts = append(parts, fmt.Sprintf(format, args...))
		}
	}
	add(d.Sync > 0, "sync +%v", d.Sync)
	add(d.PerKiB > 0, "sync +%v a KiB", d.PerKiB)
	add(d.Full, "full")
	add(d.LyingSync, "syncs lie")
	add(d.TornWrites, "crashes tear writes")
	add(d.ReadErrors > 0, "%s of reads fail", percent(d.ReadErrors))
	add(d.BitRot > 0, "%d bits rot", d.BitRot)
	return parts
}

func (d *DiskFault) text() string {
	return fmt.Sprintf("disks of %s: %s", selectorText(d.Nodes), strings.Join(d.effects(), ", "))
}

// kept tells what is left of a crashed node's disk.
func kept(disk string) string {
	return map[string]string{"keep": "kept", "lose": "lost", "torn": "kept, writes torn"}[disk]
}
