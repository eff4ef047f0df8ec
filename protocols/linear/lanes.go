package linear

import (
	"cmp"
	"slices"

	"meshsim/protocols"
)

// end is an instant after all operations.
func (f *failure) end() protocols.Time {
	last := protocols.Time(0)
	for _, o := range f.list {
		if last = max(last, o.Call); o.Return != forever {
			last = max(last, o.Return)
		}
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
		return cmp.Or(cmp.Compare(x.Client, y.Client), cmp.Compare(x.Call, y.Call), cmp.Compare(a, b))
	})
	lane, last := make([]int, len(f.list)), []*Operation(nil)
	first := 0 // line of the node
	for k, i := range order {
		if k > 0 && f.list[order[k-1]].Client != f.list[i].Client {
			first = len(last)
		}
		at := first
		for at < len(last) && last[at].Return >= f.list[i].Call {
			at++
		}
		if at == len(last) {
			last = append(last, nil)
		}
		lane[i], last[at] = at, f.list[i]
	}
	return lane
}
