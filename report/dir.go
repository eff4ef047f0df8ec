package report

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A Dir is the directory of one study's results:
//
//	<root>/<name>/<run id>/   and the link   <root>/<name>/latest
//
// The run id tells when the study began and its first seed. Two studies that
// begin in the same second get directories of their own.
type Dir struct {
	Path string

	create func(path string) (io.WriteCloser, error) // tests make it fail
}

// CreateDir makes the directory. It is called before the runs, so that a place
// that cannot be written to is found before anything is computed.
func CreateDir(root, name string, started time.Time, seed uint64) (*Dir, error) {
	parent := filepath.Join(root, safeName(name))
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, fmt.Errorf("cannot make a directory for the results: %w; choose another place", err)
	}
	id := fmt.Sprintf("%s_seed-%d", started.Format("2006-01-02_15-04-05"), seed)
	path := filepath.Join(parent, id)
	err := os.Mkdir(path, 0o777)
	for k := 2; errors.Is(err, fs.ErrExist); k++ {
		path = filepath.Join(parent, fmt.Sprintf("%s_%d", id, k))
		err = os.Mkdir(path, 0o777)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot make a directory for the results: %w; choose another place", err)
	}
	return &Dir{Path: path, create: createFile}, nil
}

// createFile must find no file: the directory belongs to one study.
func createFile(path string) (io.WriteCloser, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// longestName keeps paths below the limits of file systems.
const longestName = 80

// safeName makes one directory's name of a study's name, whatever that is.
func safeName(name string) string {
	safe := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '-'
	}, name)
	safe = strings.TrimLeft(safe, ".-")
	if len(safe) > longestName {
		safe = safe[:longestName]
	}
	if safe == "" || safe == "latest" {
		return "study"
	}
	return safe
}

// Write writes a file under the directory. It appears under its name when it is
// whole, or not at all.
func (d *Dir) Write(name string, content func(io.Writer) error) error {
	f, err := d.Open(name)
	if err != nil {
		return err
	}
	if err := content(f); err != nil {
		f.Abort()
		return err
	}
	return f.Close()
}

// Open begins a file that is written bit by bit, such as a trace.
func (d *Dir) Open(name string) (*File, error) {
	path := filepath.Join(d.Path, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".tmp")
	w, err := d.create(temporary)
	if err != nil {
		return nil, err
	}
	return &File{Writer: bufio.NewWriterSize(w, 1<<16), file: w, temporary: temporary, path: path}, nil
}

// A File is a file of results that is not whole yet.
type File struct {
	*bufio.Writer
	file            io.Closer
	temporary, path string
}

// Close gives the file its name. After an error there is no file.
func (f *File) Close() error {
	if err := f.Flush(); err != nil {
		f.Abort()
		return err
	}
	if err := f.file.Close(); err != nil {
		os.Remove(f.temporary)
		return err
	}
	return os.Rename(f.temporary, f.path)
}

// Abort removes the file.
func (f *File) Abort() {
	f.file.Close()
	os.Remove(f.temporary)
}

// Link makes "latest" point to the directory. Where links are not allowed it
// leaves the name in latest.txt.
func (d *Dir) Link() error {
	parent, id := filepath.Split(d.Path)
	temporary := filepath.Join(parent, ".latest-"+id)
	if err := os.Symlink(id, temporary); err != nil {
		return os.WriteFile(filepath.Join(parent, "latest.txt"), []byte(id+"\n"), 0o666)
	}
	if err := os.Rename(temporary, filepath.Join(parent, "latest")); err != nil {
		os.Remove(temporary)
		return fmt.Errorf("cannot point latest to %s: %w", id, err)
	}
	return nil
}
