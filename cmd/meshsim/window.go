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
	names    *windowNames // of its flags; nil: those of export
}

// windowNames are how messages call the ends and the nodes of a window.
type windowNames struct{ from, to, nodes string }

// called are the names of its flags.
func (w *window) called() windowNames {
	if w.names != nil {
		return *w.names
	}
	return windowNames{"--from", "--to", "--nodes"}
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
	end, called := s.Run.Duration, w.called()
	begin, until := time.Duration(0), end
	if w.from != "" {
		if begin, err = strict.ParseDuration(w.from); err != nil {
			return 0, 0, usage("%s: %w", called.from, err)
		}
	}
	if w.to != "" {
		if until, err = strict.ParseDuration(w.to); err != nil {
			return 0, 0, usage("%s: %w", called.to, err)
		}
	}
	switch {
	case begin < 0:
		return 0, 0, usage("%s: %v is before the run begins, at 0s", called.from, begin)
	case begin >= end:
		return 0, 0, usage("%s: %v is not before the end of the run, at %v", called.from, begin, strict.FormatDuration(end))
	case until > end:
		return 0, 0, usage("%s: %v is past the end of the run, at %s", called.to, until, strict.FormatDuration(end))
	case until <= begin:
		return 0, 0, usage("%s: the window is empty: %v is not after %v", called.to, until, begin)
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
	selectors := commaList(w.selector)
	if selectors == nil {
		selectors = []string{"all"}
	}
	ids, err := s.Select(selectors)
	if err != nil {
		return nil, usage("%s: %w", w.called().nodes, err)
	}
	if most > 0 && len(ids) > most {
		how := "choose some with"
		if w.selector != "" {
			how = "choose fewer, as in"
		}
		return nil, usage("%s takes at most %d nodes, not %d; %s %s %s", what, most, len(ids), how, w.called().nodes, s.Example(min(most, 10)))
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
	return window{from: from, to: to, names: &windowNames{"--diagram", "--diagram", "--diagram-nodes"}}, nil
}
