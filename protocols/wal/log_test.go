package wal

import (
	"errors"
	"testing"

	"meshsim/protocols"
	"meshsim/protocols/draw"
)

// A write that finds no room changes nothing, and the log goes on when there is
// room again.
func TestFull(t *testing.T) {
	var d protocols.Disk
	l, err := Create(&d, "log", nil, 1, []byte("one"), []byte("two"))
	if err != nil {
		t.Fatal(err)
	}
	d.SetFaults(protocols.DiskFaults{Full: true})
	before := *l
	_, appended := l.Append(&d, []byte("three"))
	for what, err := range map[string]error{"append": appended, "cut": l.Cut(&d, 2), "compact": l.Compact(&d, nil, 2)} {
		if !errors.Is(err, protocols.ErrFull) || *l != before {
			t.Errorf("%s on a full disk: %v, the log is %+v", what, err, l)
		}
	}
	if _, err := Create(&d, "other", nil, 1); !errors.Is(err, protocols.ErrFull) {
		t.Errorf("create on a full disk: %v", err)
	}
	fresh, _, err := Open(&d, "fresh")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Append(&d, nil); !errors.Is(err, protocols.ErrFull) || fresh.Size() != 0 {
		t.Errorf("the first record on a full disk: %v", err)
	}
	d.SetFaults(protocols.DiskFaults{})
	if n, err := l.Append(&d, []byte("three")); n != 3 || err != nil {
		t.Errorf("with room again: record %d, %v", n, err)
	}
	b, _ := d.Read("log")
	if err := d.Write("log", b[:len(b)-1]); err != nil {
		t.Fatal(err)
	}
	d.SetFaults(protocols.DiskFaults{Full: true})
	if _, r, err := Open(&d, "log"); !errors.Is(err, protocols.ErrFull) || len(r.Records) != 2 {
		t.Errorf("no room to cut a torn tail off: %d records, %v", len(r.Records), err)
	}
}

func TestUnreadable(t *testing.T) {
	var d protocols.Disk
	l, err := Create(&d, "log", nil, 1, []byte("one"), []byte("two"))
	if err != nil {
		t.Fatal(err)
	}
	d.SetFaults(protocols.DiskFaults{Unreadable: draw.Always})
	if l, _, err := Open(&d, "log"); !errors.Is(err, protocols.ErrRead) || l != nil {
		t.Errorf("opened: %v", err)
	}
	if err := l.Compact(&d, nil, 2); !errors.Is(err, protocols.ErrRead) {
		t.Errorf("compacted: %v", err)
	}
	if err := l.Compact(&d, []byte("all"), 3); err != nil {
		t.Errorf("dropping all needs no reading: %v", err)
	}
}

// Open takes any bytes; what it takes as whole it reads again as the same.
func FuzzOpen(f *testing.F) {
	var d protocols.Disk
	l, _ := Create(&d, "log", []byte("head"), 3, []byte("three"), make([]byte, 600))
	_ = l.Cut(&d, 4)
	_, _ = l.Append(&d, []byte("four"))
	b, _ := d.Read("log")
	f.Add(b)
	f.Add(b[:len(b)-3])
	f.Add(append(b[:len(b):len(b)], make([]byte, 600)...))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		var d protocols.Disk
		if err := d.Write("log", b); err != nil {
			t.Fatal(err)
		}
		l, r, err := Open(&d, "log")
		if (l == nil) != (err != nil) {
			t.Fatalf("a log %v with error %v", l, err)
		}
		if err != nil {
			return
		}
		if _, err := l.Append(&d, []byte("more")); err != nil {
			t.Fatal(err)
		}
		_, again, err := Open(&d, "log")
		if err != nil || again.Cut != 0 || len(again.Records) != len(r.Records)+1 || again.First != r.First {
			t.Fatalf("opened again: %d records after %d, %d bytes cut, %v", len(again.Records), len(r.Records), again.Cut, err)
		}
	})
}

// A record costs its copy and its checksum.
func BenchmarkAppend(b *testing.B) {
	var d protocols.Disk
	l, err := Create(&d, "log", nil, 1)
	if err != nil {
		b.Fatal(err)
	}
	record := make([]byte, 128)
	b.ReportAllocs()
	for b.Loop() {
		if l.Size() > 1<<20 {
			if err := l.Compact(&d, nil, l.Next()); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := l.Append(&d, record); err != nil {
			b.Fatal(err)
		}
	}
}
