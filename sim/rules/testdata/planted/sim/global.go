package sim

import "meshsim/protocols"

// Total is shared by all runs.
var Total struct{ counts [4]int }

var cache = map[int]int{}

var last *int

func globals(i int) {
	Total.counts[i]++     // want global
	cache[i] = i          // want global
	(*last) = 3           // want global
	protocols.Default = i // want global
	for i = range 3 {
	}
	own := cache
	own = nil
	_ = own
}
