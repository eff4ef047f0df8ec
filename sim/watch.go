package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshsim/protocols"
)

// watch is a checker or a probe and what it wants to see.
type watch struct {
	protocol string
	name     string
	number   uint8
	mask     uint64
	checker  protocols.Checker
	probe    protocols.Probe
	goals    bool // the scenario has goals for the probe
	failed   bool
	observed uint64 // by the checker, of its protocol
}

func (w *watch) wants(r *observed) bool {
	return r.protocol == internal || r.protocol == w.number && w.mask>>r.Kind&1 != 0
}

// compileWatches makes the checkers, the probes and the roles, and notes which
// observations somebody wants.
func (k *kernel) compileWatches() error {
	k.wanted = make([]uint64, len(k.table.protocols))
	for _, c := range k.cfg.Checks {
		number, ok := k.table.number(c.Protocol)
		if !ok {
			return fmt.Errorf("check %s.%s: no node runs %s", c.Protocol, c.Spec.Name, c.Protocol)
		}
		checker := c.Spec.New(k.probeConfig(number))
		k.checks = append(k.checks, k.watch(watch{protocol: c.Protocol, name: c.Spec.Name, number: number, checker: checker}, checker.Wants()))
	}
	for number, p := range k.table.protocols {
		if p.Probe != nil && k.cfg.Probes {
			c := k.probeConfig(uint8(number))
			probe := p.Probe(c)
			k.probes = append(k.probes, k.watch(watch{protocol: p.Name, number: uint8(number), probe: probe, goals: len(c.Goals) > 0}, probe.Wants()))
		}
	}
	return k.compileRoles()
}

func (k *kernel) watch(w watch, wants []protocols.ObservationKind) watch {
	for _, kind := range wants {
		w.mask |= 1 << kind
	}
	k.wanted[w.number] |= w.mask
	return w
}

func (k *kernel) probeConfig(number uint8) protocols.ProbeConfig {
	c := protocols.ProbeConfig{Nodes: len(k.states), Members: k.table.members[number], Warmup: protocols.Time(k.cfg.Warmup),
		Byzantine: k.byzantine(), Goals: map[string][]float64{}}
	prefix := k.table.protocols[number].Name + "."
	for _, name := range slices.Sorted(maps.Keys(k.cfg.Goals)) {
		if metric, ok := strings.CutPrefix(name, prefix); ok {
			c.Goals[metric] = k.cfg.Goals[name]
		}
	}
	return c
}

// compileRoles finds the observations behind the roles that faults name.
func (k *kernel) compileRoles() error {
	for i := range k.cfg.Faults {
		for _, name := range k.cfg.Faults[i].roles() {
			if slices.Contains(k.roles.names, name) {
				continue
			}
			number, kind, ok := k.observation(name)
			if !ok {
				return fmt.Errorf("fault %q: no protocol observes the role %q", k.cfg.Faults[i].Name, name)
			}
			k.roles.add(name, number, kind)
			k.wanted[number] |= 1 << kind
		}
	}
	return nil
}

// observation finds a kind of observation by its full name, "raft.leader".
func (k *kernel) observation(name string) (number uint8, kind protocols.ObservationKind, ok bool) {
	protocol, what, _ := strings.Cut(name, ".")
	number, ok = k.table.number(protocol)
	if !ok {
		return 0, 0, false
	}
	i := slices.Index(k.table.protocols[number].Observations, what)
	return number, protocols.ObservationKind(i), i >= 0
}

// selectors lists the selectors of a fault.
func (f *Fault) selectors() []Selector {
	var sel []Selector
	switch {
	case f.Crash != nil:
		sel = []Selector{f.Crash.Nodes}
	case f.Pause != nil:
		sel = []Selector{f.Pause.Nodes}
	case f.Disk != nil:
		sel = []Selector{f.Disk.Nodes}
	case f.Clock != nil:
		sel = []Selector{f.Clock.Nodes}
	case f.Churn != nil:
		sel = []Selector{f.Churn.Nodes}
	case f.Degrade != nil:
		sel = []Selector{f.Degrade.From, f.Degrade.To}
	case f.Partition != nil:
		sel = slices.Clone(f.Partition.Sides)
		if f.Partition.Bridge != nil {
			sel = append(sel, *f.Partition.Bridge)
		}
	case f.Byzantine != nil:
		sel = []Selector{f.Byzantine.Nodes}
		if f.Byzantine.To != nil {
			sel = append(sel, *f.Byzantine.To)
		}
	}
	return sel
}

// roles lists the roles that a fault's selectors name.
func (f *Fault) roles() []string {
	var names []string
	for _, s := range f.selectors() {
		if s.Observed != "" {
			names = append(names, s.Observed)
		}
	}
	return names
}

// roles follows who holds a role: an observation whose value is a rank, such as
// a term. The highest rank holds it; of equals, the latest.
type roles struct {
	names   []string
	number  []uint8
	kind    []protocols.ObservationKind
	rank    []uint64
	holders []protocols.NodeID
	held    []bool
}

func (r *roles) add(name string, number uint8, kind protocols.ObservationKind) {
	r.names = append(r.names, name)
	r.number = append(r.number, number)
	r.kind = append(r.kind, kind)
	r.rank = append(r.rank, 0)
	r.holders = append(r.holders, 0)
	r.held = append(r.held, false)
}

func (r *roles) observe(protocol uint8, o *protocols.Observed) {
	for i := range r.names {
		if r.number[i] == protocol && r.kind[i] == o.Kind && (!r.held[i] || o.Value >= r.rank[i]) {
			r.held[i], r.rank[i], r.holders[i] = true, o.Value, o.Node
		}
	}
}

// holder returns who holds a role; ok is false if nobody ever did.
func (r *roles) holder(name string) (id protocols.NodeID, ok bool) {
	i := slices.Index(r.names, name)
	if i < 0 {
		return 0, false
	}
	return r.holders[i], r.held[i]
}
