package sweep

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// Gather copies into a store the runs of a plan that others, stores or bundles,
// hold, so that [Plan.Collect] finds them. What should be a run and is none is told
// by warn, and the others are taken. Runs that are the same everywhere are copied
// once; two that differ are each a *DiffersError in differ.
func (p *Plan) Gather(into *Store, from []string, warn func(error)) (differ []error, err error) {
	differ = p.quarrels(into)
	for _, dir := range append([]string{into.Dir}, from...) {
		if info, err := os.Stat(dir); err == nil && info.Mode().IsRegular() {
			found, err := p.unpack(into, dir, warn)
			if err != nil {
				return nil, err
			}
			differ = append(differ, found...)
			continue
		}
		other := &Store{Dir: dir}
		if dir != into.Dir {
			differ = append(differ, p.quarrels(other)...)
		}
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return nil, fmt.Errorf("there is no store %q; write --store DIR with one that a sweep wrote", dir)
		}
		for _, r := range p.Runs() {
			rec, err := other.Get(r.ID)
			if os.IsNotExist(err) {
				continue
			}
			if err == nil {
				err = into.adopt(rec, other.Path(r.ID))
			}
			switch err := err.(type) {
			case nil:
			case *DiffersError:
				differ = append(differ, err)
			case *BadFileError:
				warn(err)
			default:
				return nil, err
			}
		}
	}
	return differ, nil
}

// unpack copies into a store the runs of the plan that a bundle holds.
func (p *Plan) unpack(into *Store, path string, warn func(error)) (differ []error, err error) {
	mine := map[string]bool{}
	for _, r := range p.Runs() {
		mine[r.ID] = true
	}
	scanned := scanBundle(path, func(place string, rec *Record, why string) {
		if why != "" {
			warn(&BadFileError{place, why})
			return
		}
		if err != nil || !mine[rec.ID] {
			return
		}
		var other *DiffersError
		if e := into.Put(rec); errors.As(e, &other) {
			differ = append(differ, &DiffersError{rec.ID, other.One, place})
		} else {
			err = e
		}
	})
	if err == nil {
		err = scanned
	}
	return differ, err
}

// quarrels are the runs of which a sweep found another result and put it beside.
func (p *Plan) quarrels(s *Store) (differ []error) {
	for _, r := range p.Runs() {
		if other := s.otherPath(r.ID); exists(other) {
			differ = append(differ, &DiffersError{r.ID, s.Path(r.ID), other})
		}
	}
	return differ
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// adopt copies a run from another store's file.
func (s *Store) adopt(rec *Record, path string) error {
	if mine := s.Path(rec.ID); mine != path {
		there, why, err := read(mine)
		switch {
		case err != nil || why != "":
			return s.Put(rec)
		case !equal(there, rec):
			return &DiffersError{rec.ID, mine, path}
		}
	}
	return nil
}

// Others counts the runs of a plan that stores and bundles hold of other engines,
// by engine.
func (p *Plan) Others(from []string) (map[string]int, error) {
	mine := map[string]bool{}
	for _, r := range p.Runs() {
		mine[r.Subject] = true
	}
	out := map[string]int{}
	for _, path := range from {
		scan := (&Store{Dir: path}).Scan
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			scan = func(f func(string, *Record, string)) error { return scanBundle(path, f) }
		}
		err := scan(func(_ string, rec *Record, why string) {
			if why == "" && mine[rec.Subject] && rec.Engine != p.Engine {
				out[rec.Engine]++
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// EnginesText is "v1 (12 runs) and v2 (3 runs)".
func EnginesText(engines map[string]int) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(engines)) {
		parts = append(parts, fmt.Sprintf("%s (%d runs)", name, engines[name]))
	}
	return strings.Join(parts, " and ")
}
