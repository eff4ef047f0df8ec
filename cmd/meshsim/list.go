package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/scenarios"
	"meshsim/scenarios/strict"
	"meshsim/sim"
)

// An entry is a line of a list.
type entry struct {
	name, doc string
	metric    *protocols.MetricSpec // of a list of metrics
}

// lists are what list can show.
var lists = []struct {
	name string
	make func() ([]entry, error)
}{
	{"protocols", listProtocols},
	{"metrics", listMetrics},
	{"faults", func() ([]entry, error) { return fieldsOf("faults", "fault") }},
	{"behaviours", func() ([]entry, error) { return casesOf("faults.byzantine") }},
	{"topologies", func() ([]entry, error) { return casesOf("topology") }},
	{"scenarios", listScenarios},
}

func (a *app) listCommand() *cobra.Command {
	var names []string
	for _, l := range lists {
		names = append(names, l.name)
	}
	var asJSON bool
	c := &cobra.Command{
		Use:   "list " + strings.Join(names, "|"),
		Short: "List protocols, metrics, faults, behaviours, topologies or scenarios",
		Long: `Lists what a scenario can name: the protocols, the properties that it can demand of
them and the lies that Byzantine nodes can tell in them, the metrics that a run yields,
the faults, the behaviours of Byzantine nodes, the topologies, and the scenarios of the
library, which run and init take by name.`,
		Example: `  meshsim list scenarios
  meshsim list metrics | grep latency
  meshsim list protocols
  meshsim list metrics --json | jq -r '.[] | select(.better == "larger").name'`,
		GroupID:   groupWrite,
		ValidArgs: names,
		Args:      a.oneOf("a list", names),
		RunE: func(_ *cobra.Command, args []string) error {
			for _, l := range lists {
				if l.name != args[0] {
					continue
				}
				entries, err := l.make()
				if err != nil {
					return internal(err)
				}
				if asJSON {
					return a.printJSON(listJSON(entries))
				}
				a.printList(entries)
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON in place of the text")
	return c
}

// listed is an entry as JSON. A name that belongs to the one before, as a property
// to its protocol, begins with no space.
type listed struct {
	Name   string `json:"name"`
	Doc    string `json:"doc"`
	Form   string `json:"form,omitempty"` // of a metric: scalar, series or sample
	Unit   string `json:"unit,omitempty"`
	Better string `json:"better,omitempty"` // which values are good ones: smaller, larger or neither
}

func listJSON(entries []entry) []listed {
	list := []listed{}
	for _, e := range entries {
		l := listed{Name: strings.TrimSpace(e.name), Doc: e.doc}
		if m := e.metric; m != nil {
			l.Doc, l.Unit, l.Better = m.Doc, m.Unit, m.Better.String()
			l.Form = m.Form.String()
		}
		list = append(list, l)
	}
	return list
}

func (a *app) printList(entries []entry) {
	width := 0
	for _, e := range entries {
		width = max(width, utf8.RuneCountInString(e.name))
	}
	for _, e := range entries {
		a.print("%s\n", strings.TrimRight(fmt.Sprintf("%-*s  %s", width, e.name, e.doc), " "))
	}
}

// fieldsOf lists the fields at a path, of which exactly one is written.
func fieldsOf(path, one string) ([]entry, error) {
	d, err := strict.Describe(&scenarios.Scenario{}, path)
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, f := range d.Fields {
		if f.One == one {
			list = append(list, entry{name: f.Path, doc: f.Doc})
		}
	}
	return list, nil
}

// casesOf lists the words that select what stands at a path.
func casesOf(path string) ([]entry, error) {
	d, err := strict.Describe(&scenarios.Scenario{}, path)
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, c := range d.Cases {
		list = append(list, entry{name: c.Word, doc: c.Doc})
	}
	return list, nil
}

func listScenarios() ([]entry, error) {
	var list []entry
	for _, e := range scenarios.Library() {
		list = append(list, entry{name: e.Name, doc: e.Description})
	}
	return list, nil
}

// listProtocols lists each protocol, and below it its properties and the lies that
// Byzantine nodes can tell in it.
func listProtocols() ([]entry, error) {
	fields, described, err := descriptors()
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, f := range fields {
		list = append(list, f)
		for _, p := range described {
			if p.Name != f.name {
				continue
			}
			for _, c := range p.Checkers {
				list = append(list, entry{name: "  " + p.Name + "." + c.Name, doc: "property: " + c.Doc})
			}
			for _, l := range p.Lies {
				list = append(list, entry{name: "  " + l.Name, doc: "lie: " + l.Doc})
			}
		}
	}
	return list, nil
}

// required are the fields of a block that must be written, each with its example.
func required(path string) string {
	d, err := strict.Describe(&scenarios.Scenario{}, path)
	if err != nil {
		return ""
	}
	var list []string
	for _, f := range d.Fields {
		if f.Required {
			list = append(list, f.Path+": "+f.Example)
		}
	}
	return strings.Join(list, ", ")
}

// descriptors are the fields of all protocols and what they describe, as scenarios with their defaults run
// them; of a protocol with strategies, with what each of them adds.
func descriptors() (fields []entry, list []*protocols.Protocol, err error) {
	fields, err = fieldsOf("protocols", "")
	for i := 0; err == nil && i < len(fields); i++ {
		var p *protocols.Protocol
		if p, err = descriptor(fields[i].name, ""); err != nil || p == nil {
			continue
		}
		err = addStrategies(p)
		list = append(list, p)
	}
	return fields, list, err
}

// descriptor is what a protocol describes with a field beside those that must be
// written; nil if it is not run. Not all protocols can run on one node, so each has
// a scenario of its own; one that needs another beside it finds raft there.
func descriptor(name, field string) (*protocols.Protocol, error) {
	text := "meshsim: 1\nname: all\nnodes: {core: {count: 3}}\nprotocols:\n  raft: {}\n"
	if name != "raft" {
		text += "  " + name + ": {" + required("protocols."+name) + field + "}\n"
	}
	s, err := scenarios.Parse("all", []byte(text), nil)
	if err != nil {
		return nil, err
	}
	cfg, err := s.Config(0)
	if err != nil {
		return nil, err
	}
	for _, p := range cfg.Groups[0].Stack {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, nil
}

// addStrategies adds to what a protocol describes the properties, lies and metrics
// that are of some of its strategies alone.
func addStrategies(p *protocols.Protocol) error {
	d, err := strict.Describe(&scenarios.Scenario{}, "protocols."+p.Name)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(d.Fields, func(f strict.Description) bool { return f.Path == "strategy" })
	if at < 0 {
		return nil
	}
	for _, word := range d.Fields[at].Words {
		q, err := descriptor(p.Name, "strategy: "+word)
		if err != nil || q == nil {
			return err
		}
		of := "with strategy " + word + ", "
		p.Checkers = addNew(p.Checkers, q.Checkers, func(c *protocols.CheckerSpec) (string, *string) { return c.Name, &c.Doc }, of)
		p.Lies = addNew(p.Lies, q.Lies, func(l *protocols.LieSpec) (string, *string) { return l.Name, &l.Doc }, of)
		p.Metrics = addNew(p.Metrics, q.Metrics, func(m *protocols.MetricSpec) (string, *string) { return m.Name, &m.Doc }, of)
	}
	return nil
}

// addNew adds what has a new name, and says in its doc of what it is.
func addNew[T any](list, more []T, parts func(*T) (name string, doc *string), of string) []T {
	for _, x := range more {
		name, doc := parts(&x)
		known := slices.ContainsFunc(list, func(y T) bool { has, _ := parts(&y); return has == name })
		if !known {
			*doc = of + *doc
			list = append(list, x)
		}
	}
	return list
}

// listMetrics lists the metrics of all protocols, and the kernel's.
func listMetrics() ([]entry, error) {
	_, described, err := descriptors()
	if err != nil {
		return nil, err
	}
	var list []entry
	for _, m := range append(sim.Metrics([]sim.Group{{Stack: described}}), sim.CostMetrics()...) {
		list = append(list, entry{m.Name, form(m) + ": " + m.Doc, &m})
	}
	return list, nil
}

// form says what a metric is and in what unit.
func form(m protocols.MetricSpec) string {
	text := map[protocols.MetricForm]string{protocols.Scalar: "one a run", protocols.Series: "over time", protocols.Sample: "one an item"}[m.Form]
	if m.Unit != "1" {
		text += ", " + m.Unit
	}
	return text
}
