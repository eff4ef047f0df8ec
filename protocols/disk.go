package protocols

import (
	"errors"
	"math"
	"slices"

	"meshsim/protocols/draw"
)

// What can go wrong with a disk. The errors come only if the scenario declares
// them, and a protocol must expect them all the same.
var (
	ErrFull = errors.New("disk is full")    // nothing of the write was done
	ErrRead = errors.New("disk read error") // the device does not give the bytes back, this time at least
)

// Disk is what survives a crash of a node: named files of bytes. Writes are
// visible to the node at once and durable once a Sync has completed. What is
// sent by the call that syncs, and by all later calls, waits until then, so a
// protocol may write, sync and answer in one breath: the answer never overtakes
// the disk. The protocols of a node share its disk; each begins the names of its
// files with its own name.
//
// A crash loses what no Sync has covered, the order of writes kept. Where the
// scenario tears writes it leaves any part of that: see [Disk.Tear]. Bytes can
// also rot while they lie there, so what is read back wants a checksum; package
// wal keeps a log of records that way.
//
// The zero Disk is empty, without limit, and ready.
type Disk struct {
	files   []file // sorted by name
	dirty   bool   // there are writes that no Sync covered yet
	synced  bool   // Sync was called since the last TakeSync
	faults  DiskFaults
	reads   uint64    // calls of Read while they may fail
	births  uint64    // contents so far; see file.birth
	written int       // bytes since the last TakeSync
	points  []content // taken and not completed, one after the other
	lengths []int     // how many files each of them has
}

// file is one file. A content that is appended to stays the same one; any other
// write begins another.
type file struct {
	name    string
	now     []byte // what the node reads; nil if removed
	durable []byte // what a crash leaves; nil if absent
	birth   uint64 // which content now is, unique on the disk
	old     uint64 // which content durable is
	base    []byte // what now was when it began; of no meaning if birth is old
	inPlace bool   // now is being written over durable
}

// Read returns the file's bytes, nil if there is none, or [ErrRead]. The caller
// must not change them. Reading takes no time.
func (d *Disk) Read(name string) ([]byte, error) {
	if d.faults.Unreadable > 0 {
		d.reads++
		r := draw.New(draw.DeriveString(draw.Derive(d.faults.Key, d.reads), name))
		if r.Hit(d.faults.Unreadable) {
			return nil, ErrRead
		}
	}
	if i, ok := d.find(name); ok {
		return d.files[i].now, nil
	}
	return nil, nil
}

// Write puts a copy of b in the place of the file. It returns [ErrFull] if the
// disk has no room for what b is longer. A torn write leaves a mixture of old
// and new sectors: write small files so, or those that hold a checksum.
func (d *Disk) Write(name string, b []byte) error {
	i, ok := d.find(name)
	if ok && len(b)-len(d.files[i].now) > d.free() || !ok && len(b) > d.free() {
		return ErrFull
	}
	f := d.open(name)
	d.begin(f, append(make([]byte, 0, len(b)), b...), nil)
	f.inPlace = true
	d.written += len(b)
	return nil
}

// Replace puts a copy of b in the place of the file as a whole: a crash leaves
// the old or the new content, never a mixture, even where writes are torn. It is
// what a program does with a temporary file, a sync and a renaming, so it needs
// room for both and returns [ErrFull] without.
func (d *Disk) Replace(name string, b []byte) error {
	if len(b) > d.free() {
		return ErrFull
	}
	now := append(make([]byte, 0, len(b)), b...)
	d.begin(d.open(name), now, now)
	d.written += len(b)
	return nil
}

// Append adds b at the end of the file, which it creates if needed. It returns
// [ErrFull] if there is no room.
func (d *Disk) Append(name string, b []byte) error {
	if len(b) > d.free() {
		return ErrFull
	}
	f := d.open(name)
	if f.now == nil {
		d.begin(f, []byte{}, nil) // there, though empty
	}
	f.now = append(f.now, b...)
	d.dirty = true
	d.written += len(b)
	return nil
}

// Truncate cuts the file to its first size bytes; longer sizes do nothing. Like
// Remove it always succeeds, and is done or not done after a crash, never in part.
func (d *Disk) Truncate(name string, size int) {
	i, ok := d.find(name)
	if !ok || size >= len(d.files[i].now) {
		return
	}
	f := &d.files[i]
	// A full slice expression: the next Append copies and leaves durable bytes alone.
	now := f.now[:size:size]
	d.begin(f, now, now)
}

// Remove deletes the file if it exists.
func (d *Disk) Remove(name string) {
	if i, ok := d.find(name); ok && d.files[i].now != nil {
		d.begin(&d.files[i], nil, nil)
	}
}

// Sync asks for all earlier writes to be made durable.
func (d *Disk) Sync() {
	d.synced = d.synced || d.dirty
	d.dirty = false
}

// Size is the number of bytes in all files, as the node sees them.
func (d *Disk) Size() int {
	n := 0
	for i := range d.files {
		n += len(d.files[i].now)
	}
	return n
}

// begin gives a file another content, which grew or will grow out of base.
func (d *Disk) begin(f *file, now, base []byte) {
	d.births++
	f.now, f.base, f.birth, f.inPlace = now, base, d.births, false
	d.dirty = true
}

// free is how many bytes can be added.
func (d *Disk) free() int {
	switch {
	case d.faults.Full:
		return 0
	case d.faults.Capacity > 0:
		return int(min(max(0, d.faults.Capacity-int64(d.Size())), math.MaxInt))
	}
	return math.MaxInt
}

func (d *Disk) find(name string) (int, bool) {
	return slices.BinarySearchFunc(d.files, name, func(f file, n string) int {
		switch {
		case f.name < n:
			return -1
		case f.name > n:
			return 1
		}
		return 0
	})
}

func (d *Disk) open(name string) *file {
	i, ok := d.find(name)
	if !ok {
		d.files = slices.Insert(d.files, i, file{name: name})
	}
	return &d.files[i]
}
