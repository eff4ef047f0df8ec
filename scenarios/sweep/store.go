package sweep

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"
)

// Version is the version of the files of a store.
const Version = 1

// A Store is a directory of runs. Any number of processes may use one at a time.
type Store struct {
	Dir string

	create func(dir string) (temporary, error) // tests make it fail
}

// temporary is a file that is being written.
type temporary interface {
	io.WriteCloser
	Name() string
	Sync() error
}

// stale is the age at which a file that nobody finished is removed.
const stale = 24 * time.Hour

// OpenStore makes the directory if there is none, and removes what was left by
// processes that were killed long ago.
func OpenStore(dir string) (*Store, error) {
	tmp := filepath.Join(dir, "tmp")
	if err := os.MkdirAll(tmp, 0o777); err != nil {
		return nil, fmt.Errorf("cannot make the store: %w; name another place, as in --store DIR", err)
	}
	left, _ := filepath.Glob(filepath.Join(tmp, "run-*"))
	for _, name := range left {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > stale {
			os.Remove(name)
		}
	}
	return &Store{dir, createTemporary}, nil
}

var made atomic.Int64 // files that this process began, so that each has another name

// createTemporary makes a file that all may read whom the user lets.
func createTemporary(dir string) (temporary, error) {
	for {
		name := filepath.Join(dir, fmt.Sprintf("run-%d-%d", os.Getpid(), made.Add(1)))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

// Path is the file of a run.
func (s *Store) Path(id string) string { return filepath.Join(s.Dir, id[:2], id+".json") }

// otherPath is the file of a second result of a run.
func (s *Store) otherPath(id string) string { return filepath.Join(s.Dir, id[:2], id+".other.json") }

// envelope is the content of a file.
type envelope struct {
	Version int             `json:"meshsim_run"`
	Digest  string          `json:"sha256"`
	Run     json.RawMessage `json:"run"`
}

// A BadFileError is a file of the store that is not what it should be.
type BadFileError struct{ Path, Why string }

func (e *BadFileError) Error() string { return fmt.Sprintf("%s: %s", e.Path, e.Why) }

// A DiffersError is two results of one run: something is not deterministic.
type DiffersError struct{ ID, One, Other string }

func (e *DiffersError) Error() string {
	return fmt.Sprintf("two results of one run differ: %s and %s; something is not deterministic", e.One, e.Other)
}

// Get reads a run. The error is fs.ErrNotExist if it is not there, and a
// *BadFileError if its file is truncated, damaged or another's.
func (s *Store) Get(id string) (*Record, error) {
	rec, why, err := read(s.Path(id))
	if err != nil {
		return nil, err
	}
	if why == "" && rec.ID != id {
		why = "holds another run than its name says"
	}
	if why != "" {
		return nil, &BadFileError{s.Path(id), why}
	}
	return rec, nil
}

// read reads a file; why it holds no run is in words. What is no file, such as a
// pipe, is not opened: it may never end, or never begin.
func read(path string) (rec *Record, why string, err error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, "is no file", nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, "", err
	}
	rec, why = decode(b)
	return rec, why, nil
}

// decode reads the content of a file; why it cannot is in words.
func decode(b []byte) (rec *Record, why string) {
	var e envelope
	if err := json.Unmarshal(b, &e); err != nil || e.Version == 0 {
		return nil, "is truncated, or no run"
	}
	if e.Version != Version {
		return nil, fmt.Sprintf("has version %d of the format, this meshsim reads %d", e.Version, Version)
	}
	if sum := sha256.Sum256(e.Run); hex.EncodeToString(sum[:]) != e.Digest {
		return nil, "is damaged: its content does not have the digest that it names"
	}
	if err := json.Unmarshal(e.Run, &rec); err != nil || rec.Evidence == nil || len(rec.ID) < 3 {
		return nil, "is no run"
	}
	return rec, ""
}

func encode(rec *Record) ([]byte, error) {
	run, err := json.Marshal(rec)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(run)
	b, err := json.Marshal(envelope{Version, hex.EncodeToString(sum[:]), run})
	return append(b, '\n'), err
}

// Put writes a run. If another process was faster and has the same bytes, all is
// well; if it has others, the error is a *DiffersError and what was to be
// written stands beside it, as <id>.other.json. Nothing is lost by an error.
func (s *Store) Put(rec *Record) error {
	b, err := encode(rec)
	if err != nil {
		return err
	}
	path := s.Path(rec.ID)
	if err := s.place(b, path); !errors.Is(err, fs.ErrExist) {
		return err
	}
	if there, why, err := read(path); err == nil && why == "" {
		if equal(there, rec) {
			return nil
		}
		other := s.otherPath(rec.ID)
		if err := s.place(b, other); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		return &DiffersError{rec.ID, path, other}
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return s.place(b, path)
}

// place makes a whole file appear under a name that is free.
func (s *Store) place(b []byte, path string) error {
	f, err := s.create(filepath.Join(s.Dir, "tmp"))
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
		return err
	} else if err != nil { // a file system without links
		if exists(path) {
			return fs.ErrExist
		}
		if err := os.Rename(f.Name(), path); err != nil {
			return err
		}
	}
	return syncDir(filepath.Dir(path))
}

// syncDir brings the names of a directory to the disk, where that is possible.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	d.Sync()
	return nil
}

// Scan calls f for each file of the store that could be a run, in the order of
// their names: with its record, or with what is wrong with it.
func (s *Store) Scan(f func(path string, rec *Record, why string)) error {
	files, err := filepath.Glob(filepath.Join(s.Dir, "??", "*.json"))
	for _, path := range files {
		rec, why, err := read(path)
		if err != nil {
			return err
		}
		f(path, rec, why)
	}
	return err
}
