package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// A Set is the runs of one point of a sweep, or of one scenario.
type Set struct {
	Name     string
	Settings []Setting // of a point; in the order of the sweep
	Baseline bool
	Records  []*Record // by replication; nil where there is none
}

// A Setting is a field of a sweep with one of its values, as they are written.
type Setting struct {
	Path  string `json:"path"`
	Value string `json:"value"`
}

// A Collection is the results of one command: what compares and draws needs no
// more, neither the scenario nor the protocols.
type Collection struct {
	Name      string
	Columns   []Column // what the scenario is about, see [Columns]
	Objective *Column  // what makes a point better than another; nil: it is not said
	Sets      []Set
}

// NewCollection collects what a store holds of a plan.
func NewCollection(p *Plan, results []Results) *Collection {
	c := &Collection{Name: string(p.Scenario.Name), Columns: Columns(p.Scenario)}
	if s := p.Scenario.Sweep; s != nil && s.Objective != nil {
		c.Columns[0].Better = map[string]string{"min": "smaller", "max": "larger"}[s.Objective.Direction]
		c.Objective = &c.Columns[0]
	}
	for _, r := range results {
		set := Set{Name: r.Name, Baseline: r.Baseline, Records: r.Records}
		for _, v := range r.Settings {
			set.Settings = append(set.Settings, Setting{v.Path, v.Value.String()})
		}
		c.Sets = append(c.Sets, set)
	}
	return c
}

// IndexFile is the name of the file that says which runs results are made of, and
// where they are.
const IndexFile = "runs.json"

// indexVersion is the version of that file; it grows when a field changes its
// meaning.
const indexVersion = 1

// index is the content of runs.json.
type index struct {
	Version   int      `json:"meshsim_runs"`
	Name      string   `json:"name"`
	Store     string   `json:"store"` // a store or a bundle; relative to the file
	Columns   []Column `json:"columns"`
	Objective *Column  `json:"objective,omitempty"`
	Points    []point  `json:"points"`
}

type point struct {
	Name     string    `json:"name"`
	Settings []Setting `json:"settings,omitempty"`
	Baseline bool      `json:"baseline,omitempty"`
	Runs     []string  `json:"runs"` // names in the store, by replication; "" where there is none
}

// WriteIndex writes runs.json. store is where the runs are: a store or a bundle,
// relative to the file's directory.
func (c *Collection) WriteIndex(w io.Writer, store string) error {
	out := index{Version: indexVersion, Name: c.Name, Store: filepath.ToSlash(store), Columns: c.Columns, Objective: c.Objective}
	for _, s := range c.Sets {
		p := point{Name: s.Name, Settings: s.Settings, Baseline: s.Baseline, Runs: make([]string, len(s.Records))}
		for i, rec := range s.Records {
			if rec != nil {
				p.Runs[i] = rec.ID
			}
		}
		out.Points = append(out.Points, p)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// ReadCollection reads the results in a directory that run or sweep wrote. Runs
// that are gone are nil; it is an error if all are.
func ReadCollection(dir string) (*Collection, error) {
	path := filepath.Join(dir, IndexFile)
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var in index
	switch err := json.Unmarshal(b, &in); {
	case err != nil || in.Version == 0:
		return nil, fmt.Errorf("%s is truncated, or not what meshsim wrote", path)
	case in.Version != indexVersion:
		return nil, fmt.Errorf("%s has version %d of its format, this meshsim reads %d", path, in.Version, indexVersion)
	}
	get, err := source(filepath.Join(dir, filepath.FromSlash(in.Store)), in.Store)
	if err != nil {
		return nil, err
	}
	c := &Collection{Name: in.Name, Columns: in.Columns, Objective: in.Objective}
	there := 0
	for _, p := range in.Points {
		set := Set{Name: p.Name, Settings: p.Settings, Baseline: p.Baseline, Records: make([]*Record, len(p.Runs))}
		for i, id := range p.Runs {
			if set.Records[i], err = get(id); err != nil {
				return nil, err
			}
			if set.Records[i] != nil {
				there++
			}
		}
		c.Sets = append(c.Sets, set)
	}
	if there == 0 {
		return nil, fmt.Errorf("%s: no run is left of these results in %s; run them again, with the command in %s",
			dir, in.Store, filepath.Join(dir, "command.txt"))
	}
	return c, nil
}

// source returns what reads a run from a store or bundle; nil is one that is not
// there.
func source(path, written string) (func(id string) (*Record, error), error) {
	if filepath.IsAbs(written) {
		path = written
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the runs of these results are not in %s any more", path)
	case err != nil:
		return nil, err
	case info.Mode().IsRegular():
		runs, err := ReadBundle(path)
		return func(id string) (*Record, error) { return runs[id], nil }, err
	}
	store := &Store{Dir: path}
	return func(id string) (*Record, error) {
		if len(id) < 3 {
			return nil, nil
		}
		rec, err := store.Get(id)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		return rec, err
	}, nil
}
