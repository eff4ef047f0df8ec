package protocols

import (
	"slices"

	"meshsim/protocols/draw"
)

// This file is the driver's side of a Disk: when writes become durable, and
// what goes wrong.

// DiskFaults are what a driver makes a disk suffer. The zero value is none.
type DiskFaults struct {
	Capacity   int64            // bytes that fit; 0: no limit
	Full       bool             // nothing fits any more
	Unreadable draw.Probability // a Read fails
	Key        uint64           // which Reads do so derives from it
}

// sector is how many bytes a device writes at once, all or none.
const sector = 512

// content is what a file had when a Sync promised to keep it.
type content struct {
	name  string
	now   []byte
	birth uint64
}

// SetFaults replaces the faults of the disk.
func (d *Disk) SetFaults(f DiskFaults) { d.faults = f }

// Used reports whether the disk holds or was asked for anything.
func (d *Disk) Used() bool { return d.files != nil }

// TakeSync reports whether a call has asked for a Sync with writes before it,
// and how many bytes were written since the last time it did. The driver calls
// Complete when the device is done. Writes after that Sync in the same call are
// part of it, too: a device may always have done more than it promised.
func (d *Disk) TakeSync() (written int, ok bool) {
	if !d.synced {
		return 0, false
	}
	written, d.written, d.synced = d.written, 0, false
	for i := range d.files {
		f := &d.files[i]
		d.points = append(d.points, content{f.name, f.now, f.birth})
	}
	d.lengths = append(d.lengths, len(d.files))
	return written, true
}

// Syncing is how many syncs were taken and not completed.
func (d *Disk) Syncing() int { return len(d.lengths) }

// Complete makes durable what the first Sync promised that was taken and not
// completed. If the device lies it makes nothing durable; a later Sync with
// writes before it covers that, too.
func (d *Disk) Complete(lies bool) {
	n := d.lengths[0]
	if !lies {
		for _, p := range d.points[:n] {
			f := d.open(p.name)
			f.durable, f.old = p.now, p.birth
			if n := len(f.durable); cap(f.durable) > n && len(f.now) >= n {
				// Appends go behind what is durable and never over it.
				f.durable = f.durable[:n:n]
			}
		}
		d.files = slices.DeleteFunc(d.files, file.gone)
	}
	d.points = slices.Delete(d.points, 0, n)
	d.lengths = slices.Delete(d.lengths, 0, 1)
}

func (f file) gone() bool { return f.now == nil && f.durable == nil }

// Crash forgets all that was not durable. Durable false: the disk is lost, too.
func (d *Disk) Crash(durable bool) {
	d.dirty, d.synced, d.written = false, false, 0
	clear(d.points)
	d.points, d.lengths = d.points[:0], d.lengths[:0]
	if !durable {
		d.files = nil
		return
	}
	for i := range d.files {
		f := &d.files[i]
		n := len(f.durable)
		f.now, f.birth, f.inPlace = f.durable[:n:n], f.old, false
	}
	d.files = slices.DeleteFunc(d.files, file.gone)
}

// Tear makes a part of what was not durable durable, for a Crash to leave: of
// the bytes that were appended a first part, or any of the new sectors with zeros
// in the place of the others; of a file that was written anew any of its old and
// new sectors. Replace, Truncate and Remove are done or not done.
func (d *Disk) Tear(r *draw.Rand) {
	for i := range d.files {
		f := &d.files[i]
		base := f.durable
		if f.birth != f.old && !f.inPlace {
			if r.IntN(2) == 0 {
				continue // as if nothing had been written since
			}
			base = f.base
		}
		f.durable, f.old, f.inPlace = torn(base, f.now, r), f.birth, false
	}
}

// torn is what is left of now, which was being written over base.
func torn(base, now []byte, r *draw.Rand) []byte {
	if now == nil {
		return nil
	}
	if len(now) >= len(base) && r.IntN(2) == 0 && slices.Equal(now[:len(base)], base) {
		return slices.Clone(now[:len(base)+r.IntN(len(now)-len(base)+1)])
	}
	size := len(now)
	if base != nil && r.IntN(2) == 0 {
		size = max(size, len(base)) // the end was not yet cut off
	}
	b := make([]byte, size)
	for at := 0; at < size; at += sector {
		from := base
		if r.IntN(2) == 0 {
			from = now
		}
		if at < len(from) {
			copy(b[at:min(at+sector, size)], from[at:])
		}
	}
	return b
}

// Rot flips bits of durable bytes, each in a place drawn anew; the node reads
// them flipped, too. It returns how many: 0 if nothing is durable.
func (d *Disk) Rot(bits int, r *draw.Rand) int {
	total := 0
	for i := range d.files {
		total += len(d.files[i].durable)
	}
	if total == 0 {
		return 0
	}
	own := make([]bool, len(d.files)) // those whose bytes nobody else holds
	for range bits {
		at := r.IntN(total)
		bit := byte(1) << r.IntN(8)
		for i := range d.files {
			f := &d.files[i]
			if at < len(f.durable) {
				if !own[i] {
					own[i] = true
					d.replace(f, slices.Clone)
				}
				d.replace(f, func(b []byte) []byte { b[at] ^= bit; return b })
				break
			}
			at -= len(f.durable)
		}
	}
	return bits
}

// replace changes a durable content wherever it is kept. Who has read it keeps
// what it read.
func (d *Disk) replace(f *file, by func([]byte) []byte) {
	f.durable = by(f.durable)
	if f.birth == f.old {
		f.now = by(f.now)
	}
	for i := range d.points {
		if p := &d.points[i]; p.name == f.name && p.birth == f.old {
			p.now = by(p.now)
		}
	}
}
