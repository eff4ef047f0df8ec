package linear

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// failure is a history that nothing explains: the last operation is the first
// that has no place in any order of those before.
type failure struct {
	from []start
	list []*Operation
}

// fail closes a key whose segment nothing explains, and says why.
func (c *Checker) fail(key uint64, r *register) string {
	open := slices.Clone(r.open)
	slices.SortFunc(open, func(a, b *Operation) int {
		return cmp.Or(cmp.Compare(a.Return, b.Return), cmp.Compare(a.Call, b.Call),
			cmp.Compare(a.Client, b.Client), cmp.Compare(a.Sequence, b.Sequence))
	})
	// The shortest beginning of the history that is not explained, whose other
	// operations have not returned yet.
	low, high := 1, len(open)
	for low < high {
		middle := (low + high) / 2
		if r.explains(open[:middle], unreturned(open[middle:], r.limbo), &c.search) == violated {
			high = middle
		} else {
			low = middle + 1
		}
	}
	list, _ := required(open[:low], unreturned(open[low:], r.limbo))
	f := &failure{r.starts, list}
	if c.view == nil {
		c.view = f
	}
	r.closed, r.open, r.limbo = true, nil, nil
	return f.text(key, open[low-1])
}

// unreturned are operations in limbo: some that are, and some that were at an
// earlier time.
func unreturned(later, limbo []*Operation) []*Operation {
	list := slices.Clone(limbo)
	for _, o := range later {
		u := *o
		u.Outcome, u.Return, u.Result = Unknown, forever, 0
		if _, writes := u.leaves(); writes {
			list = append(list, &u)
		}
	}
	return list
}

// shown is how many operations a text tells of.
const shown = 6

// text tells of the operation without a place and of those that it disagrees with.
func (f *failure) text(key uint64, last *Operation) string {
	var lines []string
	for i := len(f.list) - 1; i >= 0 && len(lines) < shown; i-- {
		o := f.list[i]
		if v, _ := last.sees(); o != last && (len(lines) < shown-1 || o.Value == v) {
			lines = append(lines, o.String())
		}
	}
	slices.Reverse(lines)
	s := fmt.Sprintf("key %d: %v has no place in any order", key, last)
	if len(lines) > 0 {
		s += " after " + strings.Join(lines, "; ")
	}
	return s
}

// View draws the first history that nothing explains as an HTML page; nil if
// there is none. Times are in nanoseconds.
func (c *Checker) View() []byte {
	if c.view == nil {
		return nil
	}
	from := c.view.from[0].value
	s := search{steps: maxSteps}
	model := s.model(from)
	history := entries(c.view.list)
	for i, lane := range lanes(c.view.list) {
		history[i].ClientId = lane
		history[i].Return = min(history[i].Return, after(c.view.list))
		history[i].Metadata = c.view.list[i].String()
	}
	_, info := porcupine.CheckOperationsVerbose(model, history, 0)
	s.steps = maxSteps // the page is made by stepping, too
	var b bytes.Buffer
	if err := porcupine.Visualize(model, info, &b); err != nil {
		return nil
	}
	return b.Bytes()
}

// lanes gives each operation a line of the picture on which nothing else is
// under way: those of one node are together.
func lanes(list []*Operation) []int {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := list[a], list[b]
		return cmp.Or(cmp.Compare(x.Client, y.Client), cmp.Compare(x.Call, y.Call), cmp.Compare(a, b))
	})
	lane, out := make([]int, len(list)), []*Operation(nil)
	begin := 0 // of the node's lanes
	for k, i := range order {
		if k > 0 && list[order[k-1]].Client != list[i].Client {
			begin = len(out)
		}
		at := begin
		for at < len(out) && out[at].Return >= list[i].Call {
			at++
		}
		if at == len(out) {
			out = append(out, nil)
		}
		lane[i], out[at] = at, list[i]
	}
	return lane
}
