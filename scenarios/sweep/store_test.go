package sweep

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// killed writes a file until the process is to die: after so many operations.
type killed struct {
	temporary
	left *int
}

func (k killed) step(b []byte) {
	if *k.left--; *k.left == 0 {
		k.temporary.Write(b[:len(b)/2])
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		select {}
	}
}

func (k killed) Write(b []byte) (int, error) { k.step(b); return k.temporary.Write(b) }
func (k killed) Sync() error                 { k.step(nil); return k.temporary.Sync() }
func (k killed) Close() error {
	err := k.temporary.Close()
	k.step(nil)
	return err
}

// TestKilledHelper is the process that TestKilledAnywhere kills.
func TestKilledHelper(t *testing.T) {
	dir := os.Getenv("MESHSIM_TEST_STORE")
	if dir == "" {
		t.Skip("a helper of TestKilledAnywhere")
	}
	left, err := strconv.Atoi(os.Getenv("MESHSIM_TEST_KILL"))
	if err != nil {
		t.Fatal(err)
	}
	s := storeAt(t, dir)
	s.create = func(dir string) (temporary, error) {
		f, err := createTemporary(dir)
		return killed{f, &left}, err
	}
	p := planOf(t, "sweep.repeat=1")
	execute(t, p, s, 1, p.Runs())
}

// A sweep that is killed at any operation on the store goes on to the same bytes,
// and makes only what is missing.
func TestKilledAnywhere(t *testing.T) {
	p := planOf(t, "sweep.repeat=1")
	whole := storeAt(t, t.TempDir())
	execute(t, p, whole, 1, p.Runs())
	want := content(t, whole.Dir)
	for at := 1; ; at++ {
		dir := t.TempDir()
		c := exec.Command(os.Args[0], "-test.run=^TestKilledHelper$")
		c.Env = append(os.Environ(), "MESHSIM_TEST_STORE="+dir, "MESHSIM_TEST_KILL="+strconv.Itoa(at))
		survived := c.Run() == nil
		before := content(t, dir)
		out := execute(t, p, storeAt(t, dir), 2, p.Runs())
		if out.Found != len(before) || out.Made != len(want)-len(before) {
			t.Errorf("killed at %d: %d files, and then %d found and %d made", at, len(before), out.Found, out.Made)
		}
		same(t, "killed at "+strconv.Itoa(at), content(t, dir), want)
		if survived {
			if at != 3*len(want)+1 {
				t.Errorf("killed at %d operations, want %d", at-1, 3*len(want))
			}
			return
		}
	}
}

// A file that was cut anywhere, changed in any byte, or is another's is told and
// made again.
func TestBadFiles(t *testing.T) {
	p := planOf(t, "sweep.repeat=1")
	s := storeAt(t, t.TempDir())
	execute(t, p, s, 1, p.Runs())
	want := content(t, s.Dir)
	run := p.Runs()[0]
	path := s.Path(run.ID)
	whole, _ := os.ReadFile(path)
	other, _ := os.ReadFile(s.Path(p.Runs()[1].ID))
	var bad [][]byte
	for i := 0; i < len(whole)-1; i += 97 {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		bad = append(bad, whole[:i], changed)
	}
	for _, b := range append(bad, other, []byte("{}"), []byte("null"), []byte("no run")) {
		os.WriteFile(path, b, 0o666)
		var bad *BadFileError
		if _, err := s.Get(run.ID); !errors.As(err, &bad) {
			t.Fatalf("%.60q: %v", b, err)
		}
	}
	told := 0
	out, err := p.Execute(context.Background(), s, p.Runs(), Options{Workers: 1, Warn: func(error) { told++ }})
	if err != nil || told != 1 || out.Made != 1 {
		t.Errorf("%d told, %d made, %v", told, out.Made, err)
	}
	same(t, "made again", content(t, s.Dir), want)
}

// What stands in place of a file is told and made again, even if it could be read
// without end.
func TestNoFiles(t *testing.T) {
	p := planOf(t, "sweep.repeat=1")
	s := storeAt(t, t.TempDir())
	run := p.Runs()[0]
	path := s.Path(run.ID)
	os.Mkdir(filepath.Dir(path), 0o777)
	for name, put := range map[string]func() error{
		"directory": func() error { return os.Mkdir(path, 0o777) },
		"endless":   func() error { return os.Symlink("/dev/zero", path) },
	} {
		if err := put(); err != nil {
			t.Fatal(err)
		}
		var bad *BadFileError
		if _, err := s.Get(run.ID); !errors.As(err, &bad) {
			t.Errorf("%s: %v", name, err)
		}
		if results, err := p.Collect(s); err != nil || len(Missing(results)) == 0 {
			t.Errorf("%s: %v", name, err)
		}
		execute(t, p, s, 1, p.Runs())
		if _, err := s.Get(run.ID); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		os.Remove(path)
	}
}

// Sweeps that use one store at a time do not harm one another.
func TestSideBySide(t *testing.T) {
	p := planOf(t)
	dir := t.TempDir()
	done := make(chan error)
	for range 3 {
		go func() {
			s, err := OpenStore(dir)
			if err == nil {
				_, err = p.Execute(context.Background(), s, p.Runs(), Options{Workers: 2})
			}
			done <- err
		}()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	alone := storeAt(t, t.TempDir())
	execute(t, p, alone, 1, p.Runs())
	same(t, "three at a time", content(t, dir), content(t, alone.Dir))
	if left, _ := filepath.Glob(filepath.Join(dir, "tmp", "*")); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

// Two results of one run are an error, and both are kept.
func TestDiffering(t *testing.T) {
	p := planOf(t)
	a, b := storeAt(t, t.TempDir()), storeAt(t, t.TempDir())
	r := p.Runs()[0]
	execute(t, p, a, 1, []Run{r})
	rec, err := a.Get(r.ID)
	if err != nil {
		t.Fatal(err)
	}
	rec.Events++
	if err := b.Put(rec); err != nil {
		t.Fatal(err)
	}
	var differ *DiffersError
	if err := a.Put(rec); !errors.As(err, &differ) {
		t.Fatalf("error %v", err)
	}
	for _, path := range []string{differ.One, differ.Other} {
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
	if found, err := p.Gather(a, nil, nil); len(found) != 1 || err != nil {
		t.Errorf("found %v, %v", found, err)
	}
	os.Remove(differ.Other)
	if found, err := p.Gather(a, []string{b.Dir}, nil); len(found) != 1 || err != nil || !strings.Contains(found[0].Error(), b.Path(r.ID)) {
		t.Errorf("found %v, %v", found, err)
	}
}

// full is a disk without room.
type full struct {
	temporary
	left *int
}

var errFull = errors.New("no space left on device")

func (f full) Write(b []byte) (int, error) {
	if *f.left--; *f.left < 0 {
		f.temporary.Write(b[:10])
		return 10, errFull
	}
	return f.temporary.Write(b)
}

// A full disk ends a sweep with an error; what was stored is whole, and it goes on
// once there is room.
func TestFullDisk(t *testing.T) {
	p := planOf(t)
	s := storeAt(t, t.TempDir())
	left := 4
	s.create = func(dir string) (temporary, error) {
		f, err := createTemporary(dir)
		return full{f, &left}, err
	}
	out, err := p.Execute(context.Background(), s, p.Runs(), Options{Workers: 1})
	if !errors.Is(err, errFull) || out.Made != 4 || len(content(t, s.Dir)) != 4 {
		t.Fatalf("%d made, %v", out.Made, err)
	}
	if tmp, _ := filepath.Glob(filepath.Join(s.Dir, "tmp", "*")); tmp != nil {
		t.Errorf("left behind: %v", tmp)
	}
	if again := execute(t, p, storeAt(t, s.Dir), 1, p.Runs()); again.Found != 4 || again.Made != 5 {
		t.Errorf("found %d, made %d", again.Found, again.Made)
	}
}
