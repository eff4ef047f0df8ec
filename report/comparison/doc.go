// Package comparison says which of several sides is better, by how much, and at
// what cost. A side is the runs of one point of a sweep, or of one scenario; it
// knows numbers alone.
//
// Runs are paired: replication i of a side has the same seed, and so the same
// randomness, as replication i of its base. [New] makes the comparisons, with the
// methods of package stats: the difference and its interval, the share of the runs
// won, p-values adjusted by Holm over all that stand in the table, and a verdict.
// [Table] is written as text, JSON, CSV, Markdown, and in the format that
// benchstat reads.
package comparison
