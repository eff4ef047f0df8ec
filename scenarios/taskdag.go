package scenarios

import (
	"slices"
	"strings"
	"time"

	"meshsim/protocols/task"
)

// DAG is a job of several parts.
type DAG struct {
	Kind     string    `key:"kind" select:"true" default:"fork-join" doc:"how the parts depend on one another"`
	ForkJoin *ForkJoin `case:"fork-join" doc:"a task that has run spawns children, which do the same, and is done when they are (Blumofe and Leiserson 1999)"`
	Stages   *Stages   `case:"stages" doc:"all parts of a stage must be done before the next begins"`
	Graph    *Graph    `case:"graph" doc:"parts with names, and which of them must be done before"`
}

// ForkJoin is a tree of tasks.
type ForkJoin struct {
	Depth int `key:"depth" default:"3" min:"1" max:"24" doc:"how many levels of children there are"`
	Width int `key:"width" default:"2" min:"1" max:"64" doc:"how many children a task has"`
}

// Stages is a job in steps.
type Stages struct {
	Stages int `key:"stages" default:"2" min:"1" max:"1000" doc:"how many there are"`
	Width  int `key:"width" default:"10" min:"1" max:"1000" doc:"parts of a stage"`
}

// Graph is a job whose parts are listed.
type Graph struct {
	Parts []Part `key:"parts" required:"true" example:"[{name: fetch}, {name: render, after: [fetch]}]" doc:"in any order"`
}

// Part is a part of a job.
type Part struct {
	Name  string        `key:"name" required:"true" example:"render" doc:"how others call it"`
	Size  time.Duration `key:"size" default:"0s" max:"8760h" doc:"how large it is; 0s: drawn as sizes are"`
	After []string      `key:"after" doc:"parts that must be done before"`
}

// Limits of a job.
const (
	maxParts  = 1 << 14
	maxForked = 1 << 24
)

// shape is what becomes of each task of an entry; nil: a task by itself.
type shape struct {
	depth, width int
	sizes        []time.Duration // of parts; 0: drawn
	after        [][]uint16
}

// submit makes a message of a task that stands for the whole.
func (s *shape) submit(t *task.Task, size func() time.Duration) *task.Submit {
	if s == nil {
		return task.NewSubmit(t)
	}
	if s.sizes == nil {
		t.Depth, t.Width = uint8(s.depth), uint8(s.width)
		return task.NewSubmit(t)
	}
	m := &task.Submit{Job: t.ID, After: s.after, Tasks: make([]*task.Task, len(s.sizes))}
	for i, fixed := range s.sizes {
		part := *t
		if part.Size = fixed; fixed == 0 {
			part.Size = size()
		}
		m.Tasks[i] = &part
	}
	return m
}

// compileDAG makes the shape of an entry's jobs, and reports those that cannot be.
func (c *compiler) compileDAG(s *Submission, path string) *shape {
	d := s.DAG
	switch {
	case d == nil:
		return nil
	case d.ForkJoin != nil:
		tasks, level := 1, 1
		for range d.ForkJoin.Depth {
			if level *= d.ForkJoin.Width; tasks+level > maxForked {
				c.Report(path+".dag.depth", "is %d, with a width of %d more than %d tasks; write less of one", d.ForkJoin.Depth, d.ForkJoin.Width, maxForked)
				return nil
			}
			tasks += level
		}
		return &shape{depth: d.ForkJoin.Depth, width: d.ForkJoin.Width}
	case d.Stages != nil:
		return c.stages(d.Stages, path)
	}
	return c.graph(d.Graph, path)
}

func (c *compiler) stages(d *Stages, path string) *shape {
	if d.Stages*d.Width > maxParts || d.Stages > 1 && d.Width > 256 {
		c.Report(path+".dag.width", "%d stages of %d parts are too many; the most is %d parts, and 256 in each of several stages", d.Stages, d.Width, maxParts)
		return nil
	}
	s := &shape{sizes: make([]time.Duration, d.Stages*d.Width), after: make([][]uint16, d.Stages*d.Width)}
	for i := d.Width; i < len(s.after); i++ {
		for k := range d.Width {
			s.after[i] = append(s.after[i], uint16((i/d.Width-1)*d.Width+k))
		}
	}
	return s
}

// graph puts the parts in an order in which each comes after what it waits for.
func (c *compiler) graph(d *Graph, path string) *shape {
	at := map[string]int{}
	var names []string
	for i, p := range d.Parts {
		if _, twice := at[p.Name]; twice {
			c.Report(indexed(path+".dag.parts", i)+".name", "%q is the name of another part; choose another", p.Name)
			return nil
		}
		at[p.Name] = i
		names = append(names, p.Name)
	}
	for i, p := range d.Parts {
		for k, name := range p.After {
			if _, known := at[name]; !known {
				c.Report(indexed(indexed(path+".dag.parts", i)+".after", k), "%q is no part%s", name, suggest(name, names))
				return nil
			}
		}
	}
	order := d.order(at)
	if len(d.Parts) == 0 || len(d.Parts) > maxParts {
		c.Report(path+".dag.parts", "are %d; write 1 to %d", len(d.Parts), maxParts)
		return nil
	}
	if len(order) < len(d.Parts) {
		c.Report(path+".dag.parts", "wait for one another in a circle: %s; leave out one after", strings.Join(d.circle(order), ", "))
		return nil
	}
	s := &shape{sizes: make([]time.Duration, len(order)), after: make([][]uint16, len(order))}
	for place, i := range order {
		s.sizes[place] = d.Parts[i].Size
		for _, name := range d.Parts[i].After {
			s.after[place] = append(s.after[place], uint16(slices.Index(order, at[name])))
		}
		slices.Sort(s.after[place])
		s.after[place] = slices.Compact(s.after[place])
	}
	return s
}

// order lists the parts so that each comes after what it waits for; those of
// circles, and behind them, are not in it.
func (d *Graph) order(at map[string]int) (order []int) {
	placed := make([]bool, len(d.Parts))
	for more := true; more; {
		more = false
		for i, p := range d.Parts {
			waits := slices.ContainsFunc(p.After, func(name string) bool { return !placed[at[name]] })
			if !placed[i] && !waits {
				placed[i], more = true, true
				order = append(order, i)
			}
		}
	}
	return order
}

// circle names the parts that are not in the order.
func (d *Graph) circle(order []int) (names []string) {
	for i, p := range d.Parts {
		if !slices.Contains(order, i) {
			names = append(names, p.Name)
		}
	}
	return names
}
