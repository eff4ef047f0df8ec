package protocols

import (
	"bytes"
	"errors"
	"math/bits"
	"testing"

	"meshsim/protocols/draw"
)

// settle makes all that was written durable.
func settle(d *Disk) {
	d.Sync()
	if _, ok := d.TakeSync(); ok {
		d.Complete(false)
	}
}

func contentOf(t *testing.T, d *Disk, name string) []byte {
	t.Helper()
	b, err := d.Read(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func noise(r *draw.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(1 + r.IntN(255)) // never the zero of a hole
	}
	return b
}

// tornDisk writes old, makes it durable, goes on with change, and crashes.
func tornDisk(t *testing.T, r *draw.Rand, old []byte, change func(d *Disk) error) []byte {
	t.Helper()
	var d Disk
	if err := d.Write("f", old); err != nil {
		t.Fatal(err)
	}
	settle(&d)
	if err := change(&d); err != nil {
		t.Fatal(err)
	}
	if r.IntN(2) == 0 { // a sync that was not completed changes nothing
		d.Sync()
		d.TakeSync()
	}
	d.Tear(r)
	d.Crash(true)
	left := contentOf(t, &d, "f")
	d.Crash(true)
	if again := contentOf(t, &d, "f"); !bytes.Equal(again, left) {
		t.Fatal("what a torn write left is not durable")
	}
	return left
}

// A torn append leaves what was durable, then a first part of the rest, or each
// of its sectors whole or as zeros. All of these come up.
func TestTornAppend(t *testing.T) {
	r := draw.New(1)
	prefixes, holes, all, none := 0, 0, 0, 0
	for range 500 {
		old, more := noise(&r, r.IntN(1500)), noise(&r, 1+r.IntN(3000))
		left := tornDisk(t, &r, old, func(d *Disk) error { return d.Append("f", more) })
		now := append(bytes.Clone(old), more...)
		switch {
		case !bytes.HasPrefix(left, old):
			t.Fatal("a torn append changed what was durable")
		case bytes.Equal(left, old):
			none++
		case bytes.Equal(left, now):
			all++
		case bytes.HasPrefix(now, left):
			prefixes++
		default:
			holes++
			checkSectors(t, left, append(bytes.Clone(old), make([]byte, len(more))...), now)
		}
	}
	if prefixes < 150 || holes < 100 || all < 20 || none < 1 {
		t.Errorf("%d first parts, %d with holes, %d whole, %d without: not all come up", prefixes, holes, all, none)
	}
}

// checkSectors requires that each sector of left is one of a or of b.
func checkSectors(t *testing.T, left, a, b []byte) {
	t.Helper()
	if len(left) > max(len(a), len(b)) {
		t.Fatalf("%d bytes are left of %d and %d", len(left), len(a), len(b))
	}
	for at := 0; at < len(left); at += sector {
		piece := left[at:min(at+sector, len(left))]
		if !bytes.Equal(piece, padded(a, at, len(piece))) && !bytes.Equal(piece, padded(b, at, len(piece))) {
			t.Fatalf("the sector at byte %d is neither the old nor the new one", at)
		}
	}
}

// padded is b[at:at+n], as if zeros followed b.
func padded(b []byte, at, n int) []byte {
	out := make([]byte, n)
	if at < len(b) {
		copy(out, b[at:])
	}
	return out
}

// A torn Write mixes old and new sectors, at the old or the new length. Replace,
// Truncate and Remove are done or not done, each in half of all crashes.
func TestTornChanges(t *testing.T) {
	r := draw.New(2)
	mixed, done := 0, map[string]int{}
	const runs = 400
	for range runs {
		old, now := noise(&r, 1+r.IntN(3000)), noise(&r, 1+r.IntN(3000))
		left := tornDisk(t, &r, old, func(d *Disk) error { return d.Write("f", now) })
		checkSectors(t, left, old, now)
		if !bytes.Equal(left, old) && !bytes.Equal(left, now) {
			mixed++
		}
		for name, x := range map[string]struct {
			change func(d *Disk) error
			want   []byte
		}{
			"replace":  {func(d *Disk) error { return d.Replace("f", now) }, now},
			"truncate": {func(d *Disk) error { d.Truncate("f", len(old)/2); return nil }, old[:len(old)/2]},
			"remove":   {func(d *Disk) error { d.Remove("f"); return nil }, nil},
		} {
			own := draw.New(draw.DeriveString(r.Uint64(), name))
			switch left := tornDisk(t, &own, old, x.change); {
			case bytes.Equal(left, x.want) && (left == nil) == (x.want == nil):
				done[name]++
			case !bytes.Equal(left, old):
				t.Fatalf("%s was done in part", name)
			}
		}
	}
	if mixed < runs/2 {
		t.Errorf("%d of %d writes were mixed", mixed, runs)
	}
	for _, name := range []string{"replace", "truncate", "remove"} {
		if n := done[name]; n < runs*4/10 || n > runs*6/10 {
			t.Errorf("%s was done in %d of %d crashes, want half", name, n, runs)
		}
	}
}

// Bits that rot are read flipped, also once a sync that was under way is done;
// who has read them before keeps what it read.
func TestRotStays(t *testing.T) {
	r := draw.New(3)
	for range 200 {
		var d Disk
		old, more := noise(&r, 1+r.IntN(900)), noise(&r, r.IntN(900))
		_ = d.Write("f", old)
		settle(&d)
		read := contentOf(t, &d, "f")
		_ = d.Append("f", more)
		d.Sync()
		d.TakeSync()
		_ = d.Append("f", more)
		if n := d.Rot(1, &r); n != 1 {
			t.Fatalf("%d bits flipped, want 1", n)
		}
		if !bytes.Equal(read, old) {
			t.Fatal("what was read before changed")
		}
		now := contentOf(t, &d, "f")
		d.Complete(false)
		d.Crash(true)
		left := contentOf(t, &d, "f")
		if !bytes.Equal(now[:len(left)], left) || len(left) != len(old)+len(more) {
			t.Fatal("the crash healed what had rotted")
		}
		flipped := 0
		for i := range old {
			flipped += bits.OnesCount8(old[i] ^ left[i])
		}
		if flipped != 1 || !bytes.Equal(left[len(old):], more) {
			t.Fatalf("%d bits of what was durable are flipped, want 1 and no others", flipped)
		}
	}
	var empty Disk
	_ = empty.Write("f", []byte("x"))
	if n := empty.Rot(3, &r); n != 0 {
		t.Errorf("%d bits flipped of what is not durable", n)
	}
}

// Many bits that rot at once are those that would rot one by one, wherever they
// are kept.
func TestManyBitsRot(t *testing.T) {
	r := draw.New(4)
	old, more := noise(&r, 70_000), noise(&r, 900)
	var read, now, left [2][]byte
	for i, bits := range []int{500, 1} {
		var d Disk
		_ = d.Write("f", old)
		settle(&d)
		read[i] = contentOf(t, &d, "f")
		_ = d.Append("f", more)
		d.Sync()
		d.TakeSync()
		same := draw.New(5)
		for range 500 / bits {
			d.Rot(bits, &same)
		}
		now[i] = contentOf(t, &d, "f")
		d.Complete(false)
		d.Crash(true)
		left[i] = contentOf(t, &d, "f")
		if !bytes.Equal(read[i], old) || !bytes.Equal(now[i], left[i]) || bytes.Equal(left[i][:len(old)], old) {
			t.Errorf("%d bits at a time: read before %t, the same after a crash %t", bits, bytes.Equal(read[i], old), bytes.Equal(now[i], left[i]))
		}
	}
	if !bytes.Equal(left[0], left[1]) {
		t.Error("bits rot otherwise at once than one by one")
	}
}

// A sync that lies changes nothing, and the next honest one covers it.
func TestLyingSync(t *testing.T) {
	var d Disk
	sync := func(text string, lies bool) {
		_ = d.Append("f", []byte(text))
		d.Sync()
		if n, ok := d.TakeSync(); !ok || n != len(text) {
			t.Fatalf("a sync of %d bytes, %v; want %d", n, ok, len(text))
		}
		d.Complete(lies)
	}
	sync("a", false)
	sync("b", true)
	c := d.Clone()
	if c.Crash(true); string(contentOf(t, &c, "f")) != "ab" {
		t.Error("a clone holds what the node sees")
	}
	sync("c", false)
	sync("d", true)
	d.Crash(true)
	if got := string(contentOf(t, &d, "f")); got != "abc" {
		t.Errorf("the crash left %q, want abc", got)
	}
}

// Each way of writing fails if it has no room, and then does nothing.
func TestCapacity(t *testing.T) {
	var d Disk
	d.SetFaults(DiskFaults{Capacity: 10})
	for i, x := range []struct {
		write func(string, []byte) error
		name  string
		bytes int
		err   error
		size  int
	}{
		{d.Write, "a", 11, ErrFull, 0},
		{d.Write, "a", 6, nil, 6},
		{d.Append, "a", 5, ErrFull, 6},
		{d.Append, "b", 5, ErrFull, 6},
		{d.Append, "b", 2, nil, 8},
		{d.Replace, "a", 3, ErrFull, 8}, // both must fit
		{d.Replace, "a", 2, nil, 4},
		{d.Write, "b", 9, ErrFull, 4},
		{d.Write, "b", 8, nil, 10}, // in place
		{d.Write, "b", 8, nil, 10},
		{d.Append, "b", 0, nil, 10},
	} {
		before := bytes.Clone(contentOf(t, &d, x.name))
		err := x.write(x.name, make([]byte, x.bytes))
		if !errors.Is(err, x.err) || d.Size() != x.size {
			t.Fatalf("step %d: %v, %d bytes in use; want %v, %d", i, err, d.Size(), x.err, x.size)
		}
		if err != nil && !bytes.Equal(contentOf(t, &d, x.name), before) {
			t.Fatalf("step %d: a write that failed did something", i)
		}
	}
	d.SetFaults(DiskFaults{Full: true})
	if err := d.Append("a", []byte("x")); !errors.Is(err, ErrFull) {
		t.Errorf("a full disk says %v", err)
	}
	if err := d.Write("b", make([]byte, 8)); err != nil {
		t.Errorf("writing in place needs no room: %v", err)
	}
}

// Reads fail as often as asked for, each on its own.
func TestUnreadable(t *testing.T) {
	var d Disk
	_ = d.Write("f", []byte("x"))
	d.SetFaults(DiskFaults{Unreadable: draw.Ratio(1, 4), Key: 7})
	failed := 0
	for range 4000 {
		if b, err := d.Read("f"); err != nil {
			failed++
			if !errors.Is(err, ErrRead) || b != nil {
				t.Fatalf("%v with %q", err, b)
			}
		}
	}
	if failed < 900 || failed > 1100 {
		t.Errorf("%d of 4000 reads failed, want a quarter", failed)
	}
}
