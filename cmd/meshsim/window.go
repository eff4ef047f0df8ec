package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshsim/protocols"
	"meshsim/scenarios"
	"meshsim/scenarios/strict"
)

// A window is a part of a run: some time, and some nodes.
type window struct {
	from, to string
	selector string
}

func (w *window) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&w.from, "from", "", "begin at this simulated `TIME`, as in --from 5s")
	f.StringVar(&w.to, "to", "", "end before this simulated `TIME`, as in --to 5200ms")
	f.StringVar(&w.selector, "nodes", "", "only these `NODES`, as in --nodes core-0,edge-3..edge-9 or --nodes zone:eu; all if left out")
}

// times reads when the window begins and ends. whole says that the end of the run
// belongs to it unless another end was asked for.
func (w *window) times(s *scenarios.Scenario, whole bool) (from, to protocols.Time, err error) {
	end := s.Run.Duration
	begin, until := time.Duration(0), end
	if w.from != "" {
		if begin, err = strict.ParseDuration(w.from); err != nil {
			return 0, 0, usage("--from: %w", err)
		}
	}
	if w.to != "" {
		if until, err = strict.ParseDuration(w.to); err != nil {
			return 0, 0, usage("--to: %w", err)
		}
	}
	switch {
	case begin < 0:
		return 0, 0, usage("--from: %v is before the run begins, at 0s", begin)
	case begin >= end:
		return 0, 0, usage("--from: %v is not before the end of the run, at %v", begin, strict.FormatDuration(end))
	case until > end:
		return 0, 0, usage("--to: %v is past the end of the run; write --to %s, or leave it out", until, strict.FormatDuration(end))
	case until <= begin:
		return 0, 0, usage("the window is empty: --to %v is not after --from %v", until, begin)
	}
	to = protocols.Time(until)
	if whole && w.to == "" {
		to++
	}
	return protocols.Time(begin), to, nil
}

// nodes reads the selector; nil means all. most is how many what can take, 0 any
// number.
func (w *window) nodes(s *scenarios.Scenario, what string, most int) ([]protocols.NodeID, error) {
	selectors := list(w.selector)
	if selectors == nil {
		selectors = []string{"all"}
	}
	ids, err := s.Select(selectors)
	if err != nil {
		return nil, usage("--nodes: %w", err)
	}
	if most > 0 && len(ids) > most {
		how := "choose some with"
		if w.selector != "" {
			how = "choose fewer, as in"
		}
		return nil, usage("%s takes at most %d nodes, not %d; %s --nodes %s", what, most, len(ids), how, s.Example(min(most, 10)))
	}
	if w.selector == "" && most == 0 {
		return nil, nil
	}
	return ids, nil
}

// parseSpan reads FROM..TO.
func parseSpan(text string) (w window, err error) {
	from, to, ok := strings.Cut(text, "..")
	if !ok || from == "" || to == "" {
		return w, fmt.Errorf("%q is no window; write FROM..TO, as in 5s..5200ms", text)
	}
	return window{from: from, to: to}, nil
}
