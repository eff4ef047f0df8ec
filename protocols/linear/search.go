package linear

import (
	"github.com/anishathalye/porcupine"

	"meshsim/protocols/kv"
)

// Limits of a search.
const (
	maxSteps  = 2_000_000   // of one segment: some tenths of a second
	maxMemory = 256 << 20   // of one segment, in bytes
	maxTotal  = 100_000_000 // steps of a run
)

// verdict is what a search found.
type verdict uint8

const (
	explained verdict = iota // there is an order
	violated                 // there is none
	exhausted                // the budget did not last
)

// search looks for an order in which operations can have happened, one after the
// other, from one value of the key to another.
type search struct {
	steps int // left for this segment
	total int // left for the run
}

// run looks for an order of the operations that begins with a value. With ends,
// the last value is that. A step costs some 200 ns.
func (s *search) run(list []*Operation, from uint64, ends bool, to uint64) verdict {
	s.steps = min(maxSteps, maxMemory/(128+len(list)/8), s.total)
	history := entries(list)
	if ends {
		history = append(history, porcupine.Operation{
			Input: &Operation{Op: kv.Get, Outcome: Done, Result: to}, Call: after(list), Return: after(list)})
	}
	budget := s.steps
	ok := porcupine.CheckOperations(s.model(from), history)
	s.total -= budget - max(s.steps, 0)
	switch {
	case ok:
		return explained
	case s.steps <= 0:
		return exhausted
	}
	return violated
}

// model is the specification of a key that has a value at first. When the budget
// is used up nothing can happen any more, which ends the search.
func (s *search) model(from uint64) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return from },
		Step: func(state, input, _ any) (bool, any) {
			if s.steps--; s.steps <= 0 {
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

// entries is the history in Porcupine's form.
func entries(list []*Operation) []porcupine.Operation {
	history := make([]porcupine.Operation, len(list), len(list)+1)
	for i, o := range list {
		history[i] = porcupine.Operation{Input: o, Call: int64(o.Call), Return: int64(o.Return)}
	}
	return history
}

// after is an instant after all operations; those that did not return are
// taken to have done so by then.
func after(list []*Operation) int64 {
	last := int64(0)
	for _, o := range list {
		last = max(last, int64(o.Call))
		if o.Return != forever {
			last = max(last, int64(o.Return))
		}
	}
	return last + 1
}
