package protocols

import "slices"

// Disk is what survives a crash of a node: named files of bytes. Writes are
// visible to the node at once and durable once a Sync has completed. What is
// sent by the call that syncs, and by all later calls, waits until then, so a
// protocol may write, sync and answer in one breath: the answer never overtakes
// the disk. The protocols of a node share its disk; each begins the names of its
// files with its own name.
//
// The zero Disk is empty and ready.
type Disk struct {
	files  []file // sorted by name
	dirty  bool   // there are writes that no Sync covered yet
	synced bool   // Sync was called since the last TakeSync
}

type file struct {
	name    string
	now     []byte // what the node reads; nil if removed
	durable []byte // what a crash leaves; nil if absent
}

// Read returns the file's bytes, nil if there is none. The caller must not
// change them.
func (d *Disk) Read(name string) []byte {
	if i, ok := d.find(name); ok {
		return d.files[i].now
	}
	return nil
}

// Write replaces the file by a copy of b. A crash leaves the old or the new
// content, never a mixture, unless the scenario tears writes.
func (d *Disk) Write(name string, b []byte) {
	f := d.open(name)
	f.now = append(make([]byte, 0, len(b)), b...)
	d.dirty = true
}

// Append adds b at the end of the file, which it creates if needed.
func (d *Disk) Append(name string, b []byte) {
	f := d.open(name)
	if f.now == nil {
		f.now = []byte{} // there, though empty
	}
	f.now = append(f.now, b...)
	d.dirty = true
}

// Truncate cuts the file to its first size bytes; longer sizes do nothing.
func (d *Disk) Truncate(name string, size int) {
	i, ok := d.find(name)
	if !ok || size >= len(d.files[i].now) {
		return
	}
	f := &d.files[i]
	// A full slice expression: the next Append copies and leaves durable bytes alone.
	f.now = f.now[:size:size]
	d.dirty = true
}

// Remove deletes the file if it exists.
func (d *Disk) Remove(name string) {
	if i, ok := d.find(name); ok && d.files[i].now != nil {
		d.files[i].now = nil
		d.dirty = true
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

// Used reports whether the disk holds or was asked for anything. For drivers.
func (d *Disk) Used() bool { return d.files != nil }

// SyncPoint is the content that one Sync promised. For drivers.
type SyncPoint []file

// TakeSync returns the content that the last Sync covers, for a driver to give
// back to Complete when the device is done; ok is false if no Sync with writes
// before it was called since. Writes after that Sync in the same call are part
// of it, too: a device may always have done more than it promised.
func (d *Disk) TakeSync() (p SyncPoint, ok bool) {
	if !d.synced {
		return nil, false
	}
	d.synced = false
	return slices.Clone(d.files), true
}

// Complete makes the content of a SyncPoint durable. Points must be completed
// in the order in which they were taken.
func (d *Disk) Complete(p SyncPoint) {
	for i := range p {
		f := d.open(p[i].name)
		f.durable = p[i].now
		if n := len(f.durable); cap(f.durable) > n && len(f.now) >= n {
			// Appends go behind what is durable and never over it.
			f.durable = f.durable[:n:n]
		}
	}
	d.files = slices.DeleteFunc(d.files, func(f file) bool { return f.now == nil && f.durable == nil })
}

// Crash forgets all that was not durable. Durable false: the disk is lost, too.
func (d *Disk) Crash(durable bool) {
	d.dirty, d.synced = false, false
	if !durable {
		d.files = nil
		return
	}
	for i := range d.files {
		n := len(d.files[i].durable)
		d.files[i].now = d.files[i].durable[:n:n]
	}
	d.files = slices.DeleteFunc(d.files, func(f file) bool { return f.durable == nil })
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
