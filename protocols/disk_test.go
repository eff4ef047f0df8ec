package protocols

import (
	"bytes"
	"fmt"
	"maps"
	"testing"

	"meshsim/protocols/draw"
)

// diskModel is a disk of whole copies: no slice is ever shared.
type diskModel struct {
	disk    Disk
	rand    draw.Rand
	now     map[string][]byte
	durable map[string][]byte
	dirty   bool
	synced  bool
	promise []map[string][]byte // what each sync that was taken must make durable
	read    [][2][]byte         // what Read returned, and a copy of it
	ops     []string
}

func (m *diskModel) note(format string, args ...any) {
	m.ops = append(m.ops, fmt.Sprintf(format, args...))
}

func copied(files map[string][]byte) map[string][]byte {
	out := map[string][]byte{}
	for name, b := range files {
		out[name] = append([]byte{}, b...)
	}
	return out
}

func (m *diskModel) step() error {
	name := string("abc"[m.rand.IntN(3)])
	b := bytes.Repeat([]byte{byte(m.rand.Uint64())}, m.rand.IntN(20)*m.rand.IntN(2))
	old, exists := m.now[name]
	switch m.rand.IntN(12) {
	case 0:
		m.note("write %d bytes to %s", len(b), name)
		write := m.disk.Write
		if m.rand.IntN(2) == 0 {
			write = m.disk.Replace
		}
		if err := write(name, b); err != nil {
			return err
		}
		m.now[name], m.dirty = append([]byte{}, b...), true
		if len(b) > 0 {
			b[0]++ // the disk keeps a copy
		}
	case 1, 2, 3, 4:
		m.note("append %d bytes to %s", len(b), name)
		if err := m.disk.Append(name, b); err != nil {
			return err
		}
		m.now[name], m.dirty = append(append([]byte{}, old...), b...), true
	case 5:
		size := m.rand.IntN(30)
		m.note("truncate %s to %d", name, size)
		m.disk.Truncate(name, size)
		if size < len(old) {
			m.now[name], m.dirty = append([]byte{}, old[:size]...), true
		}
	case 6:
		m.note("remove %s", name)
		m.disk.Remove(name)
		if exists {
			delete(m.now, name)
			m.dirty = true
		}
	case 7, 8:
		m.note("sync")
		m.disk.Sync()
		m.synced, m.dirty = m.synced || m.dirty, false
	case 9:
		return m.take()
	case 10:
		m.complete()
	case 11:
		m.crash()
	}
	return nil
}

// take ends a call: the driver takes what the call promised.
func (m *diskModel) take() error {
	m.note("end of call")
	_, ok := m.disk.TakeSync()
	if ok != m.synced {
		return fmt.Errorf("a promise to sync: %v, want %v", ok, m.synced)
	}
	if m.synced = false; ok {
		m.promise = append(m.promise, copied(m.now))
	}
	return nil
}

func (m *diskModel) complete() {
	if len(m.promise) == 0 {
		return
	}
	m.note("the device is done")
	m.disk.Complete(false)
	m.durable = m.promise[0]
	m.promise = m.promise[1:]
}

func (m *diskModel) crash() {
	keep := m.rand.IntN(3) > 0
	m.note("crash, disk kept: %v", keep)
	m.disk.Crash(keep)
	if !keep {
		m.durable = nil
	}
	m.now, m.dirty, m.synced, m.promise = copied(m.durable), false, false, nil
}

func (m *diskModel) check() error {
	size := 0
	for _, name := range []string{"a", "b", "c", "d"} {
		got, _ := m.disk.Read(name)
		want := m.now[name]
		size += len(want)
		_, exists := m.now[name]
		if !bytes.Equal(got, want) || (got != nil) != exists {
			return fmt.Errorf("file %s is %v, want %v, there: %v", name, got, want, exists)
		}
		m.read = append(m.read, [2][]byte{got, bytes.Clone(got)})
	}
	if m.disk.Size() != size {
		return fmt.Errorf("the disk's size is %d, want %d", m.disk.Size(), size)
	}
	for _, r := range m.read {
		if !bytes.Equal(r[0], r[1]) {
			return fmt.Errorf("what was read as %v became %v", r[1], r[0])
		}
	}
	return nil
}

// What a node reads is what it wrote, a crash leaves what the last completed
// sync covers, and what was read once never changes.
func TestDiskAgainstCopies(t *testing.T) {
	for seed := range uint64(300) {
		m := &diskModel{rand: draw.New(seed), now: map[string][]byte{}}
		for range 120 {
			err := m.step()
			if err == nil {
				err = m.check()
			}
			if err != nil {
				t.Fatalf("seed %d: %v; after\n%q", seed, err, m.ops[max(0, len(m.ops)-20):])
			}
			if len(m.read) > 200 {
				m.read = m.read[100:]
			}
		}
		m.crash()
		if m.durable != nil && !maps.EqualFunc(m.now, m.durable, bytes.Equal) {
			t.Fatal("the model is wrong")
		}
	}
}

// A file that is gone for good leaves no trace: logs may rotate for ever.
func TestDiskForgetsRemovedFiles(t *testing.T) {
	var d Disk
	for i := range 1000 {
		d.Write(fmt.Sprint("segment ", i), []byte("x"))
		d.Remove(fmt.Sprint("segment ", i-1))
		d.Sync()
		if _, ok := d.TakeSync(); ok {
			d.Complete(false)
		}
	}
	if len(d.files) > 2 {
		t.Errorf("the disk remembers %d files, but there is one", len(d.files))
	}
	if !d.Used() {
		t.Error("the disk was used")
	}
}

func TestDiskUnused(t *testing.T) {
	var d Disk
	d.Truncate("a", 3)
	d.Remove("a")
	d.Sync()
	b, err := d.Read("a")
	if _, ok := d.TakeSync(); ok || d.Used() || b != nil || err != nil || d.Size() != 0 {
		t.Errorf("a disk on which nothing was written is used: %+v", d)
	}
}
