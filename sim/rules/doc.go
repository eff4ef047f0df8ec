// Package rules holds the project's rules as tests of its source; it has no
// code of its own.
//
//   - Determinism: what a protocol or the kernel must not do, because the same
//     scenario would then give other bytes on another day, machine or number of
//     workers: walk a map, start a goroutine, read the clock, draw from a shared
//     source, compute an event in floating point.
//   - Imports run one way, from the command down to the contract.
//   - Style: short files and functions, documented exports, gofmt.
//   - The repository speaks of the product alone.
//
// A finding names file and line and says what to write instead. The few places
// that must break a rule are listed with their reason in house_test.go; the
// list is read with the rules, so a reviewer sees each new entry.
//
// Each rule is proven by sources under testdata/planted that break it: a line
// that ends in a "want" comment must be reported, all others must not. They are
// checked as if they were a repository of their own.
//
// Design notes:
//   - The rules read types, not only syntax, since whether "for k := range x"
//     walks a map is a matter of type. Packages are type-checked from source with
//     the standard library's own tools; rejected: golang.org/x/tools/go/packages,
//     a dependency for what a hundred lines do.
//   - Each file is checked on a platform that builds it, so an arm64 file is not
//     left out on an amd64 machine.
package rules
