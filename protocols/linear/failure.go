package linear

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// failure is a history that nothing explains: the last operation has no place in
// any order of those before.
type failure struct {
	from uint64
	list []*Operation
	cut  bool // the beginning is missing
}

// fail closes a key with an operation that has no place, and says so. Porcupine
// is asked, too: if it finds an order, or has seen too little, one of the two is
// wrong, and the key is undecided.
func (c *Checker) fail(key uint64, r *register, misfit *Operation) string {
	s := &r.sweep
	f := failure{s.base, append(slices.Clone(s.recent), misfit), s.cut}
	unknown := slices.Clone(s.limbo)
	for _, o := range s.active {
		if o != nil && o != misfit {
			unknown = append(unknown, o)
		}
	}
	f.list = append(f.list, happened(f.list, unknown)...)
	*r = register{closed: true}
	if !f.cut && f.confirm() == explained {
		c.undecided = fmt.Sprintf("key %d: two searches disagree on %v", key, misfit)
		return ""
	}
	if c.view == nil {
		c.view = &f
	}
	return f.text(key, misfit)
}

// happened are those of the operations without a known return that must have
// taken effect, since somebody saw what they wrote; and all deletes.
func happened(list, unknown []*Operation) (more []*Operation) {
	seen := map[uint64]bool{}
	for _, o := range list {
		if v, ok := o.needs(); ok {
			seen[v] = true
		}
	}
	for again := true; again; {
		again = false
		unknown = slices.DeleteFunc(unknown, func(o *Operation) bool {
			v, writes := o.leaves()
			if !writes || !seen[v] {
				return false
			}
			x := o.happened()
			if n, ok := x.needs(); ok {
				seen[n] = true
			}
			more, again = append(more, x), true
			return true
		})
	}
	return more
}

// shown is how many operations a text tells of.
const shown = 6

// text tells of the operation without a place and of those before.
func (f *failure) text(key uint64, misfit *Operation) string {
	var lines []string
	v, sees := misfit.sees()
	for i := len(f.list) - 1; i >= 0 && len(lines) < shown; i-- {
		o := f.list[i]
		if o != misfit && (len(lines) < shown-1 || sees && o.Value == v) {
			lines = append(lines, o.String())
		}
	}
	slices.Reverse(lines)
	s := fmt.Sprintf("key %d: %v has no place in any order", key, misfit)
	if len(lines) > 0 {
		s += " after " + strings.Join(lines, "; ")
	}
	return s
}

// confirmSteps bounds Porcupine's search: a tenth of a second.
const confirmSteps = 200_000

// model is the specification of a key in Porcupine's form. When the steps are used
// up nothing can happen any more, which ends the search.
func (f *failure) model(steps *int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return f.from },
		Step: func(state, input, _ any) (bool, any) {
			if *steps--; *steps <= 0 {
				return false, state
			}
			next, ok := input.(*Operation).step(state.(uint64))
			return ok, next
		},
		Hash:              func(state any) uint64 { return state.(uint64) },
		DescribeOperation: func(input, _ any) string { return input.(*Operation).describe() },
		DescribeState:     func(state any) string { return name(state.(uint64)) },
	}
}

// confirm looks for an order with Porcupine.
func (f *failure) confirm() verdict {
	steps := confirmSteps
	switch ok := porcupine.CheckOperations(f.model(&steps), f.history()); {
	case ok:
		return explained
	case steps <= 0:
		return exhausted
	}
	return violated
}

// history is the list in Porcupine's form, each operation on a line of the
// picture on which nothing else is under way.
func (f *failure) history() []porcupine.Operation {
	history := make([]porcupine.Operation, len(f.list))
	lanes := f.lanes()
	for i, o := range f.list {
		history[i] = porcupine.Operation{ClientId: lanes[i], Input: o, Call: int64(o.begin), Return: int64(f.end(o)), Metadata: o.String()}
	}
	return history
}

// View draws the first history that nothing explains as an HTML page; nil if
// there is none.
func (c *Checker) View() []byte {
	if c.view == nil {
		return nil
	}
	steps := confirmSteps
	model := c.view.model(&steps)
	_, info := porcupine.CheckOperationsVerbose(model, c.view.history(), 0)
	steps = confirmSteps // the page is made by stepping, too
	var b bytes.Buffer
	if err := porcupine.Visualize(model, info, &b); err != nil {
		return nil
	}
	return b.Bytes()
}
