package protocols

import "slices"

// Clone returns a disk with copies of the files as the node sees them, all of
// them durable. For drivers, and for nodes that run twice.
func (d *Disk) Clone() Disk {
	var c Disk
	for i := range d.files {
		if f := &d.files[i]; f.now != nil {
			b := slices.Clip(slices.Clone(f.now))
			c.files = append(c.files, file{name: f.name, now: b, durable: b})
		}
	}
	return c
}
