package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
)

// exportFile is where an export goes: standard output, or a file that appears
// under its name when it is whole, or not at all. What is no file, such as a pipe
// or /dev/stdout, is written to as it is.
type exportFile struct {
	*bufio.Writer
	file *os.File // nil: standard output
	path string
	own  bool // the file is a temporary one
}

// create begins a file; an empty path is standard output.
func (a *app) create(path string) (*exportFile, error) {
	if path == "" {
		return &exportFile{Writer: bufio.NewWriterSize(a.out, 1<<16)}, nil
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return nil, usage("--out: %s is a directory; name a file in it", path)
	}
	name, own := path, err != nil || info.Mode().IsRegular()
	if own {
		name = filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("--out: %w; choose another place", err)
	}
	return &exportFile{Writer: bufio.NewWriterSize(f, 1<<16), file: f, path: path, own: own}, nil
}

// keep gives the file its name.
func (f *exportFile) keep() error {
	if err := f.Flush(); err != nil {
		if f.file == nil {
			return nil // exit tells it
		}
		return internal(fmt.Errorf("writing %s: %w", f.path, err))
	}
	if f.file == nil {
		return nil
	}
	name := f.file.Name()
	err := f.file.Close()
	if err == nil && f.own {
		err = os.Rename(name, f.path)
	}
	f.file = nil
	if err != nil {
		f.remove(name)
		return internal(fmt.Errorf("writing %s: %w", f.path, err))
	}
	return nil
}

// discard removes what was not kept.
func (f *exportFile) discard() {
	if f.file != nil {
		f.file.Close()
		f.remove(f.file.Name())
		f.file = nil
	}
}

func (f *exportFile) remove(name string) {
	if f.own {
		os.Remove(name)
	}
}
