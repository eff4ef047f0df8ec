package linear

import (
	"cmp"
	"slices"
)

// end is the place of an operation's return, behind all others if it has none.
func (f *failure) end(o *Operation) uint64 {
	if o.end != 0 {
		return o.end
	}
	last := uint64(0)
	for _, x := range f.list {
		last = max(last, x.begin, x.end)
	}
	return last + 1
}

// lanes gives each operation a line of the picture; those of one node are together.
func (f *failure) lanes() []int {
	order := make([]int, len(f.list))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := f.list[a], f.list[b]
		return cmp.Or(cmp.Compare(x.Client, y.Client), cmp.Compare(x.begin, y.begin))
	})
	lane, last := make([]int, len(f.list)), []*Operation(nil)
	first := 0 // line of the node
	for k, i := range order {
		if k > 0 && f.list[order[k-1]].Client != f.list[i].Client {
			first = len(last)
		}
		at := first
		for at < len(last) && f.end(last[at]) >= f.list[i].begin {
			at++
		}
		if at == len(last) {
			last = append(last, nil)
		}
		lane[i], last[at] = at, f.list[i]
	}
	return lane
}
