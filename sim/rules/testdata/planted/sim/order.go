package sim

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
)

type table map[string]int

type anyMap interface{ ~map[string]int }

func walks(m map[string]int, t table) (n int) {
	for range m { // want map
		n++
	}
	for _, v := range t { // want map
		n += v
	}
	for k := range maps.Keys(m) { // want map
		n += len(k)
	}
	maps.DeleteFunc(m, func(string, int) bool { return true })                 // want map
	keys := slices.Collect(maps.Keys(m))                                       // want map
	keys = slices.SortedFunc(maps.Keys(m), func(a, b string) int { return 0 }) // want map
	_ = reflect.ValueOf(m).MapKeys()                                           // want map
	return n + len(keys)
}

func walksGeneric[M anyMap](m M) (n int) {
	for range m { // want map
		n++
	}
	return n
}

// walksSorted is right.
func walksSorted(m map[string]int, s []string) (n int) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		n += m[k]
	}
	for i := range s {
		n += i
	}
	for i := range 3 {
		n += i
	}
	slices.SortFunc(s, cmp.Compare[string])
	delete(m, "a")
	clear(m)
	return n + len(m)
}
